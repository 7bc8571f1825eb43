"""Two workers at home against two machines of one worker process each, the same run by turns.

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
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import orjson

from examples.make_input import records
from tests.cluster_tools import Cluster
from workers.core.terminal import duration
from workers.metrics.metric_kinds import PhaseTimes, SealedChunk
from workers.metrics.metric_lines import read_metrics

_PROJECT = Path(__file__).resolve().parents[1]
_MACHINES = ("alpha", "beta")
_HEAD = ("round", "home, records/s", "away, records/s", "away / home", "away waited", "walls, s")


@dataclass(frozen=True)
class Went:
    """How a run went: records a second from its first sealed chunk to its last, the whole time,
    and the share of their time that workers waited for records."""

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
    cluster, found = Cluster(folder / "cluster"), []
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
    begun = time.monotonic()
    ended = subprocess.run(command, env={**os.environ, **places}, capture_output=True, text=True)
    if ended.returncode not in (0, 3):
        raise RuntimeError(f"{name} ended with {ended.returncode}: {ended.stderr[-500:]}")
    return _went(folder / "logs" / name, time.monotonic() - begun)


def _went(logs: Path, seconds: float) -> Went:
    lines = list(read_metrics(logs))
    chunks = [(x.time, x.body.records) for x in lines if isinstance(x.body, SealedChunk)]
    (first, _), (last, _) = min(chunks), max(chunks)
    worked = sum(count for at, count in chunks if at > first)
    # The bridge's own log is left out: it waits for machines.
    away = (x.body for x in lines if x.worker.startswith(_MACHINES))
    spent = [body for body in away if isinstance(body, PhaseTimes)]
    whole = sum(one.seconds - one.phases.get("load", 0.0) for one in spent)
    waited = sum(one.phases.get("wait", 0.0) for one in spent)
    return Went(worked / max(0.1, last - first), seconds, waited / max(0.1, whole))


def _cells(home: Went, away: Went) -> list[str]:
    return [
        f"{home.records_per_s:.2f}",
        f"{away.records_per_s:.2f}",
        f"{away.records_per_s / home.records_per_s:.3f}",
        f"{away.waited:.1%}",
        f"{home.seconds:.0f} and {away.seconds:.0f}",
    ]
