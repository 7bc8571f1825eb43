"""A table in a file: rows come back as they went in, and nobody writes to what was read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stages.similar.table import SKETCH, TableWriter

ROW = np.dtype([("key", np.uint64), ("code", np.uint16)])


@pytest.fixture
def writer(tmp_path: Path) -> TableWriter:
    return TableWriter(tmp_path / "table", ROW)


def rows(*keys: int) -> np.ndarray:
    return np.array([(key, at) for at, key in enumerate(keys)], ROW)


def test_blocks_come_back_as_one_table_in_their_order(writer: TableWriter) -> None:
    for block in (rows(7, 2**64 - 1), rows(), rows(5)):
        writer.append(block)
    table = writer.finished()
    assert (table.dtype, writer.rows) == (ROW, 3)
    assert table["key"].tolist() == [7, 2**64 - 1, 5] and table["code"].tolist() == [0, 1, 0]


def test_rows_that_are_a_part_of_others_are_written_alone(writer: TableWriter) -> None:
    writer.append(rows(1, 2, 3, 4, 5)[1::2])
    assert writer.finished()["key"].tolist() == [2, 4]


def test_a_table_without_rows_can_be_read(writer: TableWriter) -> None:
    table = writer.finished()
    assert (table.shape, table.dtype) == ((0,), ROW)


def test_what_was_read_can_not_be_changed(writer: TableWriter) -> None:
    writer.append(rows(1))
    table = writer.finished()
    with pytest.raises(ValueError, match="read-only"):
        table["key"] = 2
    with pytest.raises(ValueError, match="closed"):
        writer.append(rows(2))
    writer.close()


def test_an_older_table_of_that_name_is_gone(tmp_path: Path) -> None:
    (tmp_path / "table").write_bytes(b"x" * 1000)
    writer = TableWriter(tmp_path / "table", np.dtype(SKETCH))
    writer.append(np.zeros(2, SKETCH))
    assert len(writer.finished()) == 2
    assert (tmp_path / "table").stat().st_size == 2 * np.dtype(SKETCH).itemsize
