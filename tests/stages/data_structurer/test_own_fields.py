"""What somebody has written, without what stages have found out."""

from __future__ import annotations

import asyncio

import pytest

from stages.base import Record, Result
from stages.data_filter.stage import DataFilter
from stages.data_structurer.own_fields import own_fields
from stages.recipe.recipe import shipped
from stages.sources.shapes.items import Item
from stages.sources.structures.registry import found_in

TEXT = "Attackers used a flaw in the mail server of a Windows host to steal passwords in May."


def filtered(record: Record) -> Record:
    outcome = asyncio.run(DataFilter(recipe=shipped()).process(record, None))
    assert isinstance(outcome, Result)
    return outcome.records[0]


@pytest.mark.parametrize(
    "own",
    [
        {"title": "A break-in", "body": TEXT},
        {"body": TEXT, "recommendations": ["Change all passwords of the host."]},
        {"body": TEXT, "mitigations": ["Change all passwords of the host."]},
        {"body": TEXT, "mitigations": "Change all passwords.", "solution": "Update the server."},
        {"body": TEXT, "affected_systems": ["Mail server 4"], "risk_level": "grave"},
        {"body": TEXT, "affected_systems": ["Windows"]},
        {"body": TEXT, "logsource": {"product": "windows"}},
        {"body": TEXT, "technical_description": "The server did not check the length of a name."},
    ],
)
def test_of_what_the_filter_adds_nothing_is_a_records_own(own: Record) -> None:
    found = own_fields(filtered(own))
    assert {name: found[name] for name in found if name in own} == own
    extra = found.keys() - own.keys()
    assert not extra & {"technical_description", "mitigations", "affected_systems", "fields_from"}


def test_of_a_record_that_a_reader_made_its_fields_and_of_a_feed_none() -> None:
    own = {"body": TEXT, "fix": "Buy new ones."}
    made = found_in(Item("here", own)).record
    assert made is not None and own_fields(made) == own
    assert own_fields({**made, "text": "Something else."}) == {}


def test_what_wraps_a_record_is_passed_over() -> None:
    assert own_fields({"_id": "a", "_source": {"body": TEXT}}) == {"body": TEXT}


def test_a_field_in_another_language_is_none_that_an_answer_tells() -> None:
    """An English answer once ended with a German sentence."""
    foreign = "Alle Rechner der Stadt sind verschlüsselt, und niemand kann die Ämter erreichen."
    own: Record = {"body": TEXT, "Auswirkung": foreign, "team": "Stadtwerke Nordheim"}
    assert own_fields(filtered(own)).keys() >= {"body", "team"}
    assert "Auswirkung" not in own_fields(filtered(own))
    assert "Auswirkung" in own_fields({**own, "language": "Python"})


def test_the_only_object_of_a_record_is_the_record_whatever_the_filter_has_set() -> None:
    """Its title was overlooked, and it was told as a dump of its fields."""
    inner = {"heading": "Ropes", "what_happened": TEXT}
    marked = {"language": "en", "review_required": True, "flags": ["x"], "case": inner}
    assert own_fields(marked) == inner


@pytest.mark.parametrize(("text", "listed"), [("Ropes", True), ("- a.example: bait", True),
                                              (TEXT, False)])  # fmt: skip
def test_an_event_of_indicators_alone_has_them_to_tell(text: str, listed: bool) -> None:
    event = {"title": "Ropes", "text": text, "indicators": ["domain: a.example"], "original": {}}
    assert ("indicators" in own_fields(event)) is listed


def test_what_the_filter_has_set_is_no_field_of_the_record() -> None:
    """The first field was no longer the first, and a title no longer one."""
    assert list(own_fields({"language": "en", "rope_note": "Ropes", "text": TEXT})) == [
        "rope_note",
        "text",
    ]


def test_how_a_paper_was_printed_is_nothing_that_it_tells() -> None:
    """Summaries of papers ended with "Comments: 14 pages, 3 figures."."""
    paper = {"title": "Foo", "abstract": "We find flaws.", "comments": "The code is public."}
    assert "comments" in own_fields(paper)
    for printed in (
        "14 pages",
        "14 pages, 3 figures; accepted at Foo 2030",
        "9 pages and 2 tables.",
    ):
        assert "comments" not in own_fields(paper | {"comments": printed})
    told = "12 pages of the kit hold a form that sends the password to its operators."
    assert own_fields(paper | {"comments": told})["comments"] == told


def test_a_document_of_a_database_is_what_its_row_wraps() -> None:
    """CouchDB gives rows with a `doc` each, of which nothing was told."""
    own = {"title": "A break-in", "body": TEXT}
    assert own_fields({"id": "7", "value": {"rev": "1-a"}, "doc": own}) == own
