"""What looking for duplicates and assembling cost, by the number of records and pairs.

Records and pairs are made up, a tenth of them repeats, and worked on by a process of its own that
is pinned to one core.  Invariant: what is measured is what a run and the command do.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from benchmarks.tables import TextTable
from stages.gates.gates import GATES
from stages.gates.quality import digest_of

_PINNED = """
import os, resource, sys, time
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
source, folder = sys.argv[1:]
begun, cpu = time.perf_counter(), time.process_time()
"""
_ENDED = """
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
peak_mb = peak / 2**20 if sys.platform == "darwin" else peak / 2**10
print(gone, time.perf_counter() - begun, time.process_time() - cpu, peak_mb)
"""
_LOOK = """
from pathlib import Path
from stages.sources.document import AUTOMATIC
from workers.run.input_files import inspect_inputs
from workers.run.repeats import Search, look
for _ in look(Search(inspect_inputs([source]), AUTOMATIC, 0.9), Path(folder)):
    pass
with open(folder + "/duplicates.jsonl", "rb") as file:
    gone = sum(1 for _ in file)
"""
_ASSEMBLE = """
from workers.cli.assembly import assemble_dataset
from workers.cli.assembly_flags import assembly_parser
sys.stdout = sys.stderr
assemble_dataset(assembly_parser().parse_args([source, "-o", folder + "/dataset"]))
sys.stdout = sys.__stdout__
with open(folder + "/dataset/removed.jsonl", "rb") as file:
    gone = sum(1 for _ in file)
"""
_REPEATED = 10  # every tenth repeats an earlier one
_VOCABULARY = [
    f"{left}{right}"
    for left in ("over", "under", "cross", "inter", "multi", "pre", "sub", "micro", "hyper", "auto")
    for right in (
        "flow write read load map pass lock route parse cache sign queue frame field block token"
        " cast link page stream"
    ).split()
]


@dataclass(frozen=True)
class Cost:
    """What one size took: items in, items gone, and the process's time and memory."""

    items: int
    gone: int
    seconds: float
    cpu_seconds: float
    peak_mb: float


def words(draw: random.Random, count: int) -> str:
    return " ".join(draw.choices(_VOCABULARY, k=count))


def record(number: int) -> dict[str, Any]:
    """A short record; some repeat an earlier one, half of those with a word changed."""
    if _repeats(number):
        earlier = record(number - number % _REPEATED)["text"]
        changed = earlier.replace("attacker", "intruder", 1) if number % 20 == 19 else earlier
        return {"id": number, "text": changed}
    draw = random.Random(number)
    text = f"The {words(draw, 12)} component lets an attacker {words(draw, 14)} it remotely."
    return {"id": number, "text": text}


def pair(number: int) -> dict[str, Any]:
    """A pair about such a record, as the stages write it."""
    said = record(number)
    about = number - number % _REPEATED if _repeats(number) else number
    end = said["text"].rfind(" it remotely") + len(" it remotely")
    asked = f"What is known about case {about}?"
    return {
        "instruction": asked,
        "response": said["text"],
        "type": "explanation",
        "source_data": {
            "kind": "vulnerability" if number % 3 else "weakness",
            "id": "", "name": f"case {about}", "source": f"feed {number % 7}", "url": "",
            "text": said["text"],
        },
        "primary_domain": _VOCABULARY[number % 12],
        "quality": {"written_by": "record", "grounded": 1.0, "verbatim": 1.0,
                    "spans": [[0, end]], "checks": list(GATES),
                    "digest": digest_of(asked, said["text"], said["text"])},
    }  # fmt: skip


def _repeats(number: int) -> bool:
    return number % _REPEATED == _REPEATED - 1


def measure(items: int, make: Any, work: str, folder: Path) -> Cost:
    """Make so many, work on them in a process, and take all away again."""
    source, target = folder / "in.jsonl", folder / "out"
    target.mkdir()
    with source.open("wb") as file:
        file.writelines(orjson.dumps(make(number)) + b"\n" for number in range(items))
    ended = subprocess.run(
        [sys.executable, "-c", _PINNED + work + _ENDED, str(source), str(target)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    gone, seconds, cpu, peak = map(float, ended.stdout.split())
    source.unlink()
    shutil.rmtree(target)
    return Cost(items, int(gone), seconds, cpu, peak)


def tables(sizes: list[int], folder: Path) -> Iterator[TextTable]:
    """One table for the look through a run's input, and one for assembling."""
    columns = ["items", "gone", "seconds", "CPU seconds", "CPU, us each", "peak memory, MB"]
    kinds = (
        ("Looking for duplicates among short records, one core", record, _LOOK),
        ("Assembling pairs, one core", pair, _ASSEMBLE),
    )
    for title, make, work in kinds:
        costs = [measure(size, make, work, folder) for size in sizes]
        yield TextTable(title, columns, [_cells(cost) for cost in costs])


def _cells(cost: Cost) -> list[str]:
    return [
        f"{cost.items:,}",
        f"{cost.gone:,}",
        f"{cost.seconds:.1f}",
        f"{cost.cpu_seconds:.1f}",
        f"{1e6 * cost.cpu_seconds / cost.items:.0f}",
        f"{cost.peak_mb:.0f}",
    ]
