"""JSON read through a window: smaller than a record, and records longer than the bound."""

from __future__ import annotations

import io
import json
import re

import pytest

from stages.sources.found import CutShort, Damaged
from stages.sources.shapes import json_text
from stages.sources.shapes.json_text import JsonText
from tests.source_help import as_json, read, texts
from tests.source_samples import NOTE_TEXTS, NOTES


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
    assert [one.record["text"] for one in found if one.record] == NOTE_TEXTS
    assert ["longer than" in one.problem for one in found if one.problem] == [True]


@pytest.mark.parametrize("block", [3, 64, 5000])
def test_what_is_passed_by_may_be_of_any_length(
    block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_text, "MAX_RECORD_BYTES", 400)
    monkeypatch.setattr(json_text, "BLOCK_BYTES", block)
    long = {"a": ['\\"}]', "é字" * 300, {"b": [1, 2, {}]}, None]}
    for value in (long, [long, long], "x" * 900, '"\\' * 300, {"k": 1}, 12.5):
        data = json.dumps(value, ensure_ascii=False).encode()
        text = JsonText(io.BytesIO(data + b" , 7"))
        text.pass_by()
        text.take(",")
        assert text.cut() == b"7"
        cut = JsonText(io.BytesIO(data[:-1]))
        if not isinstance(value, float):
            with pytest.raises(CutShort):
                cut.pass_by()
    document = as_json({"tree": long, "flaws": NOTES})
    assert texts(document, records_at="flaws") == NOTE_TEXTS


def test_values_are_cut_out_byte_for_byte_and_places_are_bytes() -> None:
    text = JsonText(io.BytesIO('  {"é": [1, 2]} , -1.5e3'.encode()))
    assert (text.next(), text.byte) == ("{", 3)
    assert text.cut() == '{"é": [1, 2]}'.encode()
    text.take(",")
    assert (text.byte, text.next(), text.byte) == (19, "-", 20)
    assert text.cut() == b"-1.5e3"
    assert text.next() == ""


@pytest.mark.parametrize("block", [1, 2, 3, 64])
@pytest.mark.parametrize("value", ["true", "-12.5e+10", '"a\\u00e9\\\\"', '{"k": [null, "字"]}'])
def test_a_value_is_whole_wherever_blocks_end(
    value: str, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_text, "BLOCK_BYTES", block)
    text = JsonText(io.BytesIO(f"{value} ,".encode()))
    assert text.cut() == value.encode()
    assert text.next() == ","


@pytest.mark.parametrize(
    ("data", "kind", "problem"),
    [
        (b'{"a": ', CutShort, "ends in the middle"),
        (b'"open', CutShort, "ends in the middle"),
        (b"", CutShort, "ends in the middle"),
        (b'{"a" 1} and then more of it', Damaged, "not valid JSON: .* at byte 6"),
        (b"[" * 100_000 + b"]" * 100_000, Damaged, "nested too deeply"),
    ],
)
def test_after_an_error_it_stands_where_the_value_began(
    data: bytes, kind: type[Damaged], problem: str
) -> None:
    text = JsonText(io.BytesIO(data))
    with pytest.raises(kind, match=problem):
        text.cut()
    assert text.byte == 1


def test_what_is_missing_is_named() -> None:
    with pytest.raises(Damaged, match="':' is missing"):
        JsonText(io.BytesIO(b"1")).take(":")
    with pytest.raises(Damaged, match="a name in quotes is missing"):
        JsonText(io.BytesIO(b"1")).key()


def test_a_pattern_is_found_across_blocks_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "BLOCK_BYTES", 4)
    text = JsonText(io.BytesIO(b'damage {"id": 7} more'))
    assert text.find(re.compile(r'\{"id":')) is not None
    assert (text.byte, text.cut()) == (8, b'{"id": 7}')
    assert text.find(re.compile("none")) is None and text.next() == ""
