"""An entry becomes a record: what is stated, each once, with the original."""

from __future__ import annotations

from stages.sources.cvss import Cvss
from stages.sources.entry import Entry


def test_an_entry_that_states_nothing_has_the_main_fields_only() -> None:
    assert Entry("A flaw.").record([1]) == {
        "text": "A flaw.",
        "title": "",
        "kind": "other",
        "id": "",
        "source": "",
        "original": [1],
    }


def test_the_title_stands_in_for_a_text_that_is_blank() -> None:
    assert Entry("  ", title="Overflow").record({})["text"] == "Overflow"


def test_lists_name_everything_once_and_the_first_link_is_the_link() -> None:
    found = Entry(
        "A flaw.",
        links=("https://a.example", "https://b.example", "https://a.example"),
        cwes=("CWE-1", "CWE-1"),
        affected=("b", "a", "b"),
    ).record({})
    assert (found["link"], found["links"]) == (
        "https://a.example",
        ["https://a.example", "https://b.example"],
    )
    assert (found["cwes"], found["affected"]) == (["CWE-1"], ["b", "a"])


def test_the_rating_gives_a_severity_where_none_is_stated() -> None:
    rating = Cvss("3.1", 9.8, "CRITICAL")
    assert Entry("x", cvss=rating).record({})["severity"] == "CRITICAL"
    assert Entry("x", cvss=rating, severity="high").record({})["severity"] == "high"


def test_fields_of_one_kind_are_added_if_they_say_anything() -> None:
    found = Entry("x", more={"tactics": ["persistence"], "platforms": [], "pattern": ""}).record({})
    assert found["tactics"] == ["persistence"]
    assert "platforms" not in found and "pattern" not in found
