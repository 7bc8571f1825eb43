"""Rows 4, 5 and 9: death, and errors, at every system call that touches a run's files.

strace does it, from outside: each call of a kind on any path of the run, one after the
other.  Knows two subjects: a coordinator, and a stage alone, which is splitter, worker and
merge in one process.  Invariant: what recovers afterwards runs without strace.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.confine import Unable
from tests.faults.recount import Count
from tests.faults.rig import FINISHED, Rig, kill
from tests.faults.tally import Tally

CALLS = ("openat", "write", "fsync", "rename", "unlink", "ftruncate", "mkdir")
_RECORDS, _CHUNK = 6, 3
_PATH = re.compile(r'"(/[^"]*)"')
_DEEP = 4


@dataclass
class Subject:
    """A command under strace, the files it makes, and how to see that all is well after it."""

    command: list[str]
    folder: Path
    rig: Rig
    check: Callable[[], Count]
    clean: Callable[[], None]
    calls: dict[str, int] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)

    def learn(self) -> None:
        """Which of its paths it touches, and how often, when nothing disturbs it."""
        log = self.rig.root / "strace.log"
        self.clean()
        self._strace(log, ["-e", f"trace={','.join(CALLS)}"])
        found = {path for line in _lines(log) for path in _PATH.findall(line)}
        self.paths = sorted(path for path in found if path.startswith(str(self.folder)))
        self.clean()
        self._strace(log, [*self._only_ours(), "-e", f"trace={','.join(CALLS)}"])
        counts = [line.partition("(")[0] for line in _lines(log) if "(" in line]
        self.calls = {call: counts.count(call) for call in CALLS if call in counts}

    def _only_ours(self) -> list[str]:
        return [word for path in self.paths for word in ("-P", path)]

    def inject(self, call: str, what: str, number: int) -> tuple[int, str, list[str]]:
        """Run it with the `number`-th call of a kind spoilt; exit status, output, calls seen."""
        log = self.rig.root / "strace.log"
        spoil = ["-y", "-e", f"trace={call}", "-e", f"inject={call}:{what}:when={number}"]
        ended = self._strace(log, [*self._only_ours(), *spoil])
        return ended.returncode, ended.stdout, _lines(log)

    def _strace(self, log: Path, options: list[str]) -> subprocess.CompletedProcess[str]:
        if not shutil.which("strace"):
            raise Unable("there is no strace")
        return subprocess.run(
            ["strace", "-qq", "-e", "signal=none", "-o", str(log), *options, *self.command],
            cwd=self.rig.root,
            env=self.rig.environ(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )

    def points(self) -> list[tuple[str, int]]:
        """Every call of every kind."""
        return [(call, n) for call, count in self.calls.items() for n in range(1, count + 1)]


def _lines(log: Path) -> list[str]:
    return log.read_text(errors="replace").splitlines()


def coordinator(rig: Rig) -> Subject:
    """A whole small run; the workers themselves are not under strace."""
    job = rig.job(_RECORDS, _CHUNK)
    run = rig.run(job, workers=1, flags=("--stages", "data_filter,data_structurer"))

    def clean() -> None:
        for pid in run.worker_pids():
            kill(pid)
        shutil.rmtree(run.folder, ignore_errors=True)

    return Subject(run.command(), run.folder, rig, run.check, clean)


def alone(rig: Rig) -> Subject:
    """`python -m stages.data_filter`: one process from input to output."""
    job = rig.job(_RECORDS, _CHUNK)
    folder = rig.root / "alone"
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "stages.data_filter", str(job.source)]
    command += ["-o", str(folder / "out.jsonl"), "--disable-llm"]

    def outputs() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}

    def clean() -> None:
        shutil.rmtree(folder)
        folder.mkdir()

    def check() -> Count:
        ended = subprocess.run(
            command, cwd=rig.root, env=rig.environ(), capture_output=True, text=True, timeout=60
        )
        if ended.returncode not in FINISHED:
            return Count(problems=[f"alone, again: {ended.stderr[-300:]}"])
        same = _without_attempts(outputs()) == _without_attempts(calm)
        left = [path.name for path in folder.iterdir() if path.name not in calm]
        return Count(misfiled=not same, problems=[f"{name} is left" for name in left])

    subprocess.run(command, cwd=rig.root, env=rig.environ(), capture_output=True, timeout=60)
    calm = outputs()
    assert len(calm) == 3, calm
    return Subject(command, folder, rig, check, clean)


def _without_attempts(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: re.sub(rb'"attempts":\d+', b"", data) for name, data in files.items()}


def _points(rig: Rig, times: int) -> list[tuple[Subject, str, int]]:
    """`times` of all calls of both subjects, or all of them."""
    subjects = [coordinator(rig), alone(rig)]
    for subject in subjects:
        subject.learn()
    points = [(s, call, n) for s in subjects for call, n in s.points()]
    return points if times >= len(points) else rig.random.sample(points, times)


def death_at_every_call(rig: Rig, times: int) -> Tally:
    """Row 4: SIGKILL at the entry of each call in turn, then recovery."""
    tally = Tally()
    try:
        points = _points(rig, times)
    except Unable as reason:
        return Tally(skipped=str(reason))
    for subject, call, number in points:
        subject.clean()
        subject.inject(call, "signal=KILL", number)
        tally.injected += 1
        found = subject.check()
        found.problems = [f"{call} {number}: {problem}" for problem in found.problems]
        tally.add(found)
    tally.note = f"{len(points)} calls"
    return tally


def death_while_recovering(rig: Rig, times: int) -> Tally:
    """Row 5: killed at a call, and killed again while it recovers, four deep."""
    tally = Tally()
    try:
        points = _points(rig, times)
    except Unable as reason:
        return Tally(skipped=str(reason))
    for subject, call, number in points:
        subject.clean()
        subject.inject(call, "signal=KILL", number)
        for _ in range(_DEEP - 1):
            again = rig.random.choice(subject.points())
            subject.inject(again[0], "signal=KILL", rig.random.randrange(1, again[1] + 1))
        tally.injected += 1
        tally.add(subject.check())
    return tally


def failing_disk(rig: Rig, times: int) -> Tally:
    """Row 9: EIO from each fsync and rename in turn: it stops, says so, and asks no file twice."""
    tally = Tally()
    try:
        points = [p for p in _points(rig, 10**6) if p[1] in ("fsync", "rename")]
    except Unable as reason:
        return Tally(skipped=str(reason))
    chosen = points if times >= len(points) else rig.random.sample(points, times)
    for subject, call, number in chosen:
        subject.clean()
        status, text, log = subject.inject(call, "error=EIO", number)
        tally.injected += 1
        told = "Input/output error" in text and "Traceback" not in text
        quiet = any("status.json" in line for line in log if "INJECTED" in line)
        tally.expect(told or quiet, f"{call} {number}: exit {status}, said {text[-200:]!r}")
        tally.expect(status or quiet, f"{call} {number}: went on after an error")
        tally.expect(not _asked_again(log), f"fsync {number}: tried again after it failed")
        tally.add(subject.check())
    return tally


def _asked_again(log: list[str]) -> bool:
    failed: set[str] = set()
    for line in log:
        path = re.search(r"fsync\(\d+<([^>]*)>", line)
        if path and path[1] in failed:
            return True
        if path and "INJECTED" in line:
            failed.add(path[1])
    return False
