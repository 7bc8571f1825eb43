"""The deaths file: what is read was written whole, and a torn line spoils no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from workers.queue.deaths import Death, append_death, read_deaths

FIRST, LAST = Death("w1", 7, "exit 3", True), Death("w3", 8, "SIGKILL", False)


def test_a_torn_line_is_skipped_and_the_next_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "deaths.jsonl"
    append_death(path, FIRST)
    path.write_bytes(path.read_bytes() + b'{"worker":"w2","pi')
    append_death(path, LAST)
    assert read_deaths(path) == {"w1": FIRST, "w3": LAST}
    assert path.read_bytes().count(b"}\n") == 2


@pytest.mark.parametrize(
    "line", ['{"worker":"w2"}', '{"worker":2,"pid":1,"cause":"x","counts":true}', "[]", "7"]
)
def test_what_is_no_death_is_skipped(tmp_path: Path, line: str) -> None:
    path = tmp_path / "deaths.jsonl"
    path.write_text(line + "\n")
    append_death(path, FIRST)
    assert read_deaths(path) == {"w1": FIRST}


def test_without_a_file_nobody_died(tmp_path: Path) -> None:
    assert read_deaths(tmp_path / "deaths.jsonl") == {}
