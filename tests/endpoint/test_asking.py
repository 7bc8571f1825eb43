"""Outages are waited out; a request is blamed only where others are answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from stages.base import RecordError
from tests.endpoint.odd_server import FAILURES, OddServer
from workers.endpoint.asking import Asking
from workers.endpoint.client import Client
from workers.endpoint.wire import CHAT, answer_of

SMALL = (CHAT, {"messages": [{"role": "user", "content": "small"}]})


def ask(server: OddServer, texts: list[str], meanwhile: Callable[[Asking], Any]) -> list[Any]:
    async def go() -> list[Any]:
        asking = Asking(Client(server.url), 4, SMALL, answer_of)
        bodies = [{"messages": [{"role": "user", "content": text}]} for text in texts]
        asked = [asyncio.create_task(asking.ask(CHAT, body, answer_of)) for body in bodies]
        await meanwhile(asking)
        found = await asyncio.gather(*asked, return_exceptions=True)
        await asking.close()
        return found

    return asyncio.run(asyncio.wait_for(go(), 30))


@pytest.mark.parametrize("mood", FAILURES)
def test_an_outage_is_waited_out(server: OddServer, mood: str) -> None:
    server.mood = mood

    async def until_noticed(asking: Asking) -> None:
        while not asking.outage.trouble:
            await asyncio.sleep(0.01)
        server.mood = "good"

    found = ask(server, ["a", "b", "c"], until_noticed)
    assert [done.text for done in found] == ["yes"] * 3


async def nothing(asking: Asking) -> None:
    pass


def test_a_request_that_the_server_falls_over_is_blamed_alone(server: OddServer) -> None:
    server.poison = "deadly"
    good, bad = ask(server, ["harmless", "deadly"], nothing)
    assert good.text == "yes"
    assert isinstance(bad, RecordError) and "failed at this 5 times" in str(bad)
    assert "deadly" not in str(bad)


def test_a_request_that_is_refused_is_blamed(server: OddServer) -> None:
    plain = server.completion

    def picky(body: dict[str, Any]) -> dict[str, Any]:
        return plain(body) if body["messages"][0]["content"] == "small" else {"choices": []}

    server.completion = picky  # type: ignore[method-assign]
    [bad] = ask(server, ["other"], nothing)
    assert isinstance(bad, RecordError) and "answered others" in str(bad)
