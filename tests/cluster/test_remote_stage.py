"""Records that another machine processes: each is completed by its own outcome, once."""

from __future__ import annotations

import asyncio

import pytest

from stages import stage_by_name
from stages.base import Outcome, Removed, Result
from workers.cluster.messages import PartKind
from workers.cluster.remote_stage import Outbox, remote_stages
from workers.core.errors import QueueError
from workers.queue.envelopes import Envelope, parse_envelopes
from workers.queue.sealed import sealed_line

NAME = "2_data_filter"


def line(record_id: str, outcome: Outcome) -> bytes:
    return sealed_line(Envelope(record_id, {}), outcome, 1).to_bytes()


def test_an_outcome_completes_its_record_once() -> None:
    async def play() -> None:
        outbox = Outbox()
        stage = remote_stages({NAME: stage_by_name(NAME)()}, outbox)[NAME]
        assert stage.name == NAME and stage.needs_model
        tasks = [asyncio.create_task(stage.process({"id": "0:9", "n": n}, None)) for n in (1, 2)]
        await asyncio.sleep(0)
        (part,) = outbox.take()
        assert (part.kind, part.name) == (PartKind.PARCEL, NAME)
        sent = parse_envelopes(part.data, "a parcel")
        assert [envelope.record for envelope in sent] == [{"id": "0:9", "n": n} for n in (1, 2)]
        assert outbox.take() == [] and outbox.in_flight == 2
        first, second = (envelope.id for envelope in sent)
        data = line(second, Removed("why")) + line("0:99", Result({}))
        outbox.take_in(data, "alpha")
        outbox.take_in(line(second, Result({"n": "late"})), "alpha")
        assert await tasks[1] == Removed("why")
        assert outbox.late == 2 and outbox.in_flight == 1
        outbox.take_in(line(first, Result({"n": 1})), "alpha")
        assert await tasks[0] == Result({"n": 1})

    asyncio.run(play())


def test_what_is_given_up_is_stale_until_it_comes_late() -> None:
    async def play() -> None:
        outbox = Outbox()
        stage = remote_stages({NAME: stage_by_name(NAME)()}, outbox)[NAME]
        sent = asyncio.create_task(stage.process({"n": 1}, None))
        await asyncio.sleep(0)
        (part,) = outbox.take()
        unsent = asyncio.create_task(stage.process({"n": 2}, None))
        await asyncio.sleep(0)
        for task in (sent, unsent):
            task.cancel()
        await asyncio.gather(sent, unsent, return_exceptions=True)
        (envelope,) = parse_envelopes(part.data, "a parcel")
        assert outbox.take() == [] and outbox.stale == {envelope.id}
        assert outbox.take_in(line(envelope.id, Result({})), "alpha") == 0
        assert outbox.stale == set() and (outbox.given, outbox.late) == (2, 1)

    asyncio.run(play())


def test_lines_that_are_none_are_refused() -> None:
    with pytest.raises(QueueError, match="machine alpha line 1: damaged"):
        Outbox().take_in(b"\x80\x04K\n", "machine alpha")
