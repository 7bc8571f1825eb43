"""Rows 17 to 19, 28 and 29: who may hold a run or a chunk, and what a lock is worth."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.faults import actors
from tests.faults.confine import Unable, command, own_mounts
from tests.faults.poison import harmful
from tests.faults.processes import kill, wait_for
from tests.faults.rig import FINISHED, Rig, Run
from tests.faults.tally import Tally

_ACTORS = Path(actors.__file__)
_RACERS = 16


def many_coordinators(rig: Rig, times: int) -> Tally:
    """Row 17: `times` coordinators on one run, started at once: one has it."""
    tally = Tally(injected=times)
    run = rig.run(rig.job(200, 8), workers=2)
    with run.started():
        locks = run.folder / "2_data_filter" / "locks"
        wait_for(lambda: (run.folder / "run.json").exists())
        # While somebody else has the last chunk, the run can't finish.
        lock = os.open(locks / "chunk-000025.lock", os.O_RDWR | os.O_CREAT)
        fcntl.flock(lock, fcntl.LOCK_EX)
        run_again = [*rig.coordinator("resume", run.name)]
        others = [
            subprocess.Popen(
                run_again, env=rig.environ(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            )
            for _ in range(times)
        ]
        for other in others:
            text = other.communicate(timeout=120)[0].decode()
            refused = other.returncode == 1 and "another coordinator has it (process" in text
            tally.expect(refused, f"exit {other.returncode}: {text[-200:]}")
        os.close(lock)
    tally.add(run.check())
    return tally


def race_for_a_chunk(rig: Rig, times: int) -> Tally:
    """Row 18: 16 processes claim one chunk over and over: never two holders."""
    folder = rig.root / "race"
    folder.mkdir()
    made = rig.python("-c", _MAKE_CHUNK, str(folder))
    assert made.returncode == 0, made.stderr
    line = [sys.executable, "-P", str(_ACTORS), "race", str(folder), str(times)]
    begun = time.monotonic()
    racers = [
        subprocess.Popen(line, env=rig.environ(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _ in range(_RACERS)
    ]
    texts = [racer.communicate(timeout=600)[0].decode() for racer in racers]
    tally = Tally(injected=(folder / "tally").stat().st_size)
    tally.note = f"{_RACERS} processes, {tally.injected / (time.monotonic() - begun):.0f} claims/s"
    for racer, text in zip(racers, texts, strict=True):
        tally.duplicated += text.count("two holders")
        tally.expect(racer.returncode == 0, f"a racer ended: {text[-300:]}")
    shutil.rmtree(folder)
    return tally


_MAKE_CHUNK = """
import sys
from pathlib import Path
from workers.queue.chunk_queue import ChunkQueue
queue = ChunkQueue(Path(sys.argv[1]) / "2_data_filter")
queue.create()
queue.publish("chunk-000001", [{"id": "0:1", "record": {}}])
"""


def lock_removed(rig: Rig, times: int) -> Tally:
    """Row 19: lock files are removed under their holders' hands."""
    tally = Tally()
    while tally.injected < times:
        run = rig.storm(times, 600, 8)
        with run.started() as process:
            run.wait_for_claims(process)
            while tally.injected < times and process.poll() is None:
                for chunk in run.chunks("claimed"):
                    lock = chunk.parent.parent / "locks" / f"{chunk.stem}.lock"
                    tally.injected += lock.exists()
                    lock.unlink(missing_ok=True)
                time.sleep(rig.somewhere(0.0, 0.1))
            wait_for(lambda: process.poll() is not None, 60)
            noticed = "lock file was" in run.said() or process.poll() in FINISHED
            tally.expect(noticed, f"exit {process.poll()}: {run.said()[-200:]}")
        tally.add(run.check())
    return tally


def inherited_lock(rig: Rig, times: int) -> Tally:
    """Row 28: a worker forks a child under its locks, and is killed: the child goes too."""
    tally = Tally()
    for _ in range(times):
        run = harmful(rig, 200, {rig.random.randrange(150): "fork"})
        _kill_a_parent(run, tally)
        tally.injected += 1
        run.environ = {}
        tally.add(run.check())
    return tally


def _kill_a_parent(run: Run, tally: Tally) -> None:
    mark = Path(run.environ["HARM_MARK"])
    mark.unlink(missing_ok=True)
    with run.started() as process:
        wait_for(lambda: mark.exists() and mark.read_text())
        parent, child = map(int, mark.read_text().split())
        kill(parent)
        gone = wait_for(lambda: not _lives(child), 10)
        tally.recovery.append(gone or 10.0)
        tally.expect(gone is not None, "the child outlived its worker with the locks")
        took = wait_for(lambda: process.poll() is not None, 60)
        tally.expect(took is not None, "the run did not get over it")
        kill(child)


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def foreign_folder(rig: Rig, times: int) -> Tally:
    """Row 29: queues on a file system whose locks don't hold, on a link, or somebody else's."""
    tally = Tally()
    run = rig.run(rig.job(200, 8), workers=2)
    for kind in ("link", "owner", "fuse")[: max(2, times)]:
        try:
            _refused(rig, run, kind, tally)
        except Unable as reason:
            tally.note = f"{kind} not tried: {reason}"
    return tally


def _refused(rig: Rig, run: Run, kind: str, tally: Tally) -> None:
    place, real = rig.root / f"foreign-{kind}", rig.root / f"real-{kind}"
    place.mkdir()
    real.mkdir()
    if kind == "fuse":
        own_mounts()
        command("bindfs", str(real), str(place))
    elif kind == "link":
        (place / run.name).symlink_to(real)
    else:
        (place / run.name).mkdir()
        if os.geteuid() != 0:
            raise Unable("only root can give a folder away")
        os.chown(place / run.name, 12345, 12345)
    try:
        run.place = place
        ended = run.once()
    finally:
        if kind == "fuse":
            command("umount", str(place))
    words = {"fuse": "file system", "link": "symbolic link", "owner": "belongs to user 12345"}
    tally.injected += 1
    told = ended.status == 1 and words[kind] in ended.text
    tally.expect(told, f"{kind}: exit {ended.status}: {ended.text[-200:]}")
    tally.expect(not list(real.rglob("chunk-*")), f"{kind}: wrote all the same")
