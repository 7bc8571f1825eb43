"""Where the records of a document are: names that feeds use, and paths that a person gives."""

from __future__ import annotations

import pytest

from stages.sources.found import NotUnderstood
from stages.sources.shapes.record_paths import (
    RecordsAt,
    is_id,
    is_list_key,
    is_wrapper_key,
    joined,
    select,
)
from tests.source_help import as_json, read, records, texts
from tests.source_samples import NOTE_TEXTS, NOTES


def test_mappings_of_ids_and_a_path_that_a_person_gives() -> None:
    by_id = {f"CVE-2031-1000{n}": {"details": note["details"]} for n, note in enumerate(NOTES)}
    found = records(as_json(by_id))
    assert [one["id"] for one in found] == list(by_id)
    odd = {"x": {"odd name": {"k": NOTES[0], "l": NOTES[1]}}}
    assert texts(as_json(odd), records_at='x["odd name"]') == NOTE_TEXTS[:2]
    deep = {"feeds": [{"posts": NOTES[:2]}, {"posts": NOTES[2:3]}]}
    for path in ("feeds.posts", "$.feeds[*].posts[*]"):
        assert texts(as_json(deep), records_at=path) == NOTE_TEXTS[:3]
    assert [one.place for one in read(as_json(deep), records_at="feeds.posts")][:2] == [
        "feeds[0].posts[0]",
        "feeds[0].posts[1]",
    ]


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("data.items", ("data", "items")),
        ("$.feed[*].posts[*]", ("feed", "*", "posts")),
        ('["a.b"]["c d"]', ("a.b", "c d")),
        ("a['b'].c[]", ("a", "b", "c")),
        ("$", ()),
        ("", ()),
    ],
)
def test_paths_that_a_person_may_write(text: str, steps: tuple[str, ...]) -> None:
    assert RecordsAt.parse(text).steps == steps


@pytest.mark.parametrize("text", ["a[b", "a]", "a..b", "[0", "a[1]"])
def test_what_is_no_path_is_refused_with_the_flag(text: str) -> None:
    with pytest.raises(NotUnderstood, match="--records-at .*: not a path such as data.items"):
        RecordsAt.parse(text)


@pytest.mark.parametrize("key", ["CVE-2031-10001", "usn-9000-1", "T1059.003", "2031.12345"])
def test_keys_that_are_ids(key: str) -> None:
    assert is_id(key) and not is_id(f"{key} and more")


def test_names_of_lists_and_of_what_holds_them_are_read_in_any_spelling() -> None:
    assert is_list_key("securityAdvisories") and is_list_key("attack_patterns")
    assert is_wrapper_key("payload") and not is_list_key("payload")
    assert not is_wrapper_key("references")


def test_a_place_is_a_path_again() -> None:
    place = joined(joined("", "data"), "odd name")
    assert place == 'data["odd name"]'
    value = {"data": {"odd name": [1, 2]}}
    assert list(select(value, RecordsAt.parse(place).steps, "")) == [(place, [1, 2])]
    assert list(select({"a": [{"b": 1}, {"c": 2}]}, ("a", "*", "b"), "")) == [("a[0].b", 1)]
    assert list(select(7, ("a",), "")) == []
