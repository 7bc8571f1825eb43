"""Journal entries: written the same again, and anything else named by what is wrong with it."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from stages.base import Failed, Removed, Result
from workers.core.errors import JournalError
from workers.core.json_fields import JsonFields
from workers.queue.journal_entries import (
    ChunkReleased,
    JournalEntry,
    OutcomeRecorded,
    OutcomeWithdrawn,
    RecordsBegun,
    SessionStarted,
    parse_entry,
)
from workers.queue.sealed import SealedLine

ENTRIES: list[JournalEntry] = [
    SessionStarted("w1-0badf00d"),
    RecordsBegun(("0:1", "0:2.1"), alone=True),
    RecordsBegun(()),
    OutcomeRecorded(SealedLine("0:1", Result({"a": [1, None]}))),
    OutcomeRecorded(SealedLine("0:1", Removed("why", p=0.5), {"a": 1})),
    OutcomeRecorded(SealedLine("0:1", Failed("no"), {"a": 1}, 3)),
    OutcomeWithdrawn("0:1"),
    ChunkReleased(),
]


def parse(value: Any) -> JournalEntry:
    return parse_entry(JsonFields(value, "j line 1", JournalError))


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_comes_back_as_it_was(entry: JournalEntry) -> None:
    written = orjson.dumps(entry.to_json())
    again = parse(orjson.loads(written))
    assert again == entry
    assert orjson.dumps(again.to_json()) == written


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({}, "no 't'"),
        ({"t": "later"}, "unknown kind of entry 'later'"),
        ({"t": "session", "worker": 1}, "'worker' is not text"),
        ({"t": "begin", "ids": ["0:1", 2]}, "'ids' is not text"),
        ({"t": "begin", "ids": [], "alone": 1}, "'alone' is not true or false"),
        ({"t": "outcome", "sealed": {"id": "0:1", "outcome": "maybe"}}, "outcome is 'maybe'"),
    ],
)
def test_what_is_no_entry_is_named(value: Any, problem: str) -> None:
    with pytest.raises(JournalError, match=f"^j line 1: .*{problem}"):
        parse(value)


def test_a_begin_from_before_alone_was_noted_was_not_alone() -> None:
    assert parse({"t": "begin", "ids": ["0:1"]}) == RecordsBegun(("0:1",), alone=False)
