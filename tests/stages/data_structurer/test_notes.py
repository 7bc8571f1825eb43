"""A note without a verb gets one; a sentence, or what is not surely such a note, stays."""

from __future__ import annotations

import pytest

from stages.data_structurer.notes import (
    has_verb,
    is_on_report,
    told_plainly,
    with_verb,
    without_labels,
)
from tests.stages.data_structurer.own_answers_help import answer, flaw


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Race condition in the queue of Lark 2.1 while jobs are sent. It was reported in May.",
         "CVE-1 concerns a race condition in the queue of Lark 2.1 while jobs are sent. It was"
         " reported in May."),
        ("Open redirect in Lark 2.1.", "CVE-1 concerns an open redirect in Lark 2.1."),
        ("Cleartext storage of names in Lark 2.1.",
         "CVE-1 concerns cleartext storage of names in Lark 2.1."),
        ("SQL injection vulnerability in a.php of Lark 2.1.",
         "CVE-1 concerns an SQL injection vulnerability in a.php of Lark 2.1."),
        ("Multiple buffer overflows in Lark 2.1.",
         "CVE-1 concerns multiple buffer overflows in Lark 2.1."),
        ("Use of Hard-coded Ropes vulnerability in Lark, Lark Lamp.",
         "CVE-1 concerns a Use of Hard-coded Ropes vulnerability in Lark, Lark Lamp."),
        ("Use-after-free in Lark 2.1.", "CVE-1 concerns a use-after-free in Lark 2.1."),
    ],
)  # fmt: skip
def test_a_note_gets_a_verb(text: str, said: str) -> None:
    assert with_verb(text, "CVE-1") == said


@pytest.mark.parametrize(
    "text",
    [
        "Multiple race conditions in Lark 2.1 allow local users to read files.",
        "Missing authentication for the list in Lark 2.1 discloses names.",
        "Lark 2.1 buffer overflow in the queue.",
        "Path traversal was found in Lark 2.1.",
    ],
)
def test_a_sentence_stays(text: str) -> None:
    assert with_verb(text, "CVE-1") == text


def test_a_note_with_a_verb_gets_its_article() -> None:
    text = "Race condition in Lark 2.1 allows local users to read files."
    assert with_verb(text, "CVE-1") == f"A {text[:1].lower()}{text[1:]}"
    assert has_verb(text) and not has_verb("Full control of the domain by anyone with a lamp.")


ONE, TWO = "CVE-2099-0001", "CVE-2099-0002"


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        (f"{ONE}: Memory corruption in the parser of Lark. Lark 2 is safe.", "x",
         f"{ONE} concerns memory corruption in the parser of Lark. Lark 2 is safe."),
        (f"{ONE}: Lark reads keys twice.", f"the advisory L-1 ({ONE})", "Lark reads keys twice."),
        (f"{ONE}: Lark reads keys twice.", "the advisory L-1", f"{ONE}: Lark reads keys twice."),
        (f"News of Lark. {ONE}: It reads keys. {TWO}: It forgets keys.", f"the advisory {ONE}",
         f"News of Lark.\n{ONE}: It reads keys.\n{TWO}: It forgets keys."),
        ("News of Lark.\n\nIt forgets keys.", "x", "News of Lark.\n\nIt forgets keys."),
    ],
)  # fmt: skip
def test_an_id_in_front_of_what_is_told_of_a_flaw(text: str, name: str, said: str) -> None:
    assert without_labels(text, name) == said


def test_a_version_of_a_protocol_is_no_verb() -> None:
    said = with_verb("GULL attack in TLS 1.0. Keys are weak.", "CVE-1")
    assert said == "CVE-1 concerns a GULL attack in TLS 1.0. Keys are weak."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("In the Lark kernel, the following vulnerability has been resolved: rope: gull: count the"
         " knots. When a rope is cut, gull_knot() goes on and counts the knots of freed rope.",
         "In the Lark kernel, when a rope is cut, gull_knot() goes on and counts the knots of freed"
         " rope."),
        ("In the Lark kernel, the following vulnerability has been resolved: rope: gull: count the"
         " knots. It was wrong.",) * 2,
        ("Gulls that ask the mast (as our own guide says 😀) can be fooled.",
         "Gulls that ask the mast can be fooled."),
        ("Gulls (of the harbour) can be fooled.",) * 2,
    ],
)  # fmt: skip
def test_a_flaw_is_told_without_the_phrases_of_those_who_keep_the_product(
    text: str, said: str
) -> None:
    assert told_plainly(text) == said


def test_a_summary_does_not_begin_with_the_title_that_was_asked_about() -> None:
    title = "Lark: tickets live on after a change"
    text = f"CVE-2099-0001 {title}: A key stays valid.\n{title}\nAll keys are old."
    name = f'the advisory LRK-9 ("{title}")'
    assert without_labels(text, name) == "A key stays valid.\nAll keys are old."


def test_a_flaw_is_told_of_by_its_id() -> None:
    told = answer(flaw("Stack overflow in the parser of Lark 2.1."), "vulnerability_explanation")
    assert told == "CVE-2099-0001 concerns a stack overflow in the parser of Lark 2.1."


@pytest.mark.parametrize(
    ("note", "on_report"),
    [
        ("bell() in old towers; first report had seemed incorrect.", True),
        ("A tower rings too often; may overlap CVE-2099-0002.", True),
        ("A tower rings any bell that a guest names.", False),
        ("A guest reports a bell as incorrectly hung and gets its key.", False),
    ],
)
def test_notes_on_the_report_of_a_flaw(note: str, on_report: bool) -> None:
    """As the description of a flaw they teach nothing of it."""
    assert is_on_report(note) == on_report


def test_a_note_that_is_all_there_is_has_what_is_affected_behind_it() -> None:
    """Its title says as much."""
    said = "Use of Hard-coded Ropes vulnerability in Lark Lamp."
    told = answer(flaw(said) | {"affected": ["Lark Lamp before 2.1"]}, "vulnerability_explanation")
    assert told == (
        "CVE-2099-0001 concerns a Use of Hard-coded Ropes vulnerability in Lark Lamp. It affects"
        " Lark Lamp before 2.1."
    )
