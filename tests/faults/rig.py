"""Runs real coordinators and workers under test, disturbs them, and sees how they come back.

Knows the command line and the folders of the program, in whatever copy of the project it is
pointed at; knows none of its code.  Invariant: every process started here is gone at the end.
"""

from __future__ import annotations

import json
import os
import random
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.processes import kill, living, wait_for, works_on
from tests.faults.recount import Count, Fates, fates, input_ids, recount

PROJECT = Path(__file__).resolve().parents[2]
FINISHED = (0, 3)
SHARE = 5  # faults of a row, at most, of which `make test` makes so many
Process = subprocess.Popen[bytes]
_MODEL_PACE = 12.0
_TWO_STAGES = ("--stages", "data_filter,domain_classifier")
_SHORT = (*_TWO_STAGES, "--max-tokens", "48", "--batch-size", "4")


@dataclass(frozen=True)
class Job:
    """An input, how to run it, and how each record ends when nobody disturbs it."""

    source: Path
    ids: list[str]
    flags: tuple[str, ...]
    calm: Fates | None = None


@dataclass
class Ran:
    """A command that ended."""

    status: int
    text: str
    seconds: float


@dataclass(frozen=True)
class Lane:
    """One of `count` harnesses that share out a row's faults, each in a folder of its own."""

    index: int = 0
    count: int = 1

    def part_of(self, times: int) -> int:
        """How many of `times` faults are this lane's."""
        return len(range(self.index, times, self.count))


