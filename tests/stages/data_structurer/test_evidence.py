"""Where a text names the role of a passage, and of which records that is asked."""

from __future__ import annotations

import pytest

from stages.data_structurer.evidence import is_strict, is_under, passage
from stages.data_structurer.passages import sentences_of
from stages.data_structurer.roles import by_cues
from stages.data_structurer.subjects import Subject
from stages.recipe.recipe import shipped

HOW = shipped().roles
TEXT = ("Ropes were cut.\n\nWhat to do:\nReplace all ropes at once. Install a lamp on the pier."
        "\n\nMore:\nThe pier is old and made of wood.")  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "name", "strict"),
    [("other", 'the report "A"', True), ("threat_report", 'the report "A"', True),
     ("malware", "the malware Foo", True), ("malware", "the malware Foo (S1000)", False),
     ("incident", "I-9", True), ("vulnerability", "CVE-2099-1", False)],
)  # fmt: skip
def test_free_texts_are_taken_at_their_headings_only(kind: str, name: str, strict: bool) -> None:
    assert is_strict(Subject(kind, name, name), "respond") is strict


def test_a_passage_is_what_stands_under_one_heading() -> None:
    found = sentences_of(TEXT)
    roles = [by_cues(one.text, HOW, heading=one.heading) for one in found]
    under = [at for at, one in enumerate(found) if is_under(one, "respond", HOW)]
    assert passage(found, roles, under[0], "respond", HOW) == set(under)
    assert [found[at].text for at in under] == [
        "Replace all ropes at once.", "Install a lamp on the pier.",
    ]  # fmt: skip
    assert passage(found, roles, len(found) - 1, "respond", HOW) == {len(found) - 1}
