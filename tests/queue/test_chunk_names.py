"""Names of chunks: what is one, in which order, and from which file."""

from __future__ import annotations

import pytest

from workers.core.errors import QueueError
from workers.queue.chunk_names import ChunkName, chunk_of_file, chunk_order


@pytest.mark.parametrize(
    "name", ["chunk-1", "chunk-000001.r0", "chunk-000001.rx", "../chunk-000001", "chunk-000001\n"]
)
def test_other_names_are_no_chunks(name: str) -> None:
    assert ChunkName.parse(name) is None
    assert chunk_of_file(f"{name}.jsonl") is None
    with pytest.raises(QueueError, match="is not a chunk name"):
        chunk_order(name)


def test_names_are_ordered_by_their_numbers() -> None:
    names = ["chunk-000002", "chunk-000002.r2", "chunk-000002.r10", "chunk-1000000"]
    parsed = [ChunkName.parse(name) for name in names]
    assert [str(name) for name in parsed] == names
    assert parsed == sorted(filter(None, parsed))
    assert sorted({*names}, key=chunk_order) == names


def test_only_chunk_files_are_chunks() -> None:
    assert chunk_of_file("chunk-000001.r2.jsonl") == "chunk-000001.r2"
    for name in ("chunk-000001", "chunk-000001.journal", ".chunk-000001.jsonl.tmp"):
        assert chunk_of_file(name) is None
