"""One holder per chunk: many processes, kills, and a lock file that somebody removes."""

from __future__ import annotations

import fcntl
import os
import random
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from stages.base import Result
from tests.forked import Child, die_at
from tests.queue_checks import chunk_name, drain, make_queue, problems, quick_folder
from workers.core.errors import QueueError
from workers.queue.chunk_queue import ChunkQueue
from workers.queue.locks import KernelLock

Say = Callable[[str], None]


@pytest.fixture
def quick_path(tmp_path: Path) -> Iterator[Path]:
    yield from quick_folder(tmp_path)


def test_a_held_lock_is_refused(tmp_path: Path) -> None:
    lock = KernelLock.try_acquire(tmp_path / "a.lock")
    assert lock is not None
    assert KernelLock.try_acquire(tmp_path / "a.lock") is None

    def other(say: Say) -> None:
        assert KernelLock.try_acquire(tmp_path / "a.lock") is None

    assert Child(other).wait() == 0
    lock.release()
    again = KernelLock.try_acquire(tmp_path / "a.lock")
    assert again is not None
    again.release()
    assert (tmp_path / "a.lock").exists()


def contend(folder: Path, markers: Path, claims: int, seed: int, say: Say) -> None:
    rng = random.Random(seed)
    queue = ChunkQueue(folder)
    made = 0
    while made < claims:
        chunk = queue.claim(f"w{seed}-{made}")
        if chunk is None:
            continue
        made += 1
        # O_EXCL: raises when another process holds the same chunk.
        marker = markers / chunk.name
        os.close(os.open(marker, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        if rng.random() < 0.3:
            os.sched_yield()
        os.unlink(marker)
        chunk.release()
    say(str(made))


def test_a_chunk_is_never_held_twice(quick_path: Path) -> None:
    queue = make_queue(quick_path, chunks=12)
    markers = quick_path / "markers"
    markers.mkdir()
    children = [Child(partial(contend, queue.folder, markers, 75, seed)) for seed in range(8)]
    assert [child.wait() for child in children] == [0] * 8
    assert sum(int(child.said()[0]) for child in children) == 600
    drain(queue)
    assert problems(queue, [f"0:{n}" for n in range(1, 13)]) == []


def seal_or_die(folder: Path, markers: Path, seed: int, say: Say) -> None:
    rng = random.Random(seed)
    die_at(rng.randrange(30, 400))
    queue = ChunkQueue(folder)
    while chunk := queue.claim(f"w{seed}"):
        # A POSIX lock: independent of the queue's flock, and gone with its process.
        with open(markers / chunk.name, "w") as marker:
            fcntl.lockf(marker, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for record_id in chunk.remaining():
                chunk.record(record_id, Result({"by": seed}))
            fcntl.lockf(marker, fcntl.LOCK_UN)
            chunk.seal()


def test_killed_while_contending(quick_path: Path) -> None:
    queue = make_queue(quick_path, chunks=60, records=2)
    markers = quick_path / "markers"
    markers.mkdir()
    killed = 0
    for round_number in range(4):
        children = [
            Child(partial(seal_or_die, queue.folder, markers, seed))
            for seed in range(round_number * 8, round_number * 8 + 8)
        ]
        ends = [child.wait() for child in children]
        assert set(ends) <= {0, -9}
        killed += ends.count(-9)
    assert killed > 4
    queue.recover()
    drain(queue)
    assert problems(queue, [f"0:{n}" for n in range(1, 121)]) == []


def test_a_removed_lock_file_is_noticed_and_lets_nobody_in(tmp_path: Path) -> None:
    queue = make_queue(tmp_path)

    def hold(say: Say) -> None:
        chunk = ChunkQueue(queue.folder).claim("w1")
        assert chunk is not None
        chunk.record("0:1", Result({}))
        say("held")
        os.read(go, 1)
        for step in (chunk.sync, chunk.seal):
            with pytest.raises(QueueError, match="lock file was re"):
                step()

    go, send = os.pipe()
    child = Child(hold)
    assert child.hear() == "held"
    os.unlink(queue.folder / "locks" / f"{chunk_name(0)}.lock")
    assert queue.claim("w2") is None
    assert queue.recover() == []
    os.write(send, b"x")
    assert child.wait() == 0
    assert not (queue.folder / "done" / f"{chunk_name(0)}.jsonl").exists()
    drain(queue)
    assert problems(queue, ["0:1"]) == []


def test_a_lock_removed_before_the_seal_is_noticed_by_name(tmp_path: Path) -> None:
    lock = KernelLock.try_acquire(tmp_path / "a.lock")
    assert lock is not None
    lock.check()
    os.unlink(tmp_path / "a.lock")
    with pytest.raises(QueueError, match="removed"):
        lock.check()
    (tmp_path / "a.lock").touch()
    with pytest.raises(QueueError, match="replaced"):
        lock.check()
