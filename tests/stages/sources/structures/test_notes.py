"""Which notes of an advisory are prose about it."""

from __future__ import annotations

import pytest

from stages.sources.structures.csaf import read_csaf
from stages.sources.structures.notes import asked_and_answered, tells


@pytest.mark.parametrize(
    ("category", "title", "told"),
    [
        ("summary", "", True),
        ("Summary", "Topic", True),
        ("general", "Details", True),
        ("General", "General Recommendations", False),
        ("general", "", False),
        ("details", "Patchnames", False),
        ("legal_disclaimer", "Summary", False),
        ("", "", False),
    ],
)
def test_a_note_tells_by_its_category_or_its_title(category: str, title: str, told: bool) -> None:
    assert tells(category, title, ("summary", "details")) is told


def test_an_faq_and_who_assigned_a_number_are_no_prose_about_a_flaw() -> None:
    """ "Gull" was told for "What is CVE-2031-1234?", and so was what an attacker gains."""
    notes = [
        {"category": "general", "title": "Assigning CNA", "text": "Gull"},
        {"category": "faq", "title": "What is gained?", "text": "Whoever cuts it gets a tower."},
    ]
    flaw = {"cve": "CVE-2031-1234", "title": "Gull: a loose rope", "notes": notes}
    document = {"csaf_version": "2.0", "title": "Gull", "tracking": {"id": "G-1"}}
    text = read_csaf({"document": document, "vulnerabilities": [flaw]}).text
    assert text == "CVE-2031-1234 Gull: a loose rope"


def test_a_title_and_a_remark_on_scores_are_no_prose_beside_a_description() -> None:
    """The title stood in the midst of the text without a full stop, the remark behind it."""
    title = {"category": "summary", "text": "Gull: a loose rope"}
    notes = [
        {"category": "description", "text": "The rope of Gull is cut too long."},
        title,
        {"category": "general", "title": "CVSS score applicability", "text": "Scores are hints."},
    ]
    flaw = {"cve": "CVE-2031-1234", "title": "Gull: a loose rope", "notes": notes}
    document = {"csaf_version": "2.0", "title": "Gull", "tracking": {"id": "G-1"}}
    text = read_csaf({"document": document, "vulnerabilities": [flaw]}).text
    assert text == "CVE-2031-1234 Gull: a loose rope: The rope of Gull is cut too long."
    alone = read_csaf({"document": document, "vulnerabilities": [{**flaw, "notes": [title]}]}).text
    assert alone == "CVE-2031-1234 Gull: a loose rope: Gull: a loose rope"


@pytest.mark.parametrize(
    ("category", "title", "said"),
    [
        (
            "faq",
            "Is a bell without a rope at risk?",
            "Is a bell without a rope at risk? No. It's a lamp.",
        ),
        ("faq", "FAQ", ""),
        ("details", "Is a bell without a rope at risk?", ""),
    ],
)
def test_a_question_of_an_faq_stands_in_front_of_its_answer(
    category: str, title: str, said: str
) -> None:
    """ "No." answers nothing alone."""
    assert asked_and_answered(category, title, "No.\nIt's a lamp.") == said


def test_an_faq_is_kept_where_it_can_only_be_on_one_flaw() -> None:
    note = {"category": "faq", "title": "Is a bell at risk?", "text": "No."}
    document = {"csaf_version": "2.0", "title": "Gull", "tracking": {"id": "G-1"}}
    flaws = [{"cve": f"CVE-2031-123{at}", "notes": [note]} for at in (1, 2)]
    told = [
        read_csaf({"document": document, "vulnerabilities": some}).more["faq"]
        for some in (flaws[:1], flaws)
    ]
    assert told == [["Is a bell at risk? No."], []]
