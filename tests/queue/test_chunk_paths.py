"""The states of a chunk in their order, and what each file is called."""

from __future__ import annotations

from pathlib import Path

from workers.core.files import temporary
from workers.queue.chunk_paths import (
    LIFE_CYCLE,
    OPEN_STATES,
    ChunkPaths,
    ChunkState,
    chunk_file_of,
)


def test_states_are_in_the_order_a_chunk_reaches_them() -> None:
    assert list(ChunkState) == ["pending", "claimed", "done", "failed"]
    assert LIFE_CYCLE == ("pending", "claimed", "done") and LIFE_CYCLE[:2] == OPEN_STATES


def test_paths(tmp_path: Path) -> None:
    paths = ChunkPaths(tmp_path, "chunk-000001.r2")
    assert paths.state(ChunkState.DONE) == tmp_path / "done" / "chunk-000001.r2.jsonl"
    assert paths.journal == tmp_path / "claimed" / "chunk-000001.r2.journal"
    assert paths.lock == tmp_path / "locks" / "chunk-000001.r2.lock"


def test_a_journal_belongs_to_its_chunk() -> None:
    assert chunk_file_of("chunk-000001.journal") == "chunk-000001.jsonl"
    assert chunk_file_of("chunk-000001.jsonl") == "chunk-000001.jsonl"


def test_what_a_sealed_chunk_leaves_is_dropped(tmp_path: Path) -> None:
    paths = ChunkPaths(tmp_path, "chunk-000001")
    left = [paths.journal, paths.state(ChunkState.CLAIMED)]
    kept = paths.state(ChunkState.DONE)
    half = [temporary(kept), temporary(paths.state(ChunkState.FAILED))]
    for path in (*left, kept, *half):
        path.parent.mkdir(exist_ok=True)
        path.touch()
    paths.clean_up()
    assert paths.drop_temporaries() == half and paths.drop_temporaries() == []
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [kept]
