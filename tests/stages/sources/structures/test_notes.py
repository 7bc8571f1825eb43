"""Which notes of an advisory are prose about it."""

from __future__ import annotations

import pytest

from stages.sources.structures.csaf import read_csaf
from stages.sources.structures.notes import tells


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
