"""Looks into values that strangers wrote: a wrong type is as good as nothing."""

from __future__ import annotations

from typing import Any

import pytest

from stages.sources.structures.reading import (
    Said,
    first_text,
    in_one_language,
    links_of,
    look_up,
    objects,
    objects_at,
    paragraphs,
    short_language,
    strings,
    strings_at,
    text_at,
)
from tests.stage_help import hostile_records

VALUE = {"a": {"b": " text ", "n": 7, "list": [{"c": 1}, "x", " ", None, {"c": 2}]}, "e": ""}


def test_paths_lead_to_values_or_nowhere() -> None:
    assert look_up(VALUE, "a", "n") == 7 and look_up(VALUE, "a", "b", "c") is None
    assert text_at(VALUE, "a", "b") == "text"
    assert text_at(VALUE, "a", "n") == text_at(VALUE, "x", "y") == text_at(None, "a") == ""
    assert first_text({"one": " ", "two": 2, "three": "3"}, "one", "two", "three") == "3"


def test_lists_and_what_stands_in_their_place() -> None:
    assert list(objects_at(VALUE, "a", "list")) == [{"c": 1}, {"c": 2}]
    assert list(objects({"c": 1})) == [{"c": 1}] and list(objects("x")) == []
    assert strings_at(VALUE, "a", "list") == ("x",)
    assert list(strings(" x ")) == ["x"] and list(strings(7)) == []


def test_links_are_addresses() -> None:
    references = ["https://a.example ", {"url": "ftp://b.example"}, {"href": "https://c.example"},
                  "javascript:alert(1)", "/etc/passwd", None, 7]  # fmt: skip
    assert links_of(references) == ("https://a.example", "ftp://b.example")
    assert links_of(references, "href") == ("https://a.example", "https://c.example")
    assert links_of("http://a.example") == ("http://a.example",)


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([{"lang": "es", "value": "Uno"}, {"lang": "en-US", "value": "One"}], Said("One", "en")),
        ([{"lang": "es", "value": "Uno"}, {"lang": "fr", "value": "Un"}], Said("Uno", "es")),
        ([{"lang": "en", "value": " "}, {"lang": "es", "value": "Uno"}], Said("Uno", "es")),
        ([{"lang": "en", "value": "N/A"}, {"lang": "es", "value": "Uno"}], Said("Uno", "es")),
        ([{"lang": "en", "value": "N/A"}], Said("N/A", "en")),
        ([{"lang": "en", "value": "One"}, {"lang": "en", "value": "Two"}], Said("One\nTwo", "en")),
        # One text in two varieties of English: told both, it says everything twice.
        ([{"lang": "en", "value": "One"}, {"lang": "en-AU", "value": "1"}], Said("One", "en")),
        ([{"lang": "EN", "value": "One"}, {"lang": "en", "value": "Two"}], Said("One\nTwo", "en")),
        ([{"lang": "en", "value": "One"}, {"lang": "en", "value": "One"}], Said("One", "en")),
        ([{"value": "One"}], Said("One", "")),
        ([{"language": "entry", "value": "One"}], Said("One", "entry")),
        ("One", Said()),
    ],
)
def test_one_language_speaks(items: Any, said: Said) -> None:
    assert in_one_language(items) == said


@pytest.mark.parametrize(
    ("name", "short"),
    [("English", "en"), ("eng", "en"), ("en_GB", "en"), ("DE-at", "de"), ("pt_BR", "pt"), ("", "")],
)
def test_names_of_languages(name: str, short: str) -> None:
    assert short_language(name) == short


def test_paragraphs_come_once() -> None:
    assert paragraphs("a", "", "b", "a") == "a\nb"


def test_nothing_raises_whatever_the_value() -> None:
    values: list[Any] = [None, 7, "x", [[]], {1: 2}, *hostile_records(200)]
    for value in values:
        assert isinstance(text_at(value, "cve", "title"), str)
        assert isinstance(in_one_language(look_up(value, "descriptions")), Said)
        assert all(isinstance(one, str) for one in links_of(look_up(value, "references")))
        assert all(isinstance(one, dict) for one in objects_at(value, "cve"))
        assert all(isinstance(one, str) for one in strings_at(value, "aliases"))
