"""What a coordinator can feed: a run over many machines that answer at a set speed.

`python -m benchmarks.cluster --slots 1,2,4,16,64 --speed 5`: a real scheduler, coordinator and
bridge on this machine, and machines that process nothing, of `--per-machine` slots each.  With
`--against-home` it is another question (benchmarks/home_and_away.py).  Knows the messages; knows no
model.  Invariant: every process started here is gone at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.home_and_away import add_flags, compare
from stages.base import Result
from workers.cluster.access import RESOURCE, WORKERS_RESOURCE
from workers.cluster.dask_host import unhurried
from workers.cluster.messages import HostState, MessagePart, PartKind, Reply, Request
from workers.core.terminal import duration
from workers.queue.envelopes import parse_envelopes
from workers.queue.sealed import sealed_line
from workers.run.worker_view import WorkerView

PROJECT = Path(__file__).resolve().parents[1]
_TEXT = "A crafted request lets a remote attacker read memory outside the buffer of component {}. "
_HEAD = (
    *("slots", "records/s", "of ideal", "bridge CPU", "scheduler CPU", "coordinator CPU"),
    *("bridge MB", "scheduler MB", "coordinator MB", "bytes/record", "queued s"),
)


@dataclass
class StubHost:
    """A machine of so many slots, each of whose models takes 1 / speed seconds for a record."""

    speed: float
    slots: int = 1
    sent: int = 0
    received: int = 0
    done: int = 0
    _session: str = ""
    _waiting: list[tuple[float, bytes]] = field(default_factory=list)
    _free_at: float = 0.0

    def answer(self, data: bytes) -> bytes:
        """Take records in; hand out those whose time has come."""
        request = Request.parse(data)
        if request.session != self._session:
            self._waiting.clear()
            self._session = request.session
        for part in request.parts:
            if part.kind is PartKind.PARCEL:
                self._take(part.data)
        enough = self._waiting[: max(1, min(32, len(self._waiting) // 4))]
        deadline = min(time.monotonic() + request.wait, enough[-1][0] if enough else 0.0)
        time.sleep(max(0.0, deadline - time.monotonic()))
        state = "working" if self._waiting else "idle"
        views = tuple(WorkerView(1, "batch", state) for _ in range(self.slots))
        reply = Reply(HostState.READY, "", self.slots, views, parts=self._ready()).to_bytes()
        self.received += len(data)
        self.sent += len(reply)
        return reply

    def _take(self, data: bytes) -> None:
        self._free_at = max(self._free_at, time.monotonic())
        for envelope in parse_envelopes(data, "a parcel"):
            self._free_at += 1 / (self.speed * self.slots)
            line = sealed_line(envelope, Result(envelope.record or {}), 1)
            self._waiting.append((self._free_at, line.to_bytes()))

    def _ready(self) -> tuple[MessagePart, ...]:
        now = time.monotonic()
        ready = [line for due, line in self._waiting if due <= now]
        self._waiting = self._waiting[len(ready) :]
        self.done += len(ready)
        return (MessagePart(PartKind.OUTCOMES, "", b"".join(ready)),) if ready else ()

    def close(self) -> None:
        """Nothing to do."""


async def serve(address: str, slots: int, each: int, speed: float, counts: Path) -> None:
    """Machines of `each` slots in this process, until it is ended; counts bytes and records."""
    from distributed import Worker

    workers = []
    for number in range(slots // each):
        resources = {RESOURCE: 1, WORKERS_RESOURCE: each}
        worker = Worker(address, nthreads=1, name=f"m{number}", resources=resources)
        worker.cyberllm_host = StubHost(speed, each)
        worker.periodic_callbacks["heartbeat"] = unhurried(worker.heartbeat)
        workers.append(await worker)
    while True:
        hosts: list[StubHost] = [worker.cyberllm_host for worker in workers]
        totals = [sum(h.sent + h.received for h in hosts), sum(h.done for h in hosts)]
        counts.write_text(json.dumps(totals))
        await asyncio.sleep(0.5)


@dataclass
class Usage:
    """CPU seconds and memory of a process, as last seen while it lived."""

    pid: int
    cpu: float = 0.0
    peak_mb: float = 0.0

    def look(self) -> None:
        """See again."""
        try:
            process = psutil.Process(self.pid)
            times = process.cpu_times()
            self.cpu = times.user + times.system
            self.peak_mb = max(self.peak_mb, process.memory_info().rss / 2**20)
        except psutil.Error:
            pass


@contextmanager
def _running(line: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *line],
            cwd=log.parent,
            stdout=out,
            stderr=out,
            env=_environ(log.parent),
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _environ(folder: Path) -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(PROJECT), "CYBERLLM_QUEUES": str(folder / "queues")}


def measure(
    slots: int, each: int, speed: float, records: int, chunk_size: int, folder: Path
) -> list[str]:
    """A run over so many machines; the cells of its row."""
    from tests.cluster_tools import wait_for
    from tests.run_tools import free_port

    source = folder / "in.jsonl"
    texts = (_TEXT.format(number) * 8 for number in range(records))
    source.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    port, counts = free_port(), folder / "counts"
    address = f"tcp://127.0.0.1:{port}"
    scheduler = ["-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--no-dashboard"]
    hosting = ["-m", "benchmarks.cluster", "--serve", address, "--counts", str(counts)]
    hosting += ["--slots", str(slots), "--per-machine", str(each), "--speed", str(speed)]
    run = [str(PROJECT / "coordinator.py"), "run", "-i", str(source), "--run", "sim"]
    run += ["--stages", "data_filter", "--disable-llm", "--no-dedup", "--workers", "0"]
    run += ["--chunk-size", str(chunk_size), "--cluster", address]
    with (
        _running([*scheduler, "--port", str(port)], folder / "scheduler.log") as first,
        _running(hosting, folder / "machines.log"),
    ):
        assert wait_for(counts.exists, 60 + slots), (folder / "machines.log").read_text()
        with _running(run, folder / "run.log") as coordinator:
            row = _watch(coordinator, first.pid, counts, slots * speed, records)
        queued = _queued(folder)
    return [str(slots), *row, f"{queued:.1f}"]


def _watch(
    coordinator: subprocess.Popen[bytes], scheduler: int, counts: Path, ideal: float, records: int
) -> list[str]:
    """Follow a run to its end; what is measured is its middle, from 20 to 80% of its records."""
    usages: dict[str, Usage] = {"scheduler": Usage(scheduler), "run": Usage(coordinator.pid)}
    middle: list[tuple[float, int, dict[str, float]]] = []  # looks, with CPU seconds of each
    while coordinator.poll() is None:
        for child in psutil.Process(coordinator.pid).children():
            usages.setdefault("bridge", Usage(child.pid))
        for usage in usages.values():
            usage.look()
        done = _counts(counts)[1]
        if 0.2 * records <= done <= 0.8 * records:
            used = {name: usage.cpu for name, usage in usages.items()}
            middle.append((time.monotonic(), done, used))
        time.sleep(0.25)
    sent, done = _counts(counts)
    (begun, first, before), (ended, last, after) = middle[0], middle[-1]
    rate, per = (last - first) / (ended - begun), 100 / (last - first)
    whose = ("bridge", "scheduler", "run")
    spent = [(after[name] - before[name]) * per for name in whose]
    memory = [f"{usages[name].peak_mb:.0f}" for name in whose]
    cpu = [f"{seconds:.2f}" for seconds in spent]
    return [f"{rate:.1f}", f"{rate / ideal:.2f}", *cpu, *memory, f"{sent / done:.0f}"]


def _counts(file: Path) -> tuple[int, int]:
    """Bytes sent either way, and records done, so far."""
    while not (text := file.read_text()):  # it is being written
        time.sleep(0.01)
    sent, done = json.loads(text)
    return sent, done


def _queued(folder: Path) -> float:
    """Mean seconds that a chunk waited for a machine."""
    lines = [
        json.loads(line)
        for path in (folder / "performance_logs" / "sim").glob("*.jsonl")
        for line in path.read_text().splitlines()
    ]
    waits = [line["waited_seconds"] for line in lines if line.get("kind") == "chunk"]
    return float(sum(waits) / max(1, len(waits)))


def main() -> None:
    """Measure, or be the machines."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cluster", description=__doc__)
    parser.add_argument("--slots", default="1,2,4,16,64", help="machines, separated by commas")
    parser.add_argument("--per-machine", type=int, default=1, metavar="N", help="slots of each")
    parser.add_argument("--speed", type=float, default=5.0, help="records/s of each")
    parser.add_argument("--seconds", type=float, default=30.0, help="of work for each machine")
    parser.add_argument("--chunk-size", type=int, default=64, help="as in a long run")
    add_flags(parser)
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    parser.add_argument("--counts", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        slots = int(options.slots)
        each = options.per_machine
        asyncio.run(serve(options.serve, slots, each, options.speed, options.counts))
        return
    if options.against_home:
        compare(options)
        return
    begun = time.monotonic()
    print("| " + " | ".join(_HEAD) + " |", "|" + " --- |" * len(_HEAD), sep="\n", flush=True)
    for slots in map(int, options.slots.split(",")):
        records = int(slots * options.speed * options.seconds)
        with tempfile.TemporaryDirectory(prefix="cluster-") as folder:
            each = min(slots, options.per_machine)
            given = (slots, each, options.speed, records, options.chunk_size)
            cells = measure(*given, Path(folder))
        print("| " + " | ".join(cells) + " |", flush=True)
    took = duration(time.monotonic() - begun)
    print(f"\nCPU: seconds per 100 records, between 20 and 80% of them; took {took}")


if __name__ == "__main__":
    main()
