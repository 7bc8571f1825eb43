"""What is walked call by call: a coordinator, a worker, a stage alone, and their recovery.

Knows how each is started and how its files are put back.  Invariant: a subject's files lie
in one folder, which `reset` brings to the same state each time.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.faults import actors
from tests.faults.processes import kill
from tests.faults.recount import Count
from tests.faults.rig import FINISHED, Rig, Run
from tests.faults.traced import Subject

_ACTORS = Path(actors.__file__)
_RECORDS, _CHUNK = 6, 3
# Where a worker dies so that a recovery has the most to do: the first chunk just sealed and
# not cleaned up, and the second in the middle of its journal.
_SEALED_NOT_CLEANED = ("unlink", 1)
_MIDDLE_OF_JOURNAL = ("write", 7)


def coordinator(rig: Rig) -> Subject:
    """A whole small run; its worker is not under strace."""
    run = _small_run(rig)
    return Subject("coordinator", run.command(), run.folder, rig, run.check, lambda: _drop(run))


def worker(rig: Rig) -> Subject:
    """A worker started by hand on a run that was split, with no coordinator."""
    run, folder = _small_run(rig), rig.root / "split"
    _split(run, folder)
    return _by_hand("worker", run, lambda: _put_back(run, folder))


def recoveries(rig: Rig) -> list[Subject]:
    """Coordinators and workers that take up what a worker left that died at a bad moment."""
    found = []
    for number, death in enumerate((_SEALED_NOT_CLEANED, _MIDDLE_OF_JOURNAL), 1):
        dead = worker(rig)
        dead.learn()
        dead.reset()
        dead.inject(death[0], "signal=KILL", death[1])
        found += _recovering(rig, dead.folder, number)
    return found


def _recovering(rig: Rig, left: Path, number: int) -> list[Subject]:
    folder = rig.root / f"left-{number}"
    shutil.copytree(left, folder)
    run = _small_run(rig)
    again = _small_run(rig)
    _put_back(again, folder)
    return [
        _by_hand(f"worker-recovers-{number}", run, lambda: _put_back(run, folder)),
        Subject(
            f"coordinator-recovers-{number}",
            again.command(),
            again.folder,
            rig,
            again.check,
            lambda: _put_back(again, folder),
        ),
    ]


def _by_hand(name: str, run: Run, reset: Callable[[], None]) -> Subject:
    command = [sys.executable, "-P", "-m", "workers.worker", "--run", run.name, "--role", "cpu"]
    return Subject(name, command, run.folder, run.rig, run.check, reset)


def _small_run(rig: Rig) -> Run:
    job = rig.job(_RECORDS, _CHUNK, whole=True)
    return rig.run(job, workers=1, flags=("--stages", "data_filter,data_structurer"))


def _drop(run: Run) -> None:
    for pid in run.worker_pids():
        kill(pid)
    shutil.rmtree(run.folder, ignore_errors=True)


def _put_back(run: Run, folder: Path) -> None:
    """The run's folder as `folder` has it, under the run's own name."""
    _drop(run)
    shutil.copytree(folder, run.folder)
    manifest = run.folder / "run.json"
    manifest.write_text(re.sub(r'"run": ?"[^"]*"', f'"run":"{run.name}"', manifest.read_text()))


def _split(run: Run, folder: Path) -> None:
    """Keep the run in `folder` as it is when all is split and nothing done."""
    made = run.rig.python(str(_ACTORS), "split", run.name, str(run.job.source), str(_CHUNK))
    assert made.returncode == 0, made.stderr
    shutil.copytree(run.folder, folder, dirs_exist_ok=True)


def alone(rig: Rig) -> Subject:
    """`python -m stages.data_filter`: splitter, worker and merge in one process."""
    job = rig.job(_RECORDS, _CHUNK, whole=True)
    folder = rig.root / "alone"
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "stages.data_filter", str(job.source)]
    command += ["-o", str(folder / "out.jsonl"), "--disable-llm"]

    def outputs() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}

    def reset() -> None:
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
    return Subject("alone", command, folder, rig, check, reset)


def _without_attempts(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: re.sub(rb'"attempts":\d+', b"", data) for name, data in files.items()}