@dataclass
class Rig:
    """A folder for runs of one copy of the project."""

    root: Path
    project: Path = PROJECT
    model: str | None = None
    seed: float = 0
    lane: Lane = Lane()
    short: bool = False  # jobs of two stages, as a share of a row needs no more
    random: random.Random = field(init=False)
    kept: dict[str, Any] = field(default_factory=dict)  # what rows make once for all of them
    _jobs: dict[tuple[int, int, bool], Job] = field(default_factory=dict)
    _runs: int = 0
    _lanes: int = 0
    _tag: str = field(default_factory=lambda: secrets.token_hex(3))

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.root.mkdir(parents=True, exist_ok=True)

    def lanes(self, count: int) -> list[Rig]:
        """Rigs for parts of a row that are made side by side."""
        self._lanes += 1
        folder = self.root / f"lanes-{self._lanes}"
        return [
            Rig(folder / f"{n}", self.project, self.model, self.random.random(), lane, self.short)
            for n, lane in enumerate(Lane(n, count) for n in range(count))
        ]

    def environ(self, **more: str) -> dict[str, str]:
        """Runs and logs below our folder, sources from the copy under test."""
        return {
            **os.environ,
            "CYBERLLM_QUEUES": str(self.root / "queues"),
            "CYBERLLM_LOGS": str(self.root / "logs"),
            "PYTHONPATH": str(self.project),
            **more,
        }

    def coordinator(self, *arguments: str) -> list[str]:
        """A command of the copy under test."""
        return [sys.executable, str(self.project / "coordinator.py"), *arguments]

    def job(self, records: int, chunk_size: int = 16, whole: bool = False) -> Job:
        """A job of `records` records, made and run calmly once; `whole`: of all stages always."""
        key = records, chunk_size, whole
        if key not in self._jobs:
            stages = _TWO_STAGES if self.short and not (whole or self.model) else ()
            source = self.root / f"input-{records}.jsonl"
            source.write_text("".join(json.dumps(_record(n)) + "\n" for n in range(records)))
            self._jobs[key] = self.calm(source, ("--chunk-size", str(chunk_size), *stages))
        return self._jobs[key]

    def calm(self, source: Path, flags: Sequence[str] = ()) -> Job:
        """A job for an input, with the fates that an undisturbed run of it gives."""
        how = ("--model", self.model, *_SHORT) if self.model else ("--disable-llm",)
        job = Job(source, input_ids(source), (*flags, *how))
        run = self.run(job, workers=2)
        ended = run.once()
        assert ended.status in FINISHED, ended.text
        found = recount(run.folder, job.ids)
        assert not (found.lost or found.duplicated or found.misfiled or found.problems), found
        return Job(source, job.ids, job.flags, None if self.model else fates(run.folder))

    def storm(self, times: int, records: int, chunk_size: int = 16) -> Run:
        """A run that lasts for so many faults; for a share of them a small one is enough."""
        if self.model:
            return self.run(self.job(32, 4), workers=2)
        if times <= SHARE:
            return self.run(self.job(200, 8), workers=2)
        return self.run(self.job(records, chunk_size))

    def run(self, job: Job, workers: int = 4, flags: Sequence[str] = ()) -> Run:
        """A new run of a job; nothing is started yet."""
        self._runs += 1
        # Workers are found by the run's name: another harness may be at work beside this one.
        return Run(self, job, f"run-{self._tag}-{self._runs:04}", workers, tuple(flags))

    def numbers(self, times: int) -> range:
        """`times` numbers of this lane, from those that all lanes share out among them."""
        return range(self.lane.index, self.lane.index + times * self.lane.count, self.lane.count)

    def python(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run Python on the copy under test, to its end."""
        return subprocess.run(
            [sys.executable, "-P", *arguments],
            cwd=self.root,
            env=self.environ(**environ),
            capture_output=True,
            text=True,
            timeout=300,
        )

    def somewhere(self, low: float, high: float) -> float:
        """A random time in seconds; longer with a model, which takes its time to load."""
        return self.random.uniform(low, high) * self._pace

    @property
    def _pace(self) -> float:
        return _MODEL_PACE if self.model else 1.0


@dataclass
class Run:
    """One run under test."""

    rig: Rig
    job: Job
    name: str
    workers: int
    flags: tuple[str, ...] = ()
    environ: Mapping[str, str] = field(default_factory=dict)
    wrapper: tuple[str, ...] = ()
    place: Path | None = None  # the queues root, when it is another than the rig's

    @property
    def folder(self) -> Path:
        return (self.place or self.rig.root / "queues") / self.name

    @property
    def log(self) -> Path:
        return self.rig.root / f"{self.name}.log"

    def said(self) -> str:
        """What the coordinator that was started last has printed so far."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def command(self) -> list[str]:
        """`run` the first time, `resume` from then on."""
        if (self.folder / "run.json").exists():
            arguments = ["resume", self.name, "--workers", str(self.workers)]
        else:
            arguments = ["run", "-i", str(self.job.source), "--run", self.name]
            arguments += ["--workers", str(self.workers), *self.job.flags, *self.flags]
        return [*self.wrapper, *self.rig.coordinator(*arguments)]

    @contextmanager
    def started(self) -> Iterator[Process]:
        """A coordinator in the background; it and its workers are gone at the end."""
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                self.command(),
                cwd=self.rig.root,
                env=self._environ(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            yield process
        finally:
            process.kill()
            process.wait()
            for pid in self.worker_pids():
                kill(pid)

    def _environ(self) -> dict[str, str]:
        moved = {"CYBERLLM_QUEUES": str(self.place)} if self.place else {}
        return self.rig.environ(**moved, **self.environ)

    def once(self, seconds: float = 120) -> Ran:
        """Start it and let it come to its end."""
        seconds *= _MODEL_PACE if self.rig.model else 1.0
        begun = time.monotonic()
        with self.started() as process:
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                return Ran(-1, f"still running after {seconds:.0f} s: {self.said()}", seconds)
        return Ran(process.returncode, self.said(), time.monotonic() - begun)

    def finish(self, tries: int = 3) -> Ran:
        """Start it again until it has finished."""
        for _ in range(tries):
            ended = self.once()
            if ended.status in FINISHED:
                break
        return ended

    def check(self) -> Count:
        """Finish the run and recount it."""
        ended = self.finish()
        if ended.status not in FINISHED:
            return Count(problems=[f"{self.name} ended with {ended.status}: {ended.text[-300:]}"])
        return recount(self.folder, self.job.ids, self.job.calm)

    def worker_pids(self) -> list[int]:
        """Live workers of this run, whoever started them."""
        return [pid for pid, words in living() if works_on(words, self.name)]

    def beats(self) -> list[dict[str, object]]:
        """What the workers say of themselves."""
        found = []
        for path in self.folder.glob("workers/*.json"):
            try:
                found.append(json.loads(path.read_bytes()))
            except (OSError, ValueError):
                continue
        return found

    def ready(self) -> bool:
        """Whether as many workers as asked for have loaded and live."""
        living = set(self.worker_pids())
        states = [beat["state"] for beat in self.beats() if beat["pid"] in living]
        return sum(state in ("idle", "working") for state in states) >= self.workers

    def wait_for_claims(self, process: Process) -> None:
        """Until some chunk is claimed, or the run is over."""
        wait_for(lambda: self.chunks("claimed") or process.poll() is not None)

    def wait_for_seals(self, process: Process) -> None:
        """Until some chunk is sealed, or the run is over."""
        wait_for(lambda: self.chunks("done") or process.poll() is not None)

    def chunks(self, state: str) -> list[Path]:
        """Chunk files of all stages in a state."""
        return list(self.folder.glob(f"*/{state}/chunk-*.jsonl"))


def _record(number: int) -> dict[str, object]:
    """Every fifth is off topic, every seventh has no text at all."""
    if number % 7 == 3:
        return {"id": number}
    if number % 5 == 1:
        text = f"Bake a cake with flour, eggs and sugar for one hour, recipe number {number}."
    else:
        text = (
            "A buffer overflow vulnerability in the TLS handshake parser of component "
            f"{number} allows a remote attacker to execute arbitrary code by sending a crafted "
            "certificate. Update to a fixed version to mitigate the exploit."
        )
    return {"id": f"V-{number}", "text": text}
