"""How many slots a server says it has."""

from __future__ import annotations

import asyncio

from tests.endpoint.odd_server import OddServer
from workers.endpoint.client import Client
from workers.endpoint.slots import slots_of


def said(url: str) -> int:
    async def go() -> int:
        client = Client(url)
        try:
            return await slots_of(client)
        finally:
            await client.close()

    return asyncio.run(go())


def test_what_it_says_beside_its_api(server: OddServer) -> None:
    server.slots = 6
    assert said(server.url) == 6


def test_what_is_no_number_of_slots_is_none(server: OddServer) -> None:
    for odd in (True, "4", -1, 10**9, None):
        server.slots = odd  # type: ignore[assignment]
        assert said(server.url) == 0
    assert said(f"{server.url}/other") == 0, "it has no such page"
    assert said("http://127.0.0.1:1/v1") == 0
