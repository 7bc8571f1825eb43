"""What comes out of a stage: one sealed line for each record, with its outcome.

Knows the format and what a sealed chunk forwards; touches no file.  Invariant: a line that
was parsed is written with the same bytes again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from stages.base import Failed, LeftOut, Outcome, Record, Removed, Result
from workers.core.json_fields import JsonFields
from workers.queue.envelopes import Envelope
from workers.queue.json_lines import lines_with_ids, unwritable

RESULT, REMOVED, FAILED = OUTCOMES = ("result", "removed", "failed")


@dataclass(frozen=True)
class SealedLine:
    """A record's one outcome.

    `record` is what came in, kept where it did not become a result; None for an input line
    that held no record.  `attempts` is how often the record was begun; it is kept for failures.
    """

    id: str
    outcome: Outcome
    record: Record | None = None
    attempts: int = 1

    @property
    def has_failed(self) -> bool:
        """Whether it is a dead letter."""
        return isinstance(self.outcome, Failed)

    @property
    def records(self) -> tuple[Record, ...]:
        """What it forwards: the records of a result."""
        return self.outcome.records if isinstance(self.outcome, Result) else ()

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """What was made of the record and not kept, where it became a result."""
        return self.outcome.left_out if isinstance(self.outcome, Result) else ()

    def to_json(self) -> dict[str, Any]:
        """As in the file."""
        outcome = self.outcome
        if isinstance(outcome, Result):
            result = {"id": self.id, "outcome": RESULT, "records": list(outcome.records)}
            left_out = [left_out_to_json(one) for one in outcome.left_out]
            return {**result, "left_out": left_out} if left_out else result
        if isinstance(outcome, Removed):
            why = {"reason": outcome.reason, "details": outcome.details}
            return {"id": self.id, "outcome": REMOVED, **why, "record": self.record}
        came_in = {} if self.record is None else {"record": self.record}
        failed = {"id": self.id, "outcome": FAILED, "error": outcome.error}
        return {**failed, "attempts": self.attempts, **came_in}

    def to_bytes(self) -> bytes:
        """The line of the file, newline included."""
        return orjson.dumps(self.to_json()) + b"\n"


def parse_sealed(data: bytes, source: str) -> list[SealedLine]:
    """The lines of a file in done/ or failed/; raises QueueError naming `source` and line."""
    return [parse_sealed_line(fields) for fields in lines_with_ids(data, source)]


def parse_sealed_line(fields: JsonFields) -> SealedLine:
    """One line; raises the error of `fields` when it is not one."""
    kind = fields.read("outcome", str)
    record_id, record = fields.read("id", str), fields.read_or("record", dict, None)
    if kind == RESULT:
        return SealedLine(record_id, _result(fields))
    if kind == REMOVED:
        return SealedLine(record_id, _removed(fields), record)
    if kind == FAILED:
        failed = Failed(fields.read("error", str))
        return SealedLine(record_id, failed, record, fields.read("attempts", int))
    raise fields.problem(f"outcome is {kind!r}, not one of {', '.join(OUTCOMES)}")


def _result(fields: JsonFields) -> Result:
    records = fields.list_of("records", dict)
    if not records:
        raise fields.problem("a result line without 'records'")
    return Result(*records, left_out=map(_left_out, fields.inner_list("left_out")))


def _removed(fields: JsonFields) -> Removed:
    reason, details = fields.read("reason", str), fields.read("details", dict)
    try:
        return Removed(reason, **details)
    except TypeError:  # no stage can have used that name
        raise fields.problem("'details' with a reserved name") from None


def _left_out(fields: JsonFields) -> LeftOut:
    return LeftOut(fields.read("record", dict), _removed(fields))


def left_out_to_json(one: LeftOut) -> dict[str, Any]:
    """What was made of a record and not kept: as in sealed lines, and in removed.jsonl."""
    return {"reason": one.why.reason, "details": one.why.details, "record": one.record}


def sealed_line(envelope: Envelope, outcome: Outcome, attempts: int) -> SealedLine:
    """How an outcome is sealed.  One that JSON can't hold becomes a failure that says so."""
    line = _plain_line(envelope, outcome, attempts)
    problem = unwritable(line.to_json())
    if problem is None:
        return line
    return _plain_line(envelope, Failed(f"the outcome can't be written: {problem}"), attempts)


def _plain_line(envelope: Envelope, outcome: Outcome, attempts: int) -> SealedLine:
    if isinstance(outcome, Failed):
        return SealedLine(envelope.id, outcome, envelope.record, attempts)
    came_in = None if isinstance(outcome, Result) else envelope.record
    return SealedLine(envelope.id, outcome, came_in)


@dataclass(frozen=True)
class OutcomeCounts:
    """How many records ended in which way."""

    results: int = 0
    removed: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        return self.results + self.removed + self.failed

    def __add__(self, other: OutcomeCounts) -> OutcomeCounts:
        return OutcomeCounts(
            self.results + other.results, self.removed + other.removed, self.failed + other.failed
        )


def count_outcomes(lines: Iterable[SealedLine]) -> OutcomeCounts:
    """The outcomes of some lines."""
    kinds = [type(line.outcome) for line in lines]
    return OutcomeCounts(kinds.count(Result), kinds.count(Removed), kinds.count(Failed))


def next_envelopes(lines: Iterable[SealedLine]) -> list[Envelope]:
    """What a sealed chunk forwards to the next stage: the output records of its results."""
    envelopes = []
    for line in lines:
        for index, record in enumerate(line.records):
            suffix = f".{index}" if len(line.records) > 1 else ""
            envelopes.append(Envelope(line.id + suffix, record))
    return envelopes


def retry_envelopes(lines: Iterable[SealedLine]) -> list[Envelope]:
    """The dead letters of a sealed chunk as they came in, to be requeued."""
    return [
        Envelope(line.id, line.record)
        if line.record is not None
        else Envelope(line.id, error=line.outcome.error)
        for line in lines
        if isinstance(line.outcome, Failed)
    ]
