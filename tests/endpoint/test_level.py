"""The number at a time that a server answers without queueing is found, whatever it is."""

from __future__ import annotations

import asyncio
from collections import deque

import pytest

from workers.endpoint.level import Level


async def _served(slots: int, requests: int) -> list[int]:
    """Levels while a server with so many slots answers, a full round of them each second."""
    now, queued, seen = [0.0], deque[asyncio.Future[None]](), list[int]()
    level = Level(32, clock=lambda: now[0])

    async def ask() -> None:
        async with level.place():
            queued.append(answer := asyncio.get_running_loop().create_future())
            await answer
            level.answered(10)
            seen.append(level.now)

    asking = [asyncio.create_task(ask()) for _ in range(requests)]
    while not all(task.done() for task in asking):
        for _ in range(20):
            await asyncio.sleep(0)
        now[0] += 1
        for answer in [queued.popleft() for _ in range(min(slots, len(queued)))]:
            answer.set_result(None)
    return seen


@pytest.mark.parametrize("slots", [1, 4, 8])
def test_it_stays_near_what_the_server_has_room_for(slots: int) -> None:
    seen = asyncio.run(_served(slots, 600))
    later = sorted(seen[len(seen) // 3 :])
    assert slots <= later[len(later) // 2] <= 2 * slots + 1


def test_it_is_halved_when_the_server_says_that_it_is_too_much() -> None:
    level = Level(32)
    level.now = 12
    level.too_many()
    assert level.now == 6
    for _ in range(5):
        level.too_many()
    assert level.now == 1
