"""Parquet: types, damage, and a library that is missing."""

from __future__ import annotations

import datetime
import io
import sys

import pytest

from tests.source_help import records, refusal


def parquet() -> bytes:
    import pyarrow
    import pyarrow.parquet

    table = pyarrow.table(
        {
            "id": [1, 2],
            "title": ["First", None],
            "description": ["A phishing mail.", "A loader."],
            "seen": [datetime.datetime(2031, 1, 1), None],
            "tags": [["a", "b"], []],
            "raw": [b"\x00\xff", None],
        }
    )
    file = io.BytesIO()
    pyarrow.parquet.write_table(table, file)
    return file.getvalue()


def test_parquet() -> None:
    first, second = records(parquet())
    assert (first["text"], first["title"], first["id"]) == ("A phishing mail.", "First", "1")
    assert first["original"] == {
        "id": 1,
        "title": "First",
        "description": "A phishing mail.",
        "seen": "2031-01-01T00:00:00",
        "tags": ["a", "b"],
        "raw": "AP8=",
    }
    assert second["text"] == "A loader."


def test_parquet_that_is_cut_or_has_no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Parquet, but damaged" in refusal(parquet()[:-10])
    import pyarrow
    import pyarrow.parquet

    file = io.BytesIO()
    table = pyarrow.table({"seen": pyarrow.array([1_500_000_000], pyarrow.date32())})
    pyarrow.parquet.write_table(table, file)
    assert "Parquet, but damaged: days=" in refusal(file.getvalue())
    data = parquet()
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert refusal(data) == "Parquet: install the extra `sources` to read it"
