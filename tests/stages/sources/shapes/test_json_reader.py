"""JSON documents: a list of records, one record, or several documents."""

from __future__ import annotations

import json

from tests.source_help import as_json, problems, read, record, refusal, texts
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


def test_one_record_several_documents_and_pages() -> None:
    one = {"title": "Alone", "content": "A worm alone.", "events": [{"time": 1}, {"time": 2}]}
    assert record(json.dumps(one, indent=2))["text"] == "A worm alone."
    several = "\n".join(json.dumps(note, indent=2) for note in NOTES)
    assert texts(several) == NOTE_TEXTS
    pages = json.dumps({"items": NOTES[:3]}, indent=1) + json.dumps({"items": NOTES[3:]}, indent=1)
    assert texts(pages) == NOTE_TEXTS


def test_elements_that_are_no_records_are_told_by_their_place() -> None:
    assert problems(as_json({"items": [NOTES[0], "text", None, 3, {"a": 1}]})) == [
        "items[1]: not a JSON object",
        "items[2]: not a JSON object",
        "items[3]: not a JSON object",
        "items[4]: no text in it: its fields are a",
    ]
