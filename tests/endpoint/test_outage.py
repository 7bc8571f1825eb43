"""While an endpoint gives no answers one asks and all others wait."""

from __future__ import annotations

import asyncio

from workers.endpoint.errors import Refused, Unavailable
from workers.endpoint.outage import Outage


def test_one_asks_until_it_answers_and_all_go_on() -> None:
    answers: list[Exception | None] = [Unavailable("down"), Refused("no model"), None]
    troubles = []

    async def probe() -> None:
        troubles.append(outage.trouble)
        if error := answers.pop(0):
            raise error

    async def go() -> None:
        waiting = [outage.begin(Unavailable(f"cause {n}")) for n in range(5)]
        await asyncio.gather(*waiting, outage.until_over())

    outage = Outage(probe)
    asyncio.run(go())
    assert troubles == ["", "down", "no model"] and not answers
    assert outage.trouble == ""


def test_whatever_the_probe_brings_is_said_and_tried_again() -> None:
    answers: list[Exception | None] = [RuntimeError("odd"), None]
    troubles = []

    async def probe() -> None:
        troubles.append(outage.trouble)
        if error := answers.pop(0):
            raise error

    outage = Outage(probe)
    asyncio.run(asyncio.wait_for(outage.begin(Unavailable("down")), 30))
    assert troubles == ["", "RuntimeError: odd"] and not outage.lasts


def test_a_server_that_is_asked_too_much_is_left_alone_first() -> None:
    async def go() -> float:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        await outage.begin(Unavailable("busy", False, retry_after=0.8, busy=True))
        return loop.time() - begun

    async def probe() -> None:
        assert outage.trouble == "busy"

    outage = Outage(probe)
    assert asyncio.run(go()) >= 0.8
