"""A function's name in another case is another function, and no compiler knows it."""

from __future__ import annotations

import pytest

from stages.text.cased import miscased

TEXT = "OpenSection calls readByte. GitLab's team mends it, and gitlab is its user. PORT is set."


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("It is opensection that fails.", ["opensection"]),
        ("READBYTE fails.", ["READBYTE"]),
        ("OpenSection and readByte of gitlab and GitLab fail.", []),
        ("Calls to a Port fail.", []),
    ],
)
def test_a_name_in_another_case_is_found(said: str, found: list[str]) -> None:
    assert [one.text for one in miscased(said, TEXT)] == found
    assert list(miscased(TEXT, TEXT)) == []
