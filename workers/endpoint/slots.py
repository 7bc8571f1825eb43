"""How many requests a server works on at a time, where it says so: llama.cpp's does.

Knows that server's page of settings.  Invariant: a server that says nothing of it, or nothing at
all, costs a few seconds and no error.
"""

from __future__ import annotations

import asyncio

from workers.endpoint.client import Client
from workers.endpoint.errors import Refused, Unavailable

_WAIT_S = 5.0
_MOST = 1024


async def slots_of(client: Client) -> int:
    """The slots, or 0 where it doesn't say."""
    try:
        async with asyncio.timeout(_WAIT_S):
            slots = (await client.get_beside("/props")).get("total_slots")
    except (Refused, Unavailable, TimeoutError):
        return 0
    return slots if type(slots) is int and 0 < slots <= _MOST else 0
