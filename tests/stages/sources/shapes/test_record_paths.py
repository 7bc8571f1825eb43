"""Where the records of a document are: names that feeds use, and paths that a person gives."""

from __future__ import annotations

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
