"""`python -m benchmarks.rollback`: what a round of speculation takes, by how rows are rolled back.

A round is a pass of a draft and one more token for every row, of which a random number is kept;
the two ways of `rolled_cache` take turns with the same tokens.  Prints a table and writes JSON.
Invariant: both ways have kept the same tokens before every round.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
import orjson

from benchmarks.run import machine, positive
from benchmarks.tables import TextTable
from workers.settings.config import DEFAULT_MODEL

if TYPE_CHECKING:
    from benchmarks.rolled_cache import Rows
    from workers.generation.model.load import LoadedModel

ROWS, CONTEXTS = (1, 4, 8, 16), (200, 800)
_WARM_UP = 2  # rounds before those that count


@dataclass(frozen=True)
class Cell:
    """Seconds of each round, by turns, of so many rows with so many tokens of context."""

    rows: int
    context: int
    holes: list[float]
    rolled: list[float]

    @property
    def times(self) -> float:
        """How many times as long rolling took, over all rounds: rare moves of rows count."""
        return sum(self.rolled) / sum(self.holes)


def measure(
    loaded: LoadedModel, rows: int, context: int, draft: int, rounds: int, seed: int
) -> Cell:
    """Time both ways; the first to go changes from round to round."""
    from benchmarks.rolled_cache import HoledRows, RolledRows, prefilled

    random = np.random.default_rng(seed)
    prompt: list[int] = random.integers(100, 500, context).tolist()
    prompts = [prefilled(loaded.model, prompt)] * rows
    ways: list[Rows] = [HoledRows(loaded, prompts), RolledRows(loaded.model, prompts)]
    taken: list[list[float]] = [[], []]
    for number in range(_WARM_UP + rounds):
        new = random.integers(100, 500, (rows, draft + 1)).tolist()
        kept = random.integers(1, draft + 2, rows).tolist()
        for way in (0, 1) if number % 2 else (1, 0):
            taken[way].append(_round(ways[way], new, kept))
    return Cell(rows, context, taken[0][_WARM_UP:], taken[1][_WARM_UP:])


def _round(way: Rows, new: Sequence[Sequence[int]], kept: Sequence[int]) -> float:
    """Seconds from the pass to a cache that is ready for the next one."""
    import mlx.core as mx

    begun = time.perf_counter()
    mx.eval(way.logits(new))
    way.keep(kept)
    mx.eval(way.arrays())
    return time.perf_counter() - begun


def table(cells: Sequence[Cell], draft: int) -> TextTable:
    """Median and spread of both ways, and how they compare."""
    lines = [
        [str(cell.rows), str(cell.context), *_spread(cell.holes), *_spread(cell.rolled)]
        + [f"{cell.times:.2f}"]
        for cell in cells
    ]
    columns = ["rows", "context", "holes ms", "lowest to highest", "rolled ms"]
    columns += ["lowest to highest", "rolled / holes"]
    return TextTable(f"a round of {draft} drafted tokens and one more a row", columns, lines)


def _spread(seconds: Sequence[float]) -> list[str]:
    low, middle, high = (1000 * f(seconds) for f in (min, median, max))
    return [f"{middle:.0f}", f"{low:.0f} to {high:.0f}"]


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Flags."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rollback", description=__doc__)
    parser.add_argument("--model", default=DEFAULT_MODEL, metavar="ID|PATH")
    for flag, default in (("--rows", ROWS), ("--contexts", CONTEXTS)):
        parser.add_argument(flag, metavar="LIST", default=",".join(map(str, default)))
    parser.add_argument("--draft", type=int, default=4, metavar="K", help="tokens (default 4)")
    parser.add_argument("--rounds", type=int, default=30, metavar="N", help="(default 30)")
    parser.add_argument("--seed", type=int, default=0, metavar="S")
    parser.add_argument("-o", "--output", type=Path, default=Path("build/rollback.json"))
    options = parser.parse_args(arguments)
    try:
        for name in ("rows", "contexts"):
            setattr(options, name, [positive(part) for part in getattr(options, name).split(",")])
        positive(str(options.draft)), positive(str(options.rounds))
    except ValueError as error:
        parser.error(str(error))
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    options = parse(arguments)
    from workers.generation import linux_cpu

    linux_cpu.prepare()  # before mlx comes in
    from workers.generation.model.load import load
    from workers.model_store import resolve

    loaded, cells = load(resolve(options.model)), []
    for context in options.contexts:
        for rows in options.rows:
            print(f"{rows} rows, {context} tokens of context", file=sys.stderr, flush=True)
            found = measure(loaded, rows, context, options.draft, options.rounds, options.seed)
            cells.append(found)
    print(table(cells, options.draft).text())
    options.output.parent.mkdir(parents=True, exist_ok=True)
    made = {"machine": machine(), "draft": options.draft, "cells": list(map(asdict, cells))}
    options.output.write_bytes(orjson.dumps(made, option=orjson.OPT_INDENT_2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
