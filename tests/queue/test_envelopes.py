"""Envelopes: the lines that go into a stage, in every form that `publish` accepts."""

from __future__ import annotations

from typing import Any

import pytest

from workers.core.errors import QueueError
from workers.queue.envelopes import Envelope, envelope_bytes, parse_envelopes

RECORD = Envelope("0:1", {"text": "\u2028é", "n": None})
UNREADABLE = Envelope("0:2.1", error="in.jsonl line 2: not valid JSON")


def test_envelopes_come_back_as_they_were() -> None:
    data = RECORD.to_bytes() + UNREADABLE.to_bytes()
    assert parse_envelopes(data, "x.jsonl") == [RECORD, UNREADABLE]


def test_every_form_gives_the_same_line() -> None:
    line = RECORD.to_bytes()
    forms: list[Envelope | dict[str, Any] | bytes] = [RECORD, line, line.rstrip(b"\n")]
    forms.append({"id": "0:1", "record": RECORD.record})
    assert {envelope_bytes(form) for form in forms} == {line}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b'{"id":"0:2"}', "neither a record nor an error"),
        (b'{"id":"0:2","record":[]}', "'record' is not an object"),
        (b'{"id":"0:2","error":7}', "'error' is not text"),
        (b'{"id":"0:1","record":{}}', "id 0:1 is duplicated"),
    ],
)
def test_damage_is_named_by_file_and_line(line: bytes, problem: str) -> None:
    with pytest.raises(QueueError, match=f"^x.jsonl line 2: {problem}"):
        parse_envelopes(RECORD.to_bytes() + line + b"\n", "x.jsonl")
