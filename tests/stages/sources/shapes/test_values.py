"""The records within a value in memory: lists, mappings of ids, wrappers, or the value itself."""

from __future__ import annotations

from typing import Any

import pytest

from stages.sources.shapes.items import Item
from stages.sources.shapes.record_paths import RecordsAt
from stages.sources.shapes.values import is_page, is_text, items_of, pages_in, tells, tells_itself

A, B = {"details": "A worm."}, {"details": "A loader."}


@pytest.mark.parametrize(
    ("value", "places"),
    [
        ([A, B], ["[0]", "[1]"]),
        ({"items": [A, B]}, ["items[0]", "items[1]"]),
        ({"data": {"entries": [A]}, "more": 1}, ["data.entries[0]"]),
        ({"CVE-2031-10001": A, "CVE-2031-10002": B}, ["CVE-2031-10001", "CVE-2031-10002"]),
        ({"response": {"results": [A], "alerts": [B]}},
         ["response.results[0]", "response.alerts[0]"]),
        ({"first": A, "second": B}, ["first", "second"]),
        ({"acme": {"CVE-2031-10001": A}, "globex": {"CVE-2031-10002": B}},
         ["acme.CVE-2031-10001", "globex.CVE-2031-10002"]),
        ({"en": A, "de": B}, [""]),
        ({"impact": A, "analysis": B}, [""]),
        (A, [""]),
        ({"title": "Worm"}, [""]),
        ("text", [""]),
    ],
)  # fmt: skip
def test_where_records_are(value: Any, places: list[str]) -> None:
    items = items_of(value, "")
    assert items is not None and [item.place for item in items] == places


def test_a_page_of_records_is_told_from_a_record() -> None:
    page = {"total": 2, "items": [A, B]}
    assert pages_in(Item("[1]", page)) == [Item("[1].items[0]", A), Item("[1].items[1]", B)]
    assert is_page(page) and is_page({"data": {"entries": [A]}})
    flaw = {"ghsa_id": "GHSA-2222-3333-4444", "vulnerabilities": [A]}
    for value in (A, flaw, {"details": "A worm.", "events": [A]}, {"items": [], "title": "T"}):
        assert not is_page(value) and pages_in(Item("x", value)) == [Item("x", value)]
    assert pages_in(Item("x", [A])) == [Item("x", [A])]


def test_an_object_without_a_text_or_records_is_none() -> None:
    assert items_of({"count": 3, "tags": ["a"], "items": []}, "") is None


def test_an_article_with_a_list_of_its_own_objects_is_an_article() -> None:
    article = {"details": "A worm of print jobs.", "events": [{"time": 1}, {"time": 2}]}
    assert items_of(article, "document 2") == [Item("document 2", article)]
    assert tells_itself(article) and not tells_itself({"events": [A]})


def test_a_known_structure_is_one_record_whatever_lists_it_holds() -> None:
    flaw = {"ghsa_id": "GHSA-2222-3333-4444", "summary": "A flaw.", "vulnerabilities": [A, B]}
    assert items_of({"items": [flaw]}, "") == [Item("items[0]", flaw)]
    assert items_of(flaw, "") == [Item("", flaw)]


def test_a_path_leads_to_lists_mappings_and_values() -> None:
    value = {"x": {"y": [A, B], "z": {"k": A, "l": B}, "one": {"details": "A worm."}}}
    at = {
        path: items_of(value, "", RecordsAt.parse(path)) or []
        for path in ("x.y", "x.z", "x.one", "x.none")
    }
    assert [item.place for item in at["x.y"]] == ["x.y[0]", "x.y[1]"]
    assert [(item.key, item.value) for item in at["x.z"]] == [("k", A), ("l", B)]
    assert at["x.one"] == [Item("x.one", A)] and at["x.none"] == []


@pytest.mark.parametrize("value", [None, 3, "text", [A], {}, {"count": 3}])
def test_what_tells_nothing(value: Any) -> None:
    assert not tells(value)
    assert not isinstance(value, dict) or not is_text(value)


def test_lists_of_objects_are_no_text_of_the_object_that_holds_them() -> None:
    assert not is_text({"papers": [A]}) and not is_text({"x": {"papers": [A]}})
    assert is_text({"description": [{"lang": "en", "value": "A flaw."}]})
