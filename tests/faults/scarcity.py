"""Row 11: memory that runs out, by a control group's limit and by a process's own.

Knows the deaths file and the heartbeats, to see when a successor works again.  Invariant:
the time of a recovery is from the death to the successor's work, with its model's loading.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.faults.confine import memory_group
from tests.faults.patience import RECOVERED_S
from tests.faults.processes import peak_mb
from tests.faults.recount import sealed, stages_of
from tests.faults.rig import FINISHED, Job, Process, Rig, Run
from tests.faults.tally import Tally
from tests.tiny_model import Shape, make_tiny_model

_RECORDS = 32
_GROUP_MB = 280
_ROOM_MB = 80  # more than a small batch asks for, and less than a full one
_PATIENCE_S = 300.0


@dataclass
class Watch:
    """Deaths of a run's workers, and how long until a successor worked."""

    run: Run
    deaths: int = 0
    died: float | None = None
    addresses_mb: int = 0  # the most that the worker seen last has asked for
    seen: dict[str, float] = field(default_factory=dict)
    recovered: list[float] = field(default_factory=list)
    without_load: list[float] = field(default_factory=list)

    def until_end(self, process: Process) -> None:
        """Look again and again until the run is over."""
        begun = time.monotonic()
        while process.poll() is None and time.monotonic() - begun < _PATIENCE_S:
            self.look()
            time.sleep(0.05)

    def look(self) -> None:
        now = time.monotonic()
        for beat in self.run.beats():
            self._hear(str(beat["worker"]), str(beat["state"]), now)
        deaths = [line for line in _deaths(self.run) if line["cause"] != "exit 0"]
        if len(deaths) > self.deaths:
            self.deaths, self.died = len(deaths), now
        for pid in self.run.worker_pids()[-1:]:
            self.addresses_mb = peak_mb(pid, "VmPeak") or self.addresses_mb

    def _hear(self, worker: str, state: str, now: float) -> None:
        fresh = worker not in self.seen
        self.seen.setdefault(worker, now)
        if self.died is not None and state == "working" and self.seen[worker] >= self.died:
            loading = 0.0 if fresh else now - self.seen[worker]
            self.recovered.append(now - self.died)
            self.without_load.append(now - self.died - loading)
            self.died = None


def _deaths(run: Run) -> list[dict[str, str]]:
    path = run.folder / "deaths.jsonl"
    whole = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
    return [json.loads(line) for line in whole]


@contextmanager
def _group(run: Run) -> Iterator[None]:
    with memory_group(_GROUP_MB << 20) as members:
        run.wrapper = ("sh", "-c", f'echo $$ > {members}; exec "$@"', "sh")
        yield


@contextmanager
def _addresses(run: Run, megabytes: int) -> Iterator[None]:
    run.wrapper = ("prlimit", f"--as={megabytes << 20}")
    yield


def out_of_memory(rig: Rig, times: int) -> Tally:
    """Row 11: workers under a hard limit that a full batch does not fit into."""
    tally = Tally()
    job = wide_job(rig)
    sizes, enough = [], 0
    for number in range(times):
        run = rig.run(job, workers=1)
        # Every third by its own limit: then the model's library breaks off, not the kernel.
        by_kernel = number % 3 != 2
        watch = Watch(run)
        limit = _group(run) if by_kernel else _addresses(run, enough + _ROOM_MB)
        with limit, run.started() as process:
            watch.until_end(process)
            ended = process.poll()
        run.wrapper = ()
        tally.injected += watch.deaths
        tally.recovery += watch.recovered
        tally.expect(ended in FINISHED, f"exit {ended}: {run.said()[-300:]}")
        tally.expect(watch.deaths, "nobody ran out of memory")
        late = max(watch.without_load, default=0.0) >= RECOVERED_S
        tally.expect(not late, f"without loading, it took {watch.without_load}")
        if by_kernel:
            sizes.append(_expect_halved(run, tally))
            enough = watch.addresses_mb
        tally.add(run.check())
        failed = [s for s in sealed(stages_of(run.folder)[0]) if s["outcome"] == "failed"]
        tally.misfiled += len(failed)
    tally.note = f"{times} runs; batches of 32 became {' and '.join(sizes)}"
    return tally


def _expect_halved(run: Run, tally: Tally) -> str:
    ceiling = run.folder / "batch_ceiling"
    tally.expect(ceiling.exists(), "the batch was never halved")
    kernels = [line for line in _deaths(run) if line["cause"] == "SIGKILL, out of memory"]
    tally.expect(kernels, "the kernel killed nobody for want of memory")
    return ceiling.read_text().strip() if ceiling.exists() else "32"


def wide_job(rig: Rig, *more: str) -> Job:
    """A model with many heads: its attention takes much memory and little time."""
    folder = rig.root / "wide-model"
    folder.mkdir(exist_ok=True)
    make_tiny_model(folder, shape=Shape(hidden=256, heads=16, kv_heads=16, layers=2))
    source = rig.root / "long.jsonl"
    text = "An attacker sends a crafted request to the server and reads memory. " * 30
    source.write_text("".join(f'{{"text": "{n} {text}"}}\n' for n in range(_RECORDS)))
    flags = ("--model", str(folder), "--stages", "data_filter", "--max-tokens", "8", *more)
    return Job(source, [f"0:{n}" for n in range(1, _RECORDS + 1)], flags)
