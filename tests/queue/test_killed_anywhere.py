"""A worker killed at every system call of a chunk's life: nothing lost, nothing twice."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from stages.base import Failed, Outcome, Removed, Result
from tests.forked import Child, die_at
from tests.queue_checks import (
    chunk_name,
    drain,
    envelopes,
    lines_of,
    make_queue,
    problems,
    quick_folder,
)
from workers.queue.chunk_queue import ChunkQueue

Say = Callable[[str], None]


@pytest.fixture
def quick_path(tmp_path: Path) -> Iterator[Path]:
    yield from quick_folder(tmp_path)


def whole_life(folder: Path, die: int, by: str, say: Say) -> None:
    """Publish, claim, work, seal; says what was acknowledged; killed at step `die`."""
    die_at(die)
    queue = ChunkQueue(folder)
    queue.recover()
    queue.publish(chunk_name(0), envelopes(0, 3))
    chunk = queue.claim(f"w-{by}")
    if chunk is None:
        return
    chunk.begin(chunk.remaining())
    outcomes: dict[str, Outcome] = {
        "0:1": Result({"by": by}),
        "0:2": Removed(by),
        "0:3": Failed(by),
    }
    for record_id in chunk.remaining():
        chunk.record(record_id, outcomes[record_id])
        chunk.sync()
        say(f"{record_id} {by}")
    chunk.seal()


def by_whom(line: dict[str, Any]) -> str:
    told: str = {"result": lambda: line["records"][0]["by"], "removed": lambda: line["reason"],
            "failed": lambda: line["error"]}[line["outcome"]]()  # fmt: skip
    return told


def check_after_deaths(queue: ChunkQueue, acknowledged: list[str]) -> None:
    assert Child(partial(whole_life, queue.folder, 0, "last")).wait() == 0
    assert problems(queue, ["0:1", "0:2", "0:3"]) == []
    done = lines_of(queue.folder / "done" / f"{chunk_name(0)}.jsonl")
    assert [line["id"] for line in done] == ["0:1", "0:2", "0:3"]
    kept = {line["id"]: by_whom(line) for line in done}
    for line in acknowledged:
        record_id, by = line.split()
        assert kept[record_id] == by


@pytest.mark.parametrize("first_to_come", ["coordinator", "worker"])
def test_killed_at_every_step_then_recovered(quick_path: Path, first_to_come: str) -> None:
    for number in range(1, 500):
        queue = make_queue(quick_path / str(number), chunks=0)
        child = Child(partial(whole_life, queue.folder, number, "first"))
        end = child.wait()
        done = queue.folder / "done" / f"{chunk_name(0)}.jsonl"
        sealed = done.read_bytes() if done.exists() else None
        if first_to_come == "worker":
            drain(queue)
        check_after_deaths(queue, child.said())
        assert sealed in (None, done.read_bytes())
        if end == 0:
            break
    assert 40 < number < 499


def test_killed_again_while_recovering(quick_path: Path) -> None:
    rng = random.Random(1)
    for trial in range(25):
        queue = make_queue(quick_path / str(trial), chunks=0)
        acknowledged: list[str] = []
        for depth in range(4):
            die = rng.randrange(1, 70) if depth == 0 else rng.randrange(1, 40)
            by = f"life{depth}"
            child = Child(partial(whole_life, queue.folder, die, by))
            assert child.wait() in (0, -9)
            acknowledged += child.said()
        check_after_deaths(queue, acknowledged)
