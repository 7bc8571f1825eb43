"""Two workers at home against two machines of one worker process each, the same run by turns.

Records are counted while they get their outcomes, at home and away by the same files; the speed is
that from a tenth of them to nine tenths, so that neither start nor end is in it.

`python -m benchmarks.cluster --against-home`: a real scheduler over TLS and both machines on this
computer, each on one core; every round runs both ways, in turning order.  Knows the command line
and performance logs.  Invariant: every process started here is gone at the end.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import orjson

from examples.make_input import records
from tests.cluster_tools import Cluster
from workers.cluster_worker import QUIET
from workers.core.errors import JournalError
from workers.core.terminal import duration
from workers.metrics.metric_kinds import PhaseTimes
from workers.metrics.metric_lines import read_metrics
from workers.queue.journal import read_journal
from workers.queue.journal_entries import OutcomeRecorded

_PROJECT = Path(__file__).resolve().parents[1]
_MACHINES = ("alpha", "beta")
_LOOK_S = 0.5
_HEAD = ("round", "home, records/s", "away, records/s", "away / home", "away waited", "walls, s")


@dataclass(frozen=True)
class Went:
    """How a run went: outcomes a second from a tenth of them to nine tenths, the whole time, and
    the share of their time that workers waited for records."""

    records_per_s: float
    seconds: float
    waited: float


def add_flags(parser: argparse.ArgumentParser) -> None:
    """The flags of this comparison."""
    parser.add_argument("--against-home", action="store_true", help="machines against workers here")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="of both ways")
    parser.add_argument("--records", type=int, default=240, metavar="N", help="of a run")
    parser.add_argument("--model", default="smollm2-135m-instruct", help="of the runs")
    parser.add_argument("--stages", default="data_filter,domain_classifier", help="of the runs")


def compare(options: argparse.Namespace) -> None:
    """Measure, and print a table with the ratio and its spread."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="against-home-") as name:
        folder = Path(name)
        source = folder / "in.jsonl"
        lines = (orjson.dumps(record) + b"\n" for record in records(options.records, 0))
        source.write_bytes(b"".join(lines))
        given = ["run", "-i", str(source), "--model", options.model, "--stages", options.stages]
        _run(folder, "warm", [*given, "--limit", "16", "--workers", "2"])
        rounds = _rounds(folder, given, options.rounds)
    print("| " + " | ".join(_HEAD) + " |", "|" + " --- |" * len(_HEAD), sep="\n")
    for number, (home, away) in enumerate(rounds, 1):
        print(f"| {number} | " + " | ".join(_cells(home, away)) + " |")
    ratios = [away.records_per_s / home.records_per_s for home, away in rounds]
    spread = f"median {median(ratios):.3f}, from {min(ratios):.3f} to {max(ratios):.3f}"
    took = duration(time.monotonic() - begun)
    print(
        f"\naway / home: {spread}, {len(ratios)} rounds of {options.records} records; took {took}"
    )


def _rounds(folder: Path, given: Sequence[str], count: int) -> list[tuple[Went, Went]]:
    cluster, found = Cluster(folder / "cluster", environ=QUIET), []  # as the docs have it
    try:
        cluster.start_scheduler()
        for name in _MACHINES:
            cluster.start_machine(name, "--workers", "1", "--cores", "1")
        for number in range(count):
            ways = {"home": ["--workers", "2"], "away": ["--workers", "0", *cluster.flags]}
            order = sorted(ways, reverse=number % 2 == 0)
            went = {way: _run(folder, f"{way}{number}", [*given, *ways[way]]) for way in order}
            found.append((went["home"], went["away"]))
    finally:
        cluster.close()
    return found


def _run(folder: Path, name: str, given: Sequence[str]) -> Went:
    places = {"CYBERLLM_QUEUES": str(folder / "queues"), "CYBERLLM_LOGS": str(folder / "logs")}
    command = [sys.executable, str(_PROJECT / "coordinator.py"), *given, "--run", name]
    begun, outcomes = time.monotonic(), Outcomes(folder / "queues" / name)
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(command, env={**os.environ, **places}, stdout=log, stderr=log)
    while process.poll() is None:
        outcomes.look()
        time.sleep(_LOOK_S)
    if process.returncode not in (0, 3):
        said = (folder / f"{name}.log").read_text()[-500:]
        raise RuntimeError(f"{name} ended with {process.returncode}: {said}")
    seconds = time.monotonic() - begun
    return Went(outcomes.per_second(), seconds, _waited(folder / "logs" / name))


@dataclass
class Outcomes:
    """How many outcomes a run's queue folders have, of all stages, look by look."""

    run: Path
    _seen: list[tuple[float, int]] = field(default_factory=list)
    _sealed: dict[Path, int] = field(default_factory=dict)  # lines of each sealed chunk

    def look(self) -> None:
        """Count again; of a chunk that was sealed its journal counts no more."""
        for path in self.run.glob("*/done/*.jsonl"):
            if path not in self._sealed:
                self._sealed[path] = path.read_bytes().count(b"\n")
        sealed = {(path.parents[1], path.stem) for path in self._sealed}
        open_ones = (
            path
            for path in self.run.glob("*/claimed/*.journal")
            if (path.parents[1], path.name.partition(".")[0]) not in sealed
        )
        count = sum(self._sealed.values()) + sum(map(_journaled, open_ones))
        self._seen.append((time.monotonic(), count))

    def per_second(self) -> float:
        """From the look that first saw a tenth of all to the one that saw nine tenths."""
        most = max(count for _, count in self._seen)
        first = next(look for look in self._seen if look[1] >= 0.1 * most)
        last = next(look for look in self._seen if look[1] >= 0.9 * most)
        return (last[1] - first[1]) / max(0.1, last[0] - first[0])


def _journaled(path: Path) -> int:
    try:
        entries = read_journal(path).entries
    except (JournalError, OSError):  # it is being sealed
        return 0
    return sum(isinstance(entry, OutcomeRecorded) for entry in entries)


def _waited(logs: Path) -> float:
    """The share of their time that machines' workers waited for records."""
    # The bridge's own log is left out: it waits for machines.
    away = (x.body for x in read_metrics(logs) if x.worker.startswith(_MACHINES))
    spent = [body for body in away if isinstance(body, PhaseTimes)]
    whole = sum(one.seconds - one.phases.get("load", 0.0) for one in spent)
    waited = sum(one.phases.get("wait", 0.0) for one in spent)
    return waited / max(0.1, whole)


def _cells(home: Went, away: Went) -> list[str]:
    return [
        f"{home.records_per_s:.2f}",
        f"{away.records_per_s:.2f}",
        f"{away.records_per_s / home.records_per_s:.3f}",
        f"{away.waited:.1%}",
        f"{home.seconds:.0f} and {away.seconds:.0f}",
    ]
