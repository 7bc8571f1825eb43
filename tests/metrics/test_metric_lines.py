"""Reading metric lines back: whole lines typed, damaged ones named and counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from workers.metrics.metric_kinds import Event, StateChange
from workers.metrics.metric_lines import (
    DamagedLines,
    MetricLine,
    MetricLineError,
    parse_metric_line,
    read_metrics,
)

LINE = MetricLine(1.5, "w1-0badf00d", 900, 16000, StateChange("running"))


def test_a_line_comes_back_as_it_was() -> None:
    for line in (LINE, MetricLine(2.0, "w2", None, None, Event("alarm", {"a": 1}))):
        written = orjson.dumps(line.to_fields())
        assert parse_metric_line(written, "w1.jsonl line 1") == line
    assert list(LINE.to_fields())[:5] == ["time", "worker", "kind", "rss_mb", "available_mb"]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"{torn", "not valid JSON"),
        (b"[1]", "not a JSON object"),
        (b'{"time":1,"worker":"w1"}', "no 'kind'"),
        (b'{"time":"x","worker":"w1","kind":"end"}', "'time' is not a number"),
        (b'{"time":1,"worker":"w1","kind":"end","rss_mb":"x"}', "'rss_mb' is not a whole number"),
    ],
)
def test_a_damaged_line_is_named(data: bytes, problem: str) -> None:
    with pytest.raises(MetricLineError, match=f"^w1.jsonl line 3: {problem}"):
        parse_metric_line(data, "w1.jsonl line 3")


def test_damaged_lines_are_skipped_and_counted(tmp_path: Path) -> None:
    whole = [orjson.dumps(LINE.to_fields()), orjson.dumps({**LINE.to_fields(), "kind": "end"})]
    bad = [b"[1]", b"\xff\xfe", b"\x00", b'{"kind": "to']
    (tmp_path / "w1.jsonl").write_bytes(b"\n".join([*bad, *whole])[:-9])
    (tmp_path / "w2.jsonl").write_bytes(b"\n".join([*whole, b""]))
    damaged = DamagedLines()
    kinds = [line.kind for line in read_metrics(tmp_path, damaged)]
    assert kinds == ["state", "state", "end"]
    assert damaged.count == 5
    assert damaged.first == f"{tmp_path}/w1.jsonl line 1: not a JSON object"
    assert len(list(read_metrics(tmp_path))) == 3


def test_no_folder_gives_no_metrics(tmp_path: Path) -> None:
    assert list(read_metrics(tmp_path / "absent")) == []


def test_lines_of_any_shape_are_typed_or_named() -> None:
    odd: list[Any] = [None, "x", -1, [1], {"a": {"b": []}}, True]
    names = ["stage", "rows", "seconds", "drafts", "first_token", "errors", "phases", "items"]
    typed = 0
    for value in odd:
        for kind in ("batch", "chunk", "work", "time", "death", "state", "other", None):
            fields = {"time": 1, "worker": "w", "kind": kind, **dict.fromkeys(names, value)}
            try:
                typed += parse_metric_line(orjson.dumps(fields), "line").kind == kind
            except MetricLineError as error:
                assert str(error).startswith("line: ")
    assert typed >= len(odd)  # any value may be in an event
