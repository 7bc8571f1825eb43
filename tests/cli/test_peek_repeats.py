"""Duplicates among the first records that are looked at."""

from __future__ import annotations

from typing import Any

import pytest

from workers.cli import peek_repeats
from workers.cli.peek_repeats import FewRepeats

TEXTS = [f"The form of printer {n} passes names to the shell of host {n}." for n in range(9)]


def line_of(*records: dict[str, Any]) -> str:
    found = FewRepeats()
    for record in records:
        found.add(record)
    return found.line()


def test_one_record_or_none_repeats_nothing() -> None:
    assert line_of() == line_of({"text": TEXTS[0]}) == line_of(*({"text": t} for t in TEXTS)) == ""


def test_only_the_first_records_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peek_repeats, "MOST", 4)
    monkeypatch.setattr(peek_repeats, "_MOST_HELD", 2)  # they are sketched as they come
    records = [{"text": text} for text in (*TEXTS[:2], *TEXTS[:2])]
    told = "duplicates: 2 with the same words"
    assert line_of(*records) == told
    assert line_of(*records, *records) == told.replace(":", " (of the first 4):")


def test_what_a_record_was_made_from_is_not_kept() -> None:
    found = FewRepeats()
    found.add({"text": TEXTS[0], "kind": "other", "original": {"raw": "x" * 9000}})
    assert found._block[0][2]["original"] is None
