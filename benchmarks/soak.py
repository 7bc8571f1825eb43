"""`python -m benchmarks.soak`: whether a process that answers record after record keeps its memory.

Short requests, half of them under a schema, go through one engine with drafts on; the process's
memory is read after every hundred.  Knows the engine's front door.  Exit status 1: it holds over a
tenth more at the end than after the first hundred.  Invariant: no text comes twice.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import psutil

from benchmarks.run import machine, positive
from benchmarks.tables import TextTable
from stages.base import Prompt, UnusableAnswer
from workers.settings.config import DEFAULT_MODEL

if TYPE_CHECKING:
    from workers.generation.batched import BatchedMLXGenerator

EVERY, MOST_GROWTH = 100, 1.10
ASK = Prompt(
    system="You answer questions about events.",
    user="Event: {text}\n\nWhat should be done?",
)
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"risk": {"enum": ["low", "medium", "high"]}, "note": {"type": "string"}},
    "required": ["risk", "note"],
    "additionalProperties": False,
}
_WHAT = ("a login failed", "a file was sent out", "a port was scanned", "a key was changed")


@dataclass(frozen=True)
class MemorySample:
    """After so many records: the process's memory, and seconds since the first."""

    records: int
    resident_mb: int
    seconds: float


def text(number: int) -> str:
    """What happened in a record."""
    return f"host {number * 7919 % 65_521} says that {_WHAT[number % len(_WHAT)]} {number} times"


async def soak(generator: BatchedMLXGenerator, records: int, rows: int) -> list[MemorySample]:
    """Answer so many records, so many at a time."""
    begun, found = time.monotonic(), []
    left, ahead = iter(range(records)), asyncio.Semaphore(rows)
    model = generator.for_stage("soak")

    async def answered(number: int) -> None:
        async with ahead:
            with suppress(UnusableAnswer):  # few tokens may not do for one under the schema
                await model.generate(ASK.fill(text=text(number)), SCHEMA if number % 2 else None)

    async with generator:
        while some := list(islice(left, EVERY)):
            await asyncio.gather(*map(answered, some))
            resident = psutil.Process().memory_info().rss >> 20
            found.append(MemorySample(some[-1] + 1, resident, time.monotonic() - begun))
            print(found[-1], file=sys.stderr, flush=True)
    return found


def table(readings: Sequence[MemorySample]) -> TextTable:
    """A line for every hundred records."""
    first = readings[0].resident_mb
    rows = [
        [str(r.records), str(r.resident_mb), f"{r.resident_mb / first:.2f}", f"{r.seconds:.0f}"]
        for r in readings
    ]
    return TextTable("Memory of one process", ["records", "MB", "of the first", "seconds"], rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns the exit status."""
    options = _parser().parse_args(arguments)
    from workers.generation import linux_cpu

    linux_cpu.prepare()  # before mlx comes in
    from workers.generation.build import build_generator
    from workers.generation.model.load import load
    from workers.generation.settings import GenerationSettings
    from workers.model_store import resolve

    settings = GenerationSettings(batch_size=options.rows, max_tokens=options.tokens)
    generator = build_generator(load(resolve(options.model)), settings)
    found = asyncio.run(soak(generator, options.records, options.rows))
    print(table(found).text())
    options.output.parent.mkdir(parents=True, exist_ok=True)
    made = {"machine": machine(), "model": options.model, "readings": list(map(asdict, found))}
    options.output.write_bytes(orjson.dumps(made, option=orjson.OPT_INDENT_2))
    return 1 if found[-1].resident_mb > MOST_GROWTH * found[0].resident_mb else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--model", default=DEFAULT_MODEL, metavar="ID|PATH")
    parser.add_argument("--records", type=positive, default=1000, metavar="N", help="(1000)")
    parser.add_argument("--rows", type=positive, default=16, metavar="N", help="(16)")
    parser.add_argument("--tokens", type=positive, default=16, metavar="N", help="(16)")
    parser.add_argument("-o", "--output", type=Path, default=Path("build/soak.json"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
