"""`python -m benchmarks.start`: what a run takes before and between the work.

Runs coordinator.py as a user would: once with an empty cache but for the model, to see when the
first outcome is there, and then for several numbers of records, to see how long workers wait.
Knows a run's files and logs.  Prints a table.  Invariant: nothing of the user's cache is changed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from benchmarks.run import machine, positive
from benchmarks.tables import TextTable
from benchmarks.work import records
from workers.metrics.metric_kinds import PhaseTimes
from workers.model_store import resolve
from workers.models import gemma3_270m
from workers.performance_logger import read_metrics
from workers.settings.config import DEFAULT_MODEL

_PROJECT = Path(__file__).resolve().parents[1]
_LOOK_S = 0.05
_WAITING, _LOADING = "wait", "load"


@dataclass(frozen=True)
class Start:
    """One run: when its first outcome was there, and where its workers' time went, in seconds."""

    records: int
    first_s: float
    seconds: float
    phases: Mapping[str, float]

    def share(self, phase: str) -> float:
        """Of the workers' time, from their start to their end."""
        return self.phases.get(phase, 0.0) / (sum(self.phases.values()) or 1.0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.start", description=__doc__)
    parser.add_argument("--records", type=positive, nargs="+", default=[24, 48, 100, 220])
    parser.add_argument("--workers", type=positive, default=2)
    parser.add_argument("--model", default=DEFAULT_MODEL)
    flags = parser.parse_args(arguments)
    print(
        ", ".join(f"{name} {value}" for name, value in {**machine(), "model": flags.model}.items())
    )
    with tempfile.TemporaryDirectory(prefix="start-") as folder:
        cache = Path(folder) / "cache"
        if flags.model in (DEFAULT_MODEL, gemma3_270m.NAME):  # which are looked for in the cache
            model = resolve(flags.model)
            shutil.copytree(model, cache / model.name)
        rows = []
        for name, count in [("empty", flags.records[0]), *(("filled", n) for n in flags.records)]:
            one = _run(Path(folder) / f"{name}-{count}", count, flags, cache)
            rows.append([name, *_cells(one)])
    columns = ["cache", "records", "first outcome s", "run s", "loading", "waiting"]
    print(TextTable(f"{flags.workers} workers", columns, rows).text())
    return 0


def _cells(one: Start) -> list[str]:
    shares = [f"{one.share(phase):.0%}" for phase in (_LOADING, _WAITING)]
    return [str(one.records), f"{one.first_s:.1f}", f"{one.seconds:.1f}", *shares]


def _run(folder: Path, count: int, flags: argparse.Namespace, cache: Path) -> Start:
    folder.mkdir()
    source = folder / "in.jsonl"
    source.write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in records(count, 0)))
    command = [sys.executable, str(_PROJECT / "coordinator.py"), "run", "-i", str(source)]
    command += ["--run", "start", "--workers", str(flags.workers), "--model", flags.model]
    places = {"CYBERLLM_QUEUES": folder / "queues", "CYBERLLM_LOGS": folder / "logs"}
    environ = {name: str(path) for name, path in {**places, "CYBERLLM_CACHE_DIR": cache}.items()}
    begun = time.monotonic()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env={**os.environ, **environ}, stdout=log, stderr=log)
        first = _first_outcome(process, folder / "queues" / "start") - begun
        status = process.wait()
    if status:
        raise RuntimeError(f"the run ended with {status}: {(folder / 'log').read_text()[-500:]}")
    return Start(count, first, time.monotonic() - begun, _phases(folder / "logs" / "start"))


def _first_outcome(process: subprocess.Popen[bytes], run: Path) -> float:
    """Monotonic seconds at which a journal or a sealed chunk held an outcome; else the end."""
    while process.poll() is None:
        if any(run.glob("*/done/*.jsonl")) or any(map(_has_outcome, run.glob("*/claimed/*"))):
            break
        time.sleep(_LOOK_S)
    return time.monotonic()


def _has_outcome(path: Path) -> bool:
    try:
        return b'"outcome"' in path.read_bytes()
    except OSError:
        return False  # moved on meanwhile


def _phases(logs: Path) -> dict[str, float]:
    found: Counter[str] = Counter()
    for line in read_metrics(logs):
        if isinstance(line.body, PhaseTimes):
            found.update(line.body.phases)
    return dict(found)


if __name__ == "__main__":
    sys.exit(main())
