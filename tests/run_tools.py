"""What tests of whole runs share: input, real coordinators, and a stand-in for a worker.

Invariant: every process started here is ended by the end of its test.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

import coordinator
from stages.base import Failed, Outcome, Record, Removed, Result
from tests.in_process import Ran, run_here
from workers.control.flow import Flow
from workers.control.intake import Intake
from workers.observe.status import RunStatus
from workers.queue.chunk_queue import ChunkQueue
from workers.queue.locks import KernelLock
from workers.run.input_files import inspect_inputs
from workers.run.run_folder import RunFolder
from workers.settings.values import build_config

PROJECT = Path(__file__).resolve().parents[1]
STAGES = ("2_data_filter", "3_data_structurer")
CHUNK_SIZE = 4
_RELEVANT = (
    "A buffer overflow vulnerability in the TLS handshake parser of component {} allows a remote "
    "attacker to execute arbitrary code by sending a crafted certificate. Update to a fixed "
    "version to mitigate the exploit."
)
_OFF_TOPIC = "Bake a cake with flour, eggs and sugar for one hour in the oven, recipe number {}."


def security_record(number: int) -> Record:
    """Every fifth is off topic, every seventh has no text at all."""
    if number % 7 == 3:
        return {"id": number}
    text = _OFF_TOPIC if number % 5 == 1 else _RELEVANT
    return {"id": f"V-{number}", "text": text.format(number)}


def write_jsonl(path: Path, records: list[Record]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def free_port() -> int:
    """A port of loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Desk:
    """A folder to run real coordinators in."""

    root: Path

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, str(PROJECT / "coordinator.py"), *arguments]

    def coordinator(self, *arguments: str, seconds: float = 60) -> Ran:
        """A command, run to its end, which must come in time; its workers are processes."""
        return run_here(coordinator.main, arguments, self.root, seconds)

    def process(self, *arguments: str, seconds: float = 60) -> Ran:
        """A command, run to its end in a process of its own."""
        return subprocess.run(
            self.command(*arguments), cwd=self.root, capture_output=True, text=True, timeout=seconds
        )

    @contextmanager
    def started(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """A command in the background, killed at the end of the block."""
        process = subprocess.Popen(
            self.command(*arguments),
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def run_arguments(self, run: str, *more: str) -> list[str]:
        """A run of input.jsonl by rules alone."""
        plain = ["run", "-i", "input.jsonl", "--run", run, "--disable-llm"]
        return [*plain, "--chunk-size", str(CHUNK_SIZE), *more]

    def results(self, run: str) -> dict[str, bytes]:
        """The merged files by name; attempts are left out, for crashes add to them."""
        folder = self.root / "queues" / run / "results"
        files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
        failed = [json.loads(line) for line in files["failed.jsonl"].splitlines()]
        rest = [{k: v for k, v in line.items() if k != "attempts"} for line in failed]
        return files | {"failed.jsonl": json.dumps(rest).encode()}

    def sealed(self, run: str, stage: str) -> int:
        done = self.root / "queues" / run / stage / "done"
        return len(list(done.glob("*.jsonl"))) if done.is_dir() else 0

    @contextmanager
    def unfinishable(self, run: str) -> Iterator[None]:
        """While the block lasts, somebody else has the run's last chunk of input."""
        locks = self.root / "queues" / run / STAGES[0] / "locks"
        wait_for(locks.is_dir)
        chunks = -(-len((self.root / "input.jsonl").read_bytes().splitlines()) // CHUNK_SIZE)
        lock = KernelLock.try_acquire(locks / f"chunk-{chunks:06}.lock")
        assert lock
        with lock:
            yield

    def claimed(self, run: str) -> list[Path]:
        return list((self.root / "queues" / run).glob("*/claimed/*.jsonl"))


TESTS_OF = "TESTS_OF"  # in the environment: the process of tests that all this belongs to


def worker_pids(run: str) -> list[int]:
    """Live workers of a run, whoever started them, but for those of other tests of that name."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        line = process.info["cmdline"] or []
        alive = process.info["status"] != psutil.STATUS_ZOMBIE
        if alive and "workers.worker" in line and run in line and _is_ours(process):
            found.append(process.pid)
    return found


def _is_ours(process: psutil.Process) -> bool:
    try:
        return process.environ().get(TESTS_OF) == os.environ.get(TESTS_OF)
    except psutil.Error:
        return False


def wait_for(condition: Callable[[], object], seconds: float = 15.0) -> None:
    """Poll until it holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def kill(pid: int, number: int = signal.SIGKILL) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


# Runs without processes


class Told:
    """A display that remembers."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self.states: list[str] = []

    def update(self, status: RunStatus) -> None:
        self.states.append(status.state)

    def say(self, message: str) -> None:
        self.messages.append(message)


def make_run(root: Path, records: list[Record], chunk_size: int = 4) -> RunFolder:
    """A run of two stages whose input is split into its first queue."""
    source = write_jsonl(root / "input.jsonl", records)
    config = build_config({"stages": STAGES, "chunk_size": chunk_size, "disable_llm": True})
    run = RunFolder(root / "queues" / "test").create(config, inspect_inputs([source]))
    publish_all(run)
    return run


def publish_all(run: RunFolder) -> Flow:
    """Split, and hand on what is sealed, as a coordinator does."""
    flow = Flow(run.queues)
    flow.scan()
    intake = Intake(run, flow.stages[0])
    while not intake.complete:
        intake.advance(1.0)
    for _ in run.queues:
        list(flow.advance(1.0))
    return flow


def work_off(queue: ChunkQueue, decide: Callable[[Record], Outcome] = Result) -> int:
    """Seal every chunk of a queue in this process; returns how many."""
    sealed = 0
    while chunk := queue.claim("w0-00000000"):
        for group in chunk.groups():
            chunk.begin(group)
            for record_id in group:
                record = chunk.envelope(record_id).record
                assert record is not None
                chunk.record(record_id, decide(record))
        chunk.seal()
        sealed += 1
    return sealed


def numbered(count: int) -> list[Record]:
    return [{"n": n} for n in range(count)]


def decide(record: Record) -> Outcome:
    """Of `numbered` records: every fifth removed, every seventh failed, the rest doubled."""
    if record["n"] % 5 == 0:
        return Removed("fifth", score=0.5)
    if record["n"] % 7 == 0:
        return Failed("seventh")
    return Result(record, {**record, "copy": True})
