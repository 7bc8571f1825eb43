"""The file behind a log: lines wait, are appended whole, and never raise into the run."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from workers.metrics.line_file import LineFile, encode


def lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines()


def test_lines_wait_until_they_are_flushed(tmp_path: Path) -> None:
    file = LineFile(tmp_path / "logs" / "w1.jsonl")
    file.append({"n": 1})
    assert not file.path.exists()
    for _ in range(2):
        file.flush()
    file.append({"n": 2})
    file.flush()
    assert [orjson.loads(line)["n"] for line in lines_of(file.path)] == [1, 2]


def test_a_torn_last_line_is_not_glued_to_the_next(tmp_path: Path) -> None:
    path = tmp_path / "w1.jsonl"
    path.write_bytes(b'{"torn by a cra')
    file = LineFile(path)
    file.append({"n": 1})
    file.flush()
    assert lines_of(path) == [b'{"torn by a cra', b'{"n":1}']


def test_what_cannot_be_written_is_counted_and_warned_of_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "logs").write_text("a file where the folder should be")
    file = LineFile(tmp_path / "logs" / "w1.jsonl")
    for number in range(3):
        file.append({"n": number})
        file.flush()
    assert file.dropped == 3
    [warning] = capsys.readouterr().err.splitlines()
    assert str(file.path) in warning and "the run continues without it" in warning


@pytest.mark.parametrize("value", ["\ud800", 2**70, Path("a"), float("nan"), {1: 2}, b"x"])
def test_any_value_becomes_a_line(value: object) -> None:
    line = encode({"value": value, "kept": 1})
    assert line.endswith(b"\n") and orjson.loads(line)["kept"] == 1
