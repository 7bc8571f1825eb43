"""Which structure a piece has, and the record that it becomes."""

from __future__ import annotations

from typing import Any

import pytest

from stages.sources.found import Found, UnreadablePiece
from stages.sources.shapes.items import Item
from stages.sources.structures.registry import (
    NAMES,
    NESTED,
    STRUCTURES,
    found_in,
    record_of,
    structure_of,
    wanted_structure,
)
from stages.text.record_text import read_record
from tests.source_help import read
from tests.source_samples import TEXT, nvd, nvd_entry


def test_format_names_a_structure_that_the_records_must_have() -> None:
    found = read(nvd(nvd_entry(), {"id": "x", "description": TEXT}), format="nvd")
    assert found[0].record is not None
    assert found[1].problem == "no nvd record: its fields are id, description"


def test_every_structure_has_a_name_of_its_own_and_fits_no_empty_object() -> None:
    assert len(NAMES) == len(STRUCTURES) and NESTED <= NAMES
    values: list[Any] = [{}, {"id": 7}, {"cve": None, "document": 1}, None, [], "nvd"]
    for value in values:
        assert structure_of(value) is None


def test_the_structure_is_told_by_the_fields() -> None:
    found = structure_of(nvd_entry())
    assert found is not None and found.name == "nvd"


@pytest.mark.parametrize(
    ("format_name", "wanted"), [("nvd", "nvd"), ("csv", None), (None, None), ("NVD", None)]
)
def test_only_names_of_structures_want_one(format_name: str | None, wanted: str | None) -> None:
    assert wanted_structure(format_name) == wanted


def test_an_object_of_no_known_structure_is_read_by_its_names() -> None:
    value = {"title": "Worm", "details": "It spreads.", "license": "CC0", "lang": "en-GB"}
    found = record_of(value, key="W-1")
    assert (found["id"], found["title"], found["text"]) == ("W-1", "Worm", "It spreads.")
    assert (found["licence"], found["language"], found["original"]) == ("CC0", "en", value)


@pytest.mark.parametrize(
    ("value", "source"),
    [
        ({"cveMetadata": {"cveId": "CVE-2031-10001"}, "description": TEXT}, "CVE Program"),
        ({"id": "EUVD-2031-1", "enisaIdProduct": [], "summary": TEXT}, "EUVD"),
        ({"threat_severity": "Low", "bugzilla": {}, "name": "CVE-2031-10001", "description": TEXT},
         "Red Hat"),
    ],
)  # fmt: skip
def test_a_flattened_object_of_a_known_structure_keeps_its_text(
    value: dict[str, Any], source: str
) -> None:
    """What a table was made of had no text where its structure has one, and was lost."""
    found = record_of(value)
    assert (found["text"], found["source"]) == (TEXT, source)


def test_the_text_of_such_an_object_is_cleaned_later_and_once() -> None:
    """Code without its marks would be Markdown the second time."""
    found = record_of({"title": "Worm", "summary": "Worm", "details": "Run `*a* [b](http://c)`."})
    assert found["text"] == "Run `*a* [b](http://c)`."
    assert read_record(found).bodies == ("Run *a* [b](http://c).",)


def test_a_record_with_a_text_is_one_already() -> None:
    value = {"text": "A worm.", "cve": {"id": "CVE-2031-10001"}}
    assert record_of(value) is value


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ([1], "not a JSON object"),
        (None, "not a JSON object"),
        ({}, "no text in it: it has no fields"),
        ({"n\x1b": 1}, "no text in it: its fields are n\\x1b"),
        ({f"f{n}": 1 for n in range(10)}, "f6, f7 and 2 more"),
    ],
)
def test_what_is_no_record_says_which_fields_it_has(value: Any, problem: str) -> None:
    with pytest.raises(UnreadablePiece) as raised:
        record_of(value)
    assert problem in raised.value.problem


def test_an_item_becomes_a_record_or_a_problem_at_its_place() -> None:
    assert found_in(Item("x[0]", problem="broken", number=3)) == Found(
        "x[0]", problem="broken", number=3
    )
    assert found_in(Item("x[1]", [])).problem == "not a JSON object"
    flat = {"details": "A worm."}
    assert found_in(Item("line 1", flat, number=1), flat=True).record is flat
    assert (found_in(Item("x[2]", flat)).record or {})["original"] is flat
