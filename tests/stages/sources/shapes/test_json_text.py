"""JSON read through a window: smaller than a record, and records longer than the bound."""

from __future__ import annotations

import json

import pytest

from stages.sources.shapes import json_text
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
