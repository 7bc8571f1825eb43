"""JSON documents: a list of records, one record, or several documents."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stages.sources.document import Head, Options
from stages.sources.shapes import json_text
from stages.sources.shapes.items import Item
from stages.sources.shapes.json_reader import holds_list, sniff
from stages.sources.structures.stix_bundle import is_bundle
from tests.source_help import as_json, problems, read, record, records, refusal, texts
from tests.source_samples import NOTE_TEXTS, NOTES


def test_records_keep_what_they_were_made_from_and_say_where_they_stood() -> None:
    first = read(as_json({"items": NOTES}))[0]
    assert first.record == {
        "text": "A worm of kind 0.",
        "title": "Note 0",
        "kind": "other",
        "id": "N-0",
        "source": "",
        "original": NOTES[0],
    }
    assert (first.number, first.place) == (1, "items[0]")


def test_what_holds_no_text_is_refused_with_its_names_and_the_flag() -> None:
    told = refusal(as_json({"alpha": 1, "beta": {"gamma": [1, 2]}}))
    assert "its names are alpha, beta" in told and "--records-at" in told
    assert "without the list beta.delta" in refusal(
        as_json({"beta": {"gamma": NOTES}}), records_at="beta.delta"
    )
    assert "--records-at a[b: not a path" in refusal(as_json(NOTES), records_at="a[b")
    assert "looks like neither" in refusal("Just words.", records_at="a.b")


def test_a_value_that_is_too_long_for_a_record_is_told_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(json_text, "MAX_RECORD_BYTES", 4000)
    told = refusal(json.dumps({"title": "A", "tree": ["x" * 50] * 200, "flaws": NOTES}, indent=1))
    assert told.startswith("one JSON value of more than 16 MiB, which is the most for a record")
    assert "--records-at PATH; its first names are title, tree, flaws" in told


def test_one_record_several_documents_and_pages() -> None:
    one = {"title": "Alone", "content": "A worm alone.", "events": [{"time": 1}, {"time": 2}]}
    assert record(json.dumps(one, indent=2))["text"] == "A worm alone."
    several = "\n".join(json.dumps(note, indent=2) for note in NOTES)
    assert texts(several) == NOTE_TEXTS
    pages = [{"total": 9, "items": NOTES[:3]}, {"total": 9, "items": NOTES[3:]}]
    assert texts("".join(json.dumps(page, indent=1) for page in pages)) == NOTE_TEXTS
    assert texts("\n".join(map(json.dumps, pages)), name="pages.jsonl") == NOTE_TEXTS
    assert texts(as_json(pages)) == NOTE_TEXTS


def test_an_empty_list_beside_a_text_is_no_list_of_records() -> None:
    one = {"title": "Alone", "description": "A worm alone.", "weaknesses": [], "results": []}
    assert record(json.dumps(one, indent=2))["text"] == "A worm alone."
    assert read(as_json({"total": 0, "results": []})) == []


def test_elements_that_are_no_records_are_told_by_their_place() -> None:
    assert problems(as_json({"items": [NOTES[0], "text", None, 3, {"a": 1}]})) == [
        "items[1]: not a JSON object",
        "items[2]: not a JSON object",
        "items[3]: not a JSON object",
        "items[4]: no text in it: its fields are a",
    ]


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ('{"items": [{"text": "A worm."}]}', 0.9),
        ('{"title": "Alone", "content": "A worm."}', 0.7),
        ("  [1, 2]", 0.7),
        ("words", 0.0),
        ("", 0.0),
    ],
)
def test_how_sure_it_is_of_a_beginning(text: str, confidence: float) -> None:
    assert sniff(Head("x", text.encode(), complete=True)) == confidence


@pytest.mark.parametrize(
    ("value", "is_list"),
    [
        ({"items": [{"details": "A worm."}]}, True),
        ({"title": "A", "content": "A worm.", "events": [{"time": 1}]}, False),
        ({"document": {"csaf_version": "2.0"}, "vulnerabilities": [{"cve": "x"}]}, False),
        ({"a": 1}, False),
    ],
)
def test_a_list_of_records_is_told_from_a_record_with_a_list(value: Any, is_list: bool) -> None:
    assert holds_list(Head("x", as_json(value), complete=True), Options()) is is_list


def test_a_bundle_is_told_by_its_first_object() -> None:
    object_ = {"type": "tool", "id": "tool--1"}
    assert is_bundle(Item("objects[0]", object_)) and is_bundle(Item("[0]", object_))
    assert not is_bundle(Item("items[0]", object_)) and not is_bundle(Item("objects[0]", [1]))


def test_a_broken_document_among_several_costs_itself() -> None:
    first, *others = (json.dumps(note, indent=1) for note in NOTES[:3])
    found = read("\n".join([first, '{\n"broken" 1}', *others]))
    assert [one.place for one in found if one.problem] == ["document 2"]
    assert [one.record["id"] for one in found if one.record] == ["N-0", "N-1", "N-2"]


def test_an_export_of_a_tracker_is_a_list_of_its_issues() -> None:
    """It was read as one record with the text of none, or refused."""
    said = [f"A thief took rope {number} of the ship." for number in (1, 2)]
    at = "https://ropes.example/rest/issue"
    issues = [
        {"id": f"{n}", "self": at, "fields": {"summary": "Rope gone", "description": one}}
        for n, one in enumerate(said)
    ]
    found = records(as_json({"startAt": 0, "total": 2, "issues": issues}))
    assert [one["title"] for one in found] == ["Rope gone"] * 2
    assert [one["text"] for one in found] == said
