"""An answer that was cut off is told from one that ends as its source does."""

from __future__ import annotations

import pytest

from stages.gates.finished import is_finished


def test_a_quotation_mark_that_a_text_speaks_of_opens_nothing() -> None:
    said = 'The page does not escape the " (double quote) character in the subject of a mail.'
    for text, whole in ((said, True), (said.replace('" (', '"('), False)):
        assert is_finished(text, said) is whole


@pytest.mark.parametrize(
    ("said", "goes_on", "whole"),
    [
        ('The 5.25" floppy driver reads the subject of a mail.', "", True),
        ("It sends a ( character in the subject of a mail.", "", True),
        ('Attackers call eval("alert(1)) in the subject of a mail.', " Update.", True),
        ("It leaks memory (e.g., keys in the subject of a mail.", " It is (old).", True),
        ("It leaks memory (e.g., keys in the subject of a mail.", " and more).", False),
        ('It says "open it in the subject of a mail.', ' Then "it" opens.', True),
        ('It says "open it in the subject of a mail.', ' Then it opens."', False),
    ],
)  # fmt: skip
def test_what_a_source_leaves_open_is_not_cut(said: str, goes_on: str, whole: bool) -> None:
    assert is_finished(said, f"{said}{goes_on}") is whole


@pytest.mark.parametrize(
    ("said", "whole"),
    [
        ("A flaw in the subject of a mail affects Acme Router A.", True),
        ("A flaw in the subject of a mail affects a.", False),
        ("The subject of a mail was not checked :(", True),
        ("The subject of a mail is checked now. :)", True),
        ("The subject of a mail (see below", False),
        ("The subject of a mail :( was not checked.", True),
    ],
)
def test_a_name_that_ends_in_a_letter_and_a_face_are_no_cut(said: str, whole: bool) -> None:
    """Else each answer that names "Router A" is lost."""
    assert is_finished(said, said.replace("mail", "letter")) is whole
