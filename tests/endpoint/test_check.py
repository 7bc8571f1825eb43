"""What a server can do is what it was seen to do."""

from __future__ import annotations

import asyncio
import json

from tests.endpoint.odd_server import OddServer
from workers.endpoint.check import abilities
from workers.endpoint.client import Client


def seen(server: OddServer) -> dict[str, bool]:
    async def go() -> dict[str, bool]:
        client = Client(server.url)
        try:
            return {one.name: one.can for one in await abilities(client, "odd")}
        finally:
            await client.close()

    return asyncio.run(go())


def test_a_server_that_can_do_little(server: OddServer) -> None:
    found = seen(server)
    assert found == {
        "chat completions": True,
        "completions": True,
        "JSON schemas": False,
        "log probabilities": False,
        "counts tokens": True,
    }


def test_one_that_can_more(server: OddServer) -> None:
    why = "Because (as seen) it is."
    server.text = json.dumps({"colour": "mauve", "why": why})
    server.logprobs = [("a", -0.1)]
    found = seen(server)
    assert found["JSON schemas"] and found["log probabilities"]
    server.text = json.dumps({"colour": "mauve", "why": "It looks like it."})
    assert not seen(server)["JSON schemas"], "it heeds no patterns"
    server.poison = "response_format"
    assert not seen(server)["JSON schemas"]
