"""No more requests are under way than the level says, and only full ones are timed."""

from __future__ import annotations

import asyncio

from workers.endpoint.finder import Finder
from workers.endpoint.level import Level, Place
from workers.endpoint.rates import Kinds


class Noting(Finder):
    """Notes what it hears of answers, and changes nothing."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.seen: list[tuple[Kinds, float, float, float]] = []

    def answered(self, kinds: Kinds, work: float, seconds: float, latency: float) -> None:
        self.seen.append((kinds, work, seconds, latency))


async def under_way(level: Level, asked: int) -> list[asyncio.Task[None]]:
    async def hold() -> None:
        async with level.place():
            await asyncio.Event().wait()

    tasks = [asyncio.create_task(hold()) for _ in range(asked)]
    for _ in range(5):
        await asyncio.sleep(0)
    return tasks


async def ended(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def test_the_others_wait_and_places_come_free_again() -> None:
    async def go() -> None:
        level = Level(3)
        tasks = await under_way(level, 9)
        assert level.active == level.now == 3
        await ended(tasks)
        assert level.active == 0
        async with level.place():
            assert level.active == 1

    asyncio.run(go())


def test_seconds_count_while_all_places_are_taken() -> None:
    async def go() -> None:
        now, finder = [0.0], Noting(2)
        level = Level(2, lambda: now[0], finder)
        async with level.place("a") as first:
            now[0] = 2.0
            async with level.place("b") as second:
                now[0] = 5.0
                level.answered(second, 20)
            level.answered(first, 10)  # beside an empty place
            async with level.place("a") as third:
                now[0] = 6.0
                level.answered(third, 30)
        assert finder.seen == [(frozenset("ab"), 20, 3.0, 3.0), (frozenset("a"), 30, 1.0, 1.0)]
        assert level.answers_since(first) == 3 and level.answers_since(third) == 1

    asyncio.run(go())


def test_many_who_hear_that_it_was_too_much_are_one_step_down() -> None:
    async def go() -> None:
        level = Level(16)
        level.begin_with(16)
        for place in [Place(0.0, 16, 0)] * 16:
            level.too_many(place)
        assert level.now == 12

    asyncio.run(go())
