"""Entries of Microsoft's guide: an FAQ's answer does not say what a flaw is."""

from __future__ import annotations

from typing import Any

from stages.sources.shapes.items import Item
from stages.sources.structures.registry import found_in

FAQ = {
    "articleType": "FAQ",
    "description": "<p>What is gained?</p><p>Whoever cuts it gets the tower.</p>",
}
TOLD = {"articleType": "Description", "description": "<p>A loose rope in Gull lets guests in.</p>"}
ENTRY = {
    "cveNumber": "CVE-2031-1234",
    "cveTitle": "Gull Elevation of Privilege Vulnerability",
    "severity": "Important",
    "impact": "Elevation of Privilege",
    "vectorString": "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O/RC:C",
}


def record(*articles: dict[str, str]) -> dict[str, Any]:
    found = found_in(Item("a.json", {**ENTRY, "articles": list(articles)}), flat=True).record
    assert found is not None
    return found


def test_the_description_is_the_text_and_an_answer_of_the_faq_is_not() -> None:
    """ "Whoever cuts it gets the tower." was told for "What is CVE-2031-1234?"."""
    told = record(FAQ, TOLD)
    assert (told["text"], told["title"]) == (TOLD["description"], ENTRY["cveTitle"])
    assert (told["id"], told["kind"], told["severity"]) == (
        ENTRY["cveNumber"], "vulnerability", "Important",
    )  # fmt: skip
    assert told["cvss"]["base_score"] == 7.8


def test_one_with_an_faq_alone_is_told_by_its_title() -> None:
    assert record(FAQ)["text"] == ENTRY["cveTitle"]
