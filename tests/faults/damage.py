"""Rows 20, 21 and 30: damaged journals, changed inputs, and the same thing done three times."""

from __future__ import annotations

import os
import re
import shutil
import time
from pathlib import Path

from tests.faults import actors
from tests.faults.recount import json_lines
from tests.faults.rig import FINISHED, Rig, Run
from tests.faults.tally import Tally

_ACTORS = Path(actors.__file__)
_BATCH = 60
_MAKE_JOURNAL = """
import os, sys
from pathlib import Path
from stages.base import Result
from workers.queue.chunk_queue import ChunkQueue
queue = ChunkQueue(Path(sys.argv[1]) / "2_data_filter")
queue.create()
queue.publish("chunk-000001", [{"id": f"0:{n}", "record": {"n": n}} for n in range(1, 4)])
chunk = queue.claim("first")
chunk.begin(["0:1", "0:2", "0:3"])
for n in (1, 2):
    chunk.record(f"0:{n}", Result({"by": "first"}))
chunk.sync()
os._exit(0)
"""


def damaged_journal(rig: Rig, times: int) -> Tally:
    """Row 20: each byte of a journal flipped, and the journal cut at each byte."""
    tally = Tally()
    template = rig.root / "journal"
    template.mkdir()
    made = rig.python("-c", _MAKE_JOURNAL, str(template))
    assert made.returncode == 0, made.stderr
    whole = _journal(template).read_bytes()
    faults = [(at, how) for at in range(len(whole)) for how in ("flip", "cut")]
    chosen = faults if times >= len(faults) else rig.random.sample(faults, times)
    for start in range(0, len(chosen), _BATCH):
        _try_batch(rig, template, whole, chosen[start : start + _BATCH], tally)
    shutil.rmtree(template)
    return tally


def _journal(folder: Path) -> Path:
    return folder / "2_data_filter" / "claimed" / "chunk-000001.journal"


def _try_batch(
    rig: Rig, template: Path, whole: bytes, faults: list[tuple[int, str]], tally: Tally
) -> None:
    folders = []
    for at, how in faults:
        folder = rig.root / f"journal-{at}-{how}"
        shutil.copytree(template, folder)
        flipped = whole[:at] + bytes([whole[at] ^ 1 << rig.random.randrange(8)]) + whole[at + 1 :]
        _journal(folder).write_bytes(whole[:at] if how == "cut" else flipped)
        folders.append(folder)
    ended = rig.python(str(_ACTORS), "take", *map(str, folders))
    tally.expect(ended.returncode == 0, f"the second worker ended: {ended.stderr[-300:]}")
    refused = dict(re.findall(r"refused (\S+?)/2_data_filter/\S*journal line (\d+)", ended.stdout))
    for folder, (at, how) in zip(folders, faults, strict=True):
        tally.injected += 1
        _judge(folder, whole, at, how, refused.get(str(folder)), tally)
        shutil.rmtree(folder)


def _judge(
    folder: Path, whole: bytes, at: int, how: str, refused: str | None, tally: Tally
) -> None:
    """The tail is repaired and redone; damage before it is refused, with the line's number."""
    line = whole[:at].count(b"\n") + 1
    done = folder / "2_data_filter" / "done" / "chunk-000001.jsonl"
    ids = [found["id"] for found in json_lines(done)] if done.exists() else []
    if how == "flip" and line < whole.count(b"\n"):
        # A newline that is gone joins its line and the next.
        tally.expect(refused == str(line), f"byte {at} of line {line}: refused line {refused}")
        tally.expect(not done.exists(), f"byte {at}: sealed all the same")
    else:
        tally.expect(refused is None, f"{how} at {at}, in the tail: refused line {refused}")
        tally.lost += 3 - len(set(ids))
        tally.duplicated += len(ids) - len(set(ids))


def changed_input(rig: Rig, times: int) -> Tally:
    """Row 21: the input is edited, cut, grown or swapped after the split."""
    tally = Tally()
    job = rig.job(200, 8)
    whole = job.source.read_bytes()
    for number in range(times):
        run = rig.run(job, workers=2)
        if number % 2:
            run.once()
        else:
            with run.started():
                _wait_for_manifest(run)
        _change(job.source, whole, number)
        ended = run.once()
        tally.injected += 1
        told = ended.status == 1 and "changed since the run was created" in ended.text
        tally.expect(told, f"change {number % 5}: exit {ended.status}: {ended.text[-200:]}")
        _restore(job.source, whole)
        if number % 2:  # before the split ended, size and time decide, and the time is new
            tally.add(run.check())
    return tally


def _wait_for_manifest(run: Run) -> None:
    while not (run.folder / "run.json").exists():
        time.sleep(0.005)


def _change(source: Path, whole: bytes, number: int) -> None:
    middle = len(whole) // 2
    if number % 5 == 0:
        source.write_bytes(whole[:middle] + b"X" + whole[middle + 1 :])
    elif number % 5 == 1:
        source.write_bytes(whole[:middle])
    elif number % 5 == 2:
        source.write_bytes(whole + b'{"text": "one more"}\n')
    elif number % 5 == 3:
        source.write_bytes(whole[:middle] + whole[middle : middle + 1] * 2 + whole[middle + 2 :])
    else:
        other = source.with_name("other.jsonl")
        other.write_bytes(whole.replace(b"overflow", b"OVERFLOW"))
        source.unlink()
        source.symlink_to(other)


def _restore(source: Path, whole: bytes) -> None:
    if source.is_symlink():
        source.unlink()
    source.write_bytes(whole)
    os.utime(source)


def repeated(rig: Rig, times: int) -> Tally:
    """Row 30: split, publish and merge done three times over give the same bytes."""
    tally = Tally()
    job = rig.job(200, 8)
    for _ in range(times):
        run = rig.run(job, workers=2)
        bytes_seen = []
        for attempt in range(3):
            if attempt == 2:
                shutil.rmtree(run.folder / "results")
            tally.expect(run.once().status in FINISHED, "a finished run could not be taken up")
            bytes_seen.append(_files(run.folder))
        tally.injected += 3
        same = all(seen == bytes_seen[0] for seen in bytes_seen)
        tally.misfiled += not same
        tally.expect(same, "results or sealed chunks changed")
        tally.add(run.check())
    return tally


def _files(run: Path) -> dict[str, bytes]:
    kept = [*run.glob("results/*"), *run.glob("*/done/*"), *run.glob("*/failed/*")]
    return {str(path.relative_to(run)): path.read_bytes() for path in kept}
