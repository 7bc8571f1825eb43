"""Stands in for a stage whose records another machine processes.

A record waits here until its outcome comes back; everything else, from claim to seal, is as with
a stage at home.  Knows records and outcomes; sends nothing itself.  Invariant: an outcome
completes the record that it was sent for, once, or nothing.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from stages.base import LanguageModel, Outcome, Record, Stage
from workers.cluster.messages import MessagePart, PartKind
from workers.queue.envelopes import Envelope
from workers.queue.sealed import parse_sealed

# Stands for the model that is asked over there, or the rules: whether a machine works with other
# records is seen before suspects are tried on it, as with a model at home.
ELSEWHERE = cast(LanguageModel, object())


@dataclass
class Outbox:
    """Records of one machine: those to be sent, and those whose outcomes are awaited.

    Their numbers begin anywhere, so that an outcome of an earlier session is none of this one's.
    """

    _waiting: dict[str, asyncio.Future[Outcome]] = field(default_factory=dict)
    _unsent: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    _numbers: int = field(default_factory=lambda: secrets.randbits(40))
    bytes_in_flight: int = 0
    unsent_bytes: int = 0  # of those
    stale: set[str] = field(default_factory=set)  # that are still at work there, for nobody
    given: int = 0  # records, in all
    late: int = 0  # outcomes that nobody waited for

    @property
    def in_flight(self) -> int:
        """Records without an outcome, sent or not."""
        return len(self._waiting)

    @property
    def at_work(self) -> bool:
        """Whether the machine has records, if only such as nobody waits for."""
        return bool(self._waiting or self.stale)

    async def outcome_of(self, stage: str, record: Record) -> Outcome:
        """What becomes of a record there.  Its id is ours: theirs are nobody else's business."""
        self._numbers += 1
        self.given += 1
        record_id = f"0:{self._numbers}"
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting[record_id] = future
        line = Envelope(record_id, record).to_bytes()
        self._unsent[stage].append(line)
        self.bytes_in_flight += len(line)
        self.unsent_bytes += len(line)
        try:
            return await future
        except asyncio.CancelledError:
            if line in self._unsent[stage]:
                self._unsent[stage].remove(line)
                self.unsent_bytes -= len(line)
            else:
                self.stale.add(record_id)
            raise
        finally:
            self.bytes_in_flight -= len(line)
            self._waiting.pop(record_id, None)

    def take(self) -> list[MessagePart]:
        """What is to be sent now, a part for each stage."""
        parts = [
            MessagePart(PartKind.PARCEL, stage, b"".join(lines))
            for stage, lines in self._unsent.items()
            if lines
        ]
        self._unsent.clear()
        self.unsent_bytes = 0
        return parts

    def take_in(self, data: bytes, source: str) -> int:
        """Complete the records of these sealed lines; returns how many were waited for.

        Raises QueueError for lines that are none.  Outcomes that nobody waits for are counted:
        they come twice, or late, and what they say is known already.
        """
        lines = parse_sealed(data, source)
        before = self.late
        for line in lines:
            future = self._waiting.pop(line.id, None)
            if future is None or future.done():
                self.late += 1
                self.stale.discard(line.id)
            else:
                future.set_result(line.outcome)
        return len(lines) - (self.late - before)


class RemoteStage(Stage):
    """A stage of another machine: `process` waits for it."""

    description = "a stage on another machine"

    def __init__(self, stage: Stage, outbox: Outbox) -> None:
        super().__init__(stage.options)
        self.name = stage.name  # type: ignore[misc]
        self._asks = stage.needs_model
        self._outbox = outbox

    @property
    def needs_model(self) -> bool:
        return self._asks

    async def process(self, record: Record, llm: LanguageModel | None) -> Outcome:
        return await self._outbox.outcome_of(self.name, record)


def remote_stages(stages: Mapping[str, Stage], outbox: Outbox) -> dict[str, Stage]:
    """The same stages, in the same order, on another machine."""
    return {name: RemoteStage(stage, outbox) for name, stage in stages.items()}
