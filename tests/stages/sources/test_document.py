"""The beginning of a document, by which its format is told."""

from __future__ import annotations

import pytest

from stages.sources.document import Head


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("A.JSON", ".json"), ("a/b.tar.gz", ".gz"), ("a.b/c", ""), (".hidden", ""), ("", "")],
)
def test_the_ending_of_a_name(name: str, suffix: str) -> None:
    assert Head(name, b"", complete=True).suffix == suffix


def test_the_text_begins_behind_blanks_and_shows_bytes_that_are_none() -> None:
    head = Head("x", b" \r\n\t{\xff}", complete=True)
    assert head.begins == "{\ufffd}"
    assert head.text == " \r\n\t{\ufffd}"
