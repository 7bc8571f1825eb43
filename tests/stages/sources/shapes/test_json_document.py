"""Lists of records in JSON documents: found wherever they are; damage costs the record it is in."""

from __future__ import annotations

import io
import json
import random
from typing import Any

import pytest

from stages.sources.found import Damaged
from stages.sources.shapes.json_document import Cut, JsonDocument, located_byte
from stages.sources.shapes.record_paths import RecordsAt
from stages.text.objects import MOST_SPOKEN
from tests.source_help import as_json, problems, read, records, texts
from tests.source_samples import NOTE_TEXTS, NOTES


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
    assert texts(data) == NOTE_TEXTS


@pytest.mark.parametrize("value", ["NaN", "1e999", '"\\ud800"', "1" * 30, "[" * 300 + "]" * 300])
def test_hostile_values_cost_their_record(value: str) -> None:
    whole = json.dumps({"items": NOTES})
    data = whole.replace('"title": "Note 3"', f'"title": "Note 3", "x": {value}')
    assert len(problems(data)) == 1 and problems(data)[0].startswith("items[3]: ")
    kept = [one.record["text"] for one in read(data) if one.record]
    assert kept == NOTE_TEXTS[:3] + NOTE_TEXTS[4:]


def test_ten_thousand_levels_and_invalid_bytes_cost_their_record() -> None:
    whole = as_json({"items": NOTES})
    deep = whole.replace(b'"title": "Note 3"', b'"x": ' + b"[" * 10_000 + b"]" * 10_000)
    bytes_ = whole.replace(b"Note 3", b"Note \xff").replace(b"Note 5", "Noté 5".encode())
    for data in (deep, bytes_):
        assert len(problems(data)) == 1 and problems(data)[0].startswith("items[3]: ")
        assert [one.record["text"] for one in read(data) if one.record] == NOTE_TEXTS[
            :3
        ] + NOTE_TEXTS[4:]


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
        others = [text for number, text in enumerate(NOTE_TEXTS) if number != hit]
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
        assert kept == NOTE_TEXTS[: len(kept)] and len(kept) >= whole[:end].count(b"N-") - 1
        (told,) = [one.problem for one in found if one.problem]
        assert "ends in the middle" in told and "byte" in told


def cuts(text: str, records_at: str | None = None) -> list[Cut]:
    at = RecordsAt.parse(records_at) if records_at is not None else None
    return list(JsonDocument(io.BytesIO(text.encode()), at))


def test_cuts_hold_the_json_of_each_record_and_its_place() -> None:
    assert cuts('{"total": 2, "items": [{"a": 1}, {"b":2}]}') == [
        Cut("items[0]", b'{"a": 1}'),
        Cut("items[1]", b'{"b":2}'),
    ]
    assert cuts('{"CVE-2031-10001": {"a": 1}}') == [
        Cut("CVE-2031-10001", b'{"a": 1}', key="CVE-2031-10001")
    ]
    assert cuts('{"x": [{"y": 1}]}', "x[*].y") == [Cut("x[0]", b'{"y": 1}', rest=("y",))]


def test_names_that_lead_to_no_records_are_kept_for_the_message() -> None:
    document = JsonDocument(io.BytesIO(b'{"alpha": [1], "beta": {"c": 2}, "items": [{}]}'))
    assert [cut.place for cut in document] == ["items[0]"]
    assert (document.lists, document.names) == (["items"], ["alpha", "beta"])


def test_damage_before_the_first_record_is_an_error() -> None:
    with pytest.raises(Damaged, match="is missing"):
        cuts('{"alpha" 1, "items": [{}]}')


def test_a_byte_is_named_once() -> None:
    assert located_byte(Damaged("broken", "byte 7")) == "broken, at byte 7"
    assert located_byte(Damaged("not valid JSON at byte 9", "byte 7")) == "not valid JSON at byte 9"
    assert located_byte(Damaged("broken")) == "broken"


def _log(entries: int, size: int = 0) -> list[dict[str, str]]:
    notes = (f"Lamp {number} of the pier was out again. {'x' * size}" for number in range(entries))
    return [{"time": f"{number:02}:10", "text": note} for number, note in enumerate(notes)]


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize(
    ("log", "found"),
    [
        (_log(12), 1),
        (_log(300, 1_000), 1),  # longer than the beginning by which a document is known
        (_log(MOST_SPOKEN + 1), MOST_SPOKEN + 1),
        ([*_log(3), {"id": "7", "text": "Lamp 7 of the pier was out again."}], 4),
    ],
    ids=["short", "long", "too many", "records"],
)
def test_a_log_is_of_the_record_that_keeps_it_however_long(
    log: Any, found: int, indent: int | None
) -> None:
    for whole in (
        {"title": "Night on the pier", "entries": log},
        {"day": {"n": 1}, "entries": log},
    ):
        assert len(records(json.dumps(whole, indent=indent))) == found
        lines = f"{json.dumps(whole)}\n{json.dumps(whole)}"
        assert len(records(lines, format="jsonl")) == 2 * found
