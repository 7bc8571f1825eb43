"""Rows 6 to 8 and 10: power cuts, full disks, and limits on files.

Invariant: what was acknowledged before a cut is looked for after it, by reading the files.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.faults import actors
from tests.faults.confine import PulledDisk, Unable, small_disk
from tests.faults.patience import RECOVERED_S
from tests.faults.processes import wait_for
from tests.faults.recount import json_lines
from tests.faults.rig import FINISHED, Rig, Run
from tests.faults.tally import Tally

_ACTORS = Path(actors.__file__)
_CHUNKS = 24
_REAL_RUN_EVERY = 10


def power_cut(rig: Rig, times: int) -> Tally:
    """Row 6: the disk's power is cut under a worker, now and then under a whole run."""
    tally = Tally()
    try:
        disk = PulledDisk(rig.root)
    except Unable as reason:
        return Tally(skipped=str(reason))
    try:
        while tally.injected < times:
            if tally.injected % _REAL_RUN_EVERY == 5:
                _cut_a_run(rig, disk, tally)
            else:
                _cut_a_worker(rig, disk, tally)
            tally.injected += 1
    finally:
        disk.unmount()
    return tally


def _cut_a_worker(rig: Rig, disk: PulledDisk, tally: Tally) -> None:
    folder = disk.point / "queue"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    told = rig.root / "told"
    with told.open("wb") as out:
        command = [sys.executable, "-P", str(_ACTORS), "live", str(folder), "first", str(_CHUNKS)]
        actor = subprocess.Popen(command, env=rig.environ(), stdout=out, stderr=subprocess.DEVNULL)
    wait_for(lambda: told.stat().st_size > 0 or actor.poll() is not None)
    time.sleep(rig.somewhere(0.0, 0.35))
    # An fsync under way while the journal is shut down may still return 0, which no process
    # would live to see when the power is really gone: only what was told before counts.
    # A line that is only half written when it is read was not told either.
    acknowledged = told.read_text().rpartition("\n")[0].splitlines()
    disk.cut()
    actor.kill()
    actor.wait()
    disk.unmount()
    disk.mount()
    again = rig.python(str(_ACTORS), "live", str(folder), "second", str(_CHUNKS))
    tally.expect(again.returncode == 0, f"after the cut: {again.stderr[-300:]}")
    _compare(folder, acknowledged, tally)


def _compare(folder: Path, told: list[str], tally: Tally) -> None:
    """Every chunk is sealed once, with what was acknowledged before the cut."""
    done = folder / "2_data_filter" / "done"
    lines = [line for path in sorted(done.iterdir()) for line in json_lines(path)]
    by = {line["id"]: line["records"][0]["by"] for line in lines}
    wanted = _CHUNKS * actors.RECORDS
    tally.lost += max(0, wanted - len(by))
    tally.duplicated += len(lines) - len(by)
    kept = [word.split() for word in told if word.startswith("outcome")]
    changed = [i for _, i, who in kept if by.get(i) != who]
    tally.lost += len(changed)
    tally.expect(not changed, f"acknowledged and gone: {', '.join(changed[:3])}")


def _cut_a_run(rig: Rig, disk: PulledDisk, tally: Tally) -> None:
    shutil.rmtree(disk.point / "runs", ignore_errors=True)
    run = rig.run(rig.job(600, 8), workers=2)
    run.place = disk.point / "runs"
    with run.started():
        wait_for(lambda: run.chunks("done"))
        time.sleep(rig.somewhere(0.0, 1.0))
        disk.cut()
    disk.unmount()
    disk.mount()
    tally.add(run.check())


def full_disk(rig: Rig, times: int) -> Tally:
    """Row 7: a small disk, full to a different level each time, then room again."""
    tally = Tally()
    run = rig.run(rig.job(200, 8), workers=2)
    run.finish()
    need = _size(run.folder)
    try:
        whole = times * rig.lane.count
        for number in rig.numbers(times):
            level = 4096 * round((need * 1.2 * (number + 1) / (whole + 1)) / 4096)
            with small_disk(rig.root / "small", 4 * need) as point:
                _fill_up(rig, point, level, tally)
    except Unable as reason:
        return Tally(skipped=str(reason))
    return tally


def _size(folder: Path) -> int:
    return sum(max(4096, path.stat().st_size) for path in folder.rglob("*"))


def _fill_up(rig: Rig, point: Path, free: int, tally: Tally) -> None:
    filler = point / "filler"
    _leave(point, filler, free)
    run = rig.run(rig.job(200, 8), workers=2)
    run.place = point / "runs"
    tally.injected += 1
    with run.started() as process:
        wait_for(lambda: "disk full" in run.said() or process.poll() is not None, 60)
        text = run.said()
        told = "disk full" in text or "No space left" in text or process.poll() in FINISHED
        tally.expect(told, f"{free} bytes free: exit {process.poll()}, said {text[-200:]!r}")
        tally.expect("Traceback" not in text, f"{free} bytes free: a traceback {text[-300:]!r}")
        filler.unlink()
        if process.poll() is None:
            begun = time.monotonic()
            wait_for(lambda: "going on" in run.said() or process.poll() is not None, 30)
            took = time.monotonic() - begun
            tally.recovery.append(took)
            tally.expect(took < RECOVERED_S, f"{free} bytes free: went on after {took:.1f} s only")
            wait_for(lambda: process.poll() is not None, 60)
            ended = process.poll()
            tally.expect(ended in FINISHED, f"{free} bytes free: did not go on, {ended}")
    tally.add(run.check())


def _leave(point: Path, filler: Path, free: int) -> None:
    """Fill the disk until `free` bytes are left."""
    with filler.open("wb", buffering=0) as file:
        stat = shutil.disk_usage(point)
        file.write(bytes(max(0, stat.free - free)))


def short_writes(rig: Rig, times: int) -> Tally:
    """Row 8: no file may grow beyond a limit, so writes end in the middle of a line."""
    sizes = [int(300 * 1.2**n) + rig.random.randrange(40) for n in rig.numbers(times)]
    return _limited(rig, [(f"--fsize={size}", ("File too large",)) for size in sizes])


def few_files(rig: Rig, times: int) -> Tally:
    """Row 10: few files may be open at once."""
    told = ("Too many open files", "Errno 24")
    return _limited(rig, [(f"--nofile={5 + n}", told) for n in rig.numbers(times)])


def _limited(rig: Rig, limits: list[tuple[str, tuple[str, ...]]]) -> Tally:
    """A run under a limit of the kernel stops with the reason; without it, it goes on."""
    if not shutil.which("prlimit"):
        return Tally(skipped="there is no prlimit")
    tally = Tally()
    for limit, reasons in limits:
        run = rig.run(rig.job(200, 8), workers=2)
        run.wrapper = ("prlimit", limit)
        ended = run.once()
        tally.injected += 1
        words = ended.text + _worker_logs(run)
        known = ended.status in FINISHED or any(reason in words for reason in reasons)
        tally.expect(known, f"{limit}: exit {ended.status}, said {ended.text[-200:]!r}")
        tally.expect(ended.status >= 0, f"{limit}: ended by signal {-ended.status}")
        run.wrapper = ()
        tally.add(run.check())
    return tally


def _worker_logs(run: Run) -> str:
    logs = run.rig.root / "logs" / run.name
    return "".join(path.read_text(errors="replace") for path in logs.glob("*.log"))
