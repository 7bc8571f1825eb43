"""JSON and YAML documents: where the records are, several documents, damage at any place."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from stages.sources.shapes import json_text
from tests.source_help import as_json, problems, read, record, records, refusal

NOTES: list[dict[str, Any]] = [
    {"id": f"N-{n}", "title": f"Note {n}", "details": f"A worm of kind {n}.", "tags": [{"id": "t"}]}
    for n in range(8)
]
TEXTS = [note["details"] for note in NOTES]


def texts(data: bytes | str, **how: Any) -> list[str]:
    return [one["text"] for one in records(data, **how)]


@pytest.mark.parametrize("indent", [None, 1, 4])
@pytest.mark.parametrize(
    "wrap",
    [
        lambda notes: notes,
        lambda notes: {"total": 8, "items": notes},
        lambda notes: {"value": notes, "@odata.nextLink": "x"},
        lambda notes: {"papers": notes},
        lambda notes: {"data": {"entries": notes, "more": False}},
        lambda notes: {"response": {"results": {"records": notes}}},
        lambda notes: {"meta": {"a": [1, {"b": "]"}]}, "results": notes, "end": "}"},
        lambda notes: {"data": [], "results": notes, "values": [1, 2]},
    ],
)
def test_lists_are_found_where_services_put_them(wrap: Any, indent: int | None) -> None:
    data = json.dumps(wrap(NOTES), indent=indent)
    assert texts(data) == TEXTS


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


def test_mappings_of_ids_and_a_path_that_a_person_gives() -> None:
    by_id = {f"CVE-2031-1000{n}": {"details": note["details"]} for n, note in enumerate(NOTES)}
    found = records(as_json(by_id))
    assert [one["id"] for one in found] == list(by_id)
    odd = {"x": {"odd name": {"k": NOTES[0], "l": NOTES[1]}}}
    assert texts(as_json(odd), records_at='x["odd name"]') == TEXTS[:2]
    deep = {"feeds": [{"posts": NOTES[:2]}, {"posts": NOTES[2:3]}]}
    for path in ("feeds.posts", "$.feeds[*].posts[*]"):
        assert texts(as_json(deep), records_at=path) == TEXTS[:3]
    assert [one.place for one in read(as_json(deep), records_at="feeds.posts")][:2] == [
        "feeds[0].posts[0]",
        "feeds[0].posts[1]",
    ]


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
    assert texts(several) == TEXTS
    pages = json.dumps({"items": NOTES[:3]}, indent=1) + json.dumps({"items": NOTES[3:]}, indent=1)
    assert texts(pages) == TEXTS


def test_elements_that_are_no_records_are_told_by_their_place() -> None:
    assert problems(as_json({"items": [NOTES[0], "text", None, 3, {"a": 1}]})) == [
        "items[1]: not a JSON object",
        "items[2]: not a JSON object",
        "items[3]: not a JSON object",
        "items[4]: no text in it: its fields are a",
    ]


@pytest.mark.parametrize("value", ["NaN", "1e999", '"\\ud800"', "1" * 30, "[" * 300 + "]" * 300])
def test_hostile_values_cost_their_record(value: str) -> None:
    whole = json.dumps({"items": NOTES})
    data = whole.replace('"title": "Note 3"', f'"title": "Note 3", "x": {value}')
    assert len(problems(data)) == 1 and problems(data)[0].startswith("items[3]: ")
    kept = [one.record["text"] for one in read(data) if one.record]
    assert kept == TEXTS[:3] + TEXTS[4:]


def test_ten_thousand_levels_and_invalid_bytes_cost_their_record() -> None:
    whole = as_json({"items": NOTES})
    deep = whole.replace(b'"title": "Note 3"', b'"x": ' + b"[" * 10_000 + b"]" * 10_000)
    bytes_ = whole.replace(b"Note 3", b"Note \xff").replace(b"Note 5", "Noté 5".encode())
    for data in (deep, bytes_):
        assert len(problems(data)) == 1 and problems(data)[0].startswith("items[3]: ")
        assert [one.record["text"] for one in read(data) if one.record] == TEXTS[:3] + TEXTS[4:]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_byte_altered_anywhere_costs_at_most_the_record_it_is_in(indent: int | None) -> None:
    whole = json.dumps({"title": "Notes", "items": NOTES}, indent=indent).encode()
    begin, spans = whole.index(b"[") + 1, []
    for note in NOTES:
        at = whole.index(f'"{note["id"]}"'.encode())
        spans.append(whole.rindex(b"{", 0, at))
    draw = random.Random(3)
    for at in range(begin, len(whole), 10):
        data = whole[:at] + bytes([draw.choice(b'x"{}[],:\\\xff\n0')]) + whole[at + 1 :]
        hit = max(0, sum(start <= at for start in spans) - 1)
        try:
            found = read(data)
        except Exception as error:
            assert hit == 0, error
            continue
        where = (at, data[at - 20 : at + 20])
        kept = [one.record["text"] for one in found if one.record]
        others = [text for number, text in enumerate(TEXTS) if number != hit]
        assert hit == 0 or [text for text in kept if text in others] == others, where
        # The record itself may have come through with another word in it.
        assert len(kept) == 8 or any(one.problem for one in found), where


def test_a_document_cut_anywhere_gives_what_was_whole_and_says_where_it_ends() -> None:
    whole = as_json({"items": NOTES})
    for end in range(20, len(whole) - 1, 7):
        try:
            found = read(whole[:end])
        except Exception as error:
            assert whole[:end].count(b"N-") <= 1, error
            continue
        kept = [one.record["text"] for one in found if one.record]
        assert kept == TEXTS[: len(kept)] and len(kept) >= whole[:end].count(b"N-") - 1
        (told,) = [one.problem for one in found if one.problem]
        assert "ends in the middle" in told and "byte" in told


def test_a_window_smaller_than_a_record(monkeypatch: pytest.MonkeyPatch) -> None:
    notes = [{**note, "details": note["details"] + " é字" * 200} for note in NOTES]
    whole = json.dumps({"items": notes}, ensure_ascii=False)
    monkeypatch.setattr(json_text, "BLOCK_BYTES", 7)
    assert texts(whole) == [note["details"] for note in notes]
    broken = whole.replace('"N-3"', '"N-3')
    assert len([one for one in read(broken) if one.record]) == 7


def test_a_record_longer_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "MAX_RECORD_BYTES", 5000)
    monkeypatch.setattr(json_text, "BLOCK_BYTES", 500)
    notes = [*NOTES[:2], {"id": "long", "details": "x" * 50_000}, *NOTES[2:]]
    found = read(as_json({"items": notes}))
    assert [one.record["text"] for one in found if one.record] == TEXTS
    assert ["longer than" in one.problem for one in found if one.problem] == [True]


YAML = """# notes
---
title: First
details: A worm of yaml.
date: 2031-01-01
lang: no
---
title: Second
details: |
  A loader.
  Two lines.
