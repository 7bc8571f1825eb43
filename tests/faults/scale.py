"""Row 24: what a queue of 100,000 chunks and ten million records costs.

Measures real processes, at a tenth of the size and at the whole.  Invariant: what is
compared was measured in the same run of the harness.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import statistics
import time
from pathlib import Path

from tests.faults import actors
from tests.faults.processes import peak_mb, wait_for
from tests.faults.rig import Job, Process, Rig, Run
from tests.faults.tally import Tally

_ACTORS = Path(actors.__file__)
_RECORDS_PER_CHUNK = 100
_CLAIMS = 1000
_PATIENCE_S = 1800.0
# Ten times the chunks may cost this much more for each: a squared cost would be ten.
_MOST_GROWTH = 3.0
_MOST_P99_MS = 50.0

Figures = dict[str, float]


def big_queue(rig: Rig, times: int) -> Tally:
    """Row 24: `times` chunks of 100 records, and a tenth of them."""
    small, whole = _figures(rig, times // 10), _figures(rig, times)
    tally = Tally(injected=times)
    tally.recovery.append(whole["start-up, s"])
    print(f"  {'':<34}{times // 10:>12,} chunks{times:>12,} chunks")
    for name in whole:
        print(f"  {name:<34}{small[name]:>19.2f}{whole[name]:>19.2f}")
    each = whole["split, s"] / small["split, s"] / 10
    tally.expect(each < _MOST_GROWTH, f"splitting a chunk costs {each:.1f} times as much")
    # Where the disk itself stalls now and then, so does a claim.
    p99, most = whole["claim p99, ms"], _MOST_P99_MS + whole["a rename and two syncs, p99, ms"]
    tally.expect(p99 < most, f"a claim takes {p99:.0f} ms (p99)")
    growth = whole["claim p50, ms"] / small["claim p50, ms"]
    tally.expect(growth < _MOST_GROWTH, f"a claim costs {growth:.1f} times as much")
    tally.note = f"claim p99 {p99:.1f} ms, start-up {whole['start-up, s']:.1f} s"
    return tally


def _figures(rig: Rig, chunks: int) -> Figures:
    source = rig.root / "big.jsonl"
    block = b'{"n":1}\n' * _RECORDS_PER_CHUNK
    with source.open("wb") as file:
        for _ in range(chunks):
            file.write(block)
    # Without text there are no duplicates: the row is about the queue, not about looking for them.
    size = ("--chunk-size", str(_RECORDS_PER_CHUNK))
    flags = ("--disable-llm", "--stages", "data_filter", "--no-dedup", *size)
    run = rig.run(Job(source, [], flags), workers=1)
    found: Figures = {}
    with run.started() as process:
        begun = time.monotonic()
        wait_for(lambda: _is_split(run) or process.poll() is not None, _PATIENCE_S, every=0.1)
        found["split, s"] = time.monotonic() - begun
        found["coordinator while splitting, MB"] = peak_mb(process.pid)
        _interrupt(process)
    found |= _disk(rig)
    found |= _claims(rig, run)
    begun = time.monotonic()
    with run.started() as process:
        wait_for(run.ready, 300)
        found["start-up, s"] = time.monotonic() - begun
        found["status of a live run, s"] = _status(rig, run)
        found["coordinator after start-up, MB"] = peak_mb(process.pid)
        _interrupt(process)
    found["status of a run at rest, s"] = _status(rig, run)
    shutil.rmtree(run.folder)
    source.unlink()
    return found


def _is_split(run: Run) -> bool:
    try:
        return bool(json.loads((run.folder / "run.json").read_bytes())["split"]["complete"])
    except (OSError, ValueError):
        return False


def _interrupt(process: Process) -> None:
    process.send_signal(signal.SIGINT)
    process.wait(60)


def _status(rig: Rig, run: Run) -> float:
    begun = time.monotonic()
    ended = rig.python(str(rig.project / "coordinator.py"), "status", run.name, "--json")
    assert ended.returncode == 0, ended.stderr
    return time.monotonic() - begun


def _disk(rig: Rig) -> Figures:
    """What the disk alone asks for the two folder syncs that a claim waits for."""
    folders = [rig.root / "one", rig.root / "other"]
    for folder in folders:
        folder.mkdir(exist_ok=True)
    (folders[0] / "file").touch()
    fds = [os.open(folder, os.O_RDONLY) for folder in folders]
    times = []
    for _ in range(_CLAIMS):
        begun = time.perf_counter()
        os.rename(folders[0] / "file", folders[1] / "file")
        os.fsync(fds[1])
        os.fsync(fds[0])
        times.append((time.perf_counter() - begun) * 1000)
        folders.reverse()
        fds.reverse()
    for fd in fds:
        os.close(fd)
    return {
        "a rename and two syncs, p50, ms": statistics.median(times),
        "a rename and two syncs, p99, ms": statistics.quantiles(times, n=100)[98],
    }


def _claims(rig: Rig, run: Run) -> Figures:
    ended = rig.python(str(_ACTORS), "measure", str(run.folder), str(_CLAIMS))
    assert ended.returncode == 0, ended.stderr
    pairs = [line.split() for line in ended.stdout.splitlines()]
    times = {kind: [float(ms) for k, ms in pairs if k == kind] for kind, _ in pairs}
    found = {"count all files, ms": times["counts"][0], "longest claim, ms": max(times["claim"])}
    for kind in ("claim", "seal"):
        found[f"{kind} p50, ms"] = statistics.median(times[kind])
        found[f"{kind} p99, ms"] = statistics.quantiles(times[kind], n=100)[98]
    return found
