"""Makes queues for tests, works them off, and recounts them from the files.

The recount uses none of the code under test.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stages.base import Result
from workers.queue.chunk_queue import ChunkQueue
from workers.queue.claimed_chunk import ClaimedChunk


def make_queue(folder: Path, chunks: int = 1, records: int = 1) -> ChunkQueue:
    """A queue with pending chunks whose ids are 0:1, 0:2, ... throughout."""
    queue = ChunkQueue(folder / "run" / "2_data_filter")
    queue.create()
    for chunk in range(chunks):
        queue.publish(chunk_name(chunk), envelopes(chunk, records))
    return queue


def chunk_name(index: int) -> str:
    return f"chunk-{index + 1:06}"


def envelopes(chunk: int, records: int) -> list[dict[str, Any]]:
    first = chunk * records + 1
    return [{"id": f"0:{n}", "record": {"n": n}} for n in range(first, first + records)]


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().split(b"\n") if line]


def problems(queue: ChunkQueue, ids: list[str]) -> list[str]:
    """What is wrong with a queue that should be finished: every id once in done/, no strays."""
    found = []
    for state in ("pending", "claimed"):
        found += [f"{state}: {path.name}" for path in (queue.folder / state).iterdir()]
    for path in queue.folder.rglob(".*"):
        found.append(f"stray {path}")
    lines = [line for path in (queue.folder / "done").iterdir() for line in lines_of(path)]
    counted = Counter(line["id"] for line in lines)
    expected = Counter(ids)
    found += [f"lost {i}" for i in (expected - counted).elements()]
    found += [f"duplicated {i}" for i in (counted - expected).elements()]
    failed = [line for path in (queue.folder / "failed").iterdir() for line in lines_of(path)]
    if sorted(map(json.dumps, failed)) != sorted(
        json.dumps(line) for line in lines if line["outcome"] == "failed"
    ):
        found.append("failed/ differs from done/")
    return found


def finish(chunk: ClaimedChunk, by: str = "test") -> None:
    for record_id in chunk.remaining():
        chunk.record(record_id, Result({"by": by}))
    chunk.seal()


def drain(queue: ChunkQueue) -> None:
    while chunk := queue.claim("w-drain"):
        finish(chunk, "drain")


def quick_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory if there is one: a killed process tests nothing of the disk."""
    if not os.access("/dev/shm", os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        yield Path(folder)
