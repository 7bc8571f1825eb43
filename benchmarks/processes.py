"""The driver's side of engine processes: starts them, hands out jobs, times them, weighs them.

An engine may be one process with all cores, or one single-threaded process per core that
share a job.  Invariant: the clock runs from the word go to the last answer, nothing else.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psutil

from benchmarks.messages import Go, Job, Unable
from workers.pool.child import child_environment
from workers.pool.sizing import core_count

_SAMPLE_S = 0.05


class Impossible(Exception):
    """An engine can't do what was asked of it here; the message says why."""


@dataclass(frozen=True)
class Layout:
    """How an engine is spread over the machine."""

    engine: str
    processes: int = 1
    environ: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Timed:
    """A job's answers in order, the seconds they took, and the peak memory of all processes."""

    answers: tuple[str, ...]
    seconds: float
    peak_mb: int


class Team:
    """The processes of one layout, started when first used."""

    def __init__(self, layout: Layout, model: str, log: Path) -> None:
        self._layout = layout
        self._model = model
        self._log = log
        self._members: list[_EngineProcess] = []
        self.note = ""
        self._refused = ""

    def run(self, job: Job) -> Timed:
        """Warm up, then answer a job; raises Impossible."""
        shares = [self._share(job, number) for number in range(self._layout.processes)]
        members = self._started()
        for member, share in zip(members, shares, strict=True):
            member.send(share)
        _replies(members)
        with PeakMemory([member.pid for member in members]) as memory:
            begun = time.perf_counter()
            for member in members:
                member.send(Go())
            reports = _replies(members)
            seconds = time.perf_counter() - begun
        answers = [""] * len(job.requests)
        for number, report in enumerate(reports):
            answers[number :: len(members)] = report.answers
        return Timed(tuple(answers), seconds, memory.peak_mb)

    def _share(self, job: Job, number: int) -> Job:
        count = self._layout.processes
        if job.rows > 1 and job.rows < count:
            raise Impossible(f"{job.rows} rows are fewer than {count} processes")
        rows = max(1, job.rows // count)
        return replace(job, rows=rows, requests=job.requests[number::count])

    def _started(self) -> list[_EngineProcess]:
        if self._refused:
            raise Impossible(self._refused)
        if not self._members:
            for _ in range(self._layout.processes):
                self._members.append(_EngineProcess(self._layout, self._model, self._log))
            try:
                self.note = _replies(self._members)[0].note
            except Impossible as error:
                self._refused = str(error)
                raise
        return self._members

    def close(self) -> None:
        """End the processes."""
        for member in self._members:
            member.close()


def _replies(members: Sequence[_EngineProcess]) -> list[Any]:
    """What each has to say; raises Impossible, once all have spoken, if one can't do it."""
    found = [member.receive() for member in members]
    for reply in found:
        if isinstance(reply, Unable):
            raise Impossible(reply.reason)
    return found


class _EngineProcess:
    """One engine process."""

    def __init__(self, layout: Layout, model: str, log: Path) -> None:
        threads = child_environment(layout.processes, core_count(), os.environ)
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.engine_process", layout.engine, model],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**threads, **dict(layout.environ)},
            )
        self._log = log
        self.pid = self._process.pid

    def send(self, message: Job | Go) -> None:
        assert self._process.stdin is not None
        pickle.dump(message, self._process.stdin)
        self._process.stdin.flush()

    def receive(self) -> Any:
        """The next Ready, Report or Unable; raises RuntimeError when the process has died."""
        assert self._process.stdout is not None
        try:
            return pickle.load(self._process.stdout)
        except EOFError:
            status = self._process.wait()
            raise RuntimeError(f"an engine died with status {status}: see {self._log}") from None

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


@dataclass
class PeakMemory:
    """Watches the resident memory of processes and, with `tree`, of their children."""

    pids: list[int]
    tree: bool = False
    peak_mb: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> PeakMemory:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            self.peak_mb = max(self.peak_mb, self._now_mb())
            if self._over.wait(_SAMPLE_S):
                return

    def _now_mb(self) -> int:
        found = 0
        for pid in self.pids:
            try:
                process = psutil.Process(pid)
                family = [process, *(process.children(recursive=True) if self.tree else [])]
                found += sum(member.memory_info().rss for member in family)
            except psutil.Error:
                continue  # it ended between two looks
        return found >> 20