...
"""


def test_yaml_documents_keep_their_words() -> None:
    first, second = records(YAML, name="x.yaml")
    assert (first["title"], first["text"]) == ("First", "A worm of yaml.")
    assert first["original"] == {
        "title": "First",
        "details": "A worm of yaml.",
        "date": "2031-01-01",
        "lang": "no",
    }
    assert second["text"] == "A loader.\nTwo lines."


def test_a_broken_yaml_document_costs_itself() -> None:
    broken = YAML.replace("details: A worm of yaml.", "details: [A worm")
    assert [one.record["title"] for one in read(broken, name="x.yml") if one.record] == ["Second"]
    (told,) = problems(broken, name="x.yml")
    assert told.startswith("line 2: not valid YAML")


def test_yaml_lists_and_nested_lists() -> None:
    data = (
        "- id: 1\n  details: A worm.\n- id: 2\n  details: [broken\n- id: 3\n  details: A loader.\n"
    )
    found = read(data, name="x.yaml")
    assert [one.record["text"] for one in found if one.record] == ["A worm.", "A loader."]
    assert [one.place for one in found if one.problem] == ["line 3"]
    nested = "vulnerabilities:\n  - details: A worm.\n  - details: A loader.\n"
    assert texts(nested, name="x.yaml") == ["A worm.", "A loader."]
    assert texts("a:\n  b:\n    - details: A worm.\n", name="x.yaml", records_at="a.b") == [
        "A worm."
    ]


def test_aliases_do_not_multiply() -> None:
    lines = ["details: A worm.", "a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    assert "more than" in problems("\n".join(lines), name="x.yaml")[0]
    assert "nested" in problems("details: A worm.\na: " + "[" * 300 + "]" * 300, name="x.yaml")[0]


def test_code_in_yaml_is_not_run() -> None:
    data = "details: A worm.\nx: !!python/object/apply:os.system [exit]\n"
    assert "not valid YAML" in problems(data, name="x.yaml")[0]
