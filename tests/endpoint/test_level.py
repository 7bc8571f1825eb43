"""No more requests are under way than the level says, and each takes its share of the time."""

from __future__ import annotations

import asyncio

from workers.endpoint.level import Level, Place


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


def test_time_is_parted_among_those_under_way() -> None:
    """Of 2 seconds alone and 3 with another one, 3.5 were its own."""

    async def go() -> None:
        now, found = [0.0], list[tuple[float, float]]()
        level = Level(2, clock=lambda: now[0])
        level._finder.came()
        level._finder.came()
        level._finder.answered = lambda work, seconds: found.append((work, seconds))  # type: ignore[method-assign]
        async with level.place() as first:
            now[0] = 2.0
            async with level.place() as second:
                now[0] = 5.0
                level.answered(second, 20)
                level.answered(first, 10)
        assert found == [(20, 1.5)], "the first had an empty place beside it, which tells nothing"
        assert level._parted == 3.5

    asyncio.run(go())


def test_many_who_hear_that_it_was_too_much_are_one_step_down() -> None:
    async def go() -> None:
        level = Level(16)
        level._finder.now = 16
        places = [Place(0.0, 0.0, 16, settled=True)] * 16
        for place in places:
            level.too_many(place)
        assert level.now == 8

    asyncio.run(go())
