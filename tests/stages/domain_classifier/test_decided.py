"""Decisions are made once, whoever asks first, and asked for anew when they are lost."""

from __future__ import annotations

import asyncio

import pytest

from stages.domain_classifier.decided import DecisionCache


class Decisions:
    """Decides on demand; remembers what it was asked, and waits for its gate."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.failing = 0

    def get(self, decided: DecisionCache[str], key: str) -> asyncio.Task[str]:
        async def decide() -> str:
            self.made.append(key)
            await self.gate.wait()
            if self.failing:
                self.failing -= 1
                raise OSError("no decision")
            return key.upper()

        return asyncio.create_task(decided.get(key, decide))


def test_who_asks_at_the_same_time_shares_a_decision() -> None:
    async def scenario() -> None:
        decided, decisions = DecisionCache[str](9), Decisions()
        decisions.gate.clear()
        asking = [decisions.get(decided, key) for key in "aabab"]
        await asyncio.sleep(0)
        decisions.gate.set()
        assert await asyncio.gather(*asking) == list("AABAB")
        assert await decisions.get(decided, "a") == "A"
        assert decisions.made == ["a", "b"]

    asyncio.run(scenario())


def test_what_was_not_used_for_the_longest_time_is_forgotten() -> None:
    async def scenario() -> None:
        decided, decisions = DecisionCache[str](2), Decisions()
        for key in "abacab":
            await decisions.get(decided, key)
        assert decisions.made == ["a", "b", "c", "b"]

    asyncio.run(scenario())


def test_a_decision_that_failed_is_asked_for_anew() -> None:
    async def scenario() -> None:
        decided, decisions = DecisionCache[str](2), Decisions()
        decisions.failing = 1
        with pytest.raises(OSError, match="no decision"):
            await decisions.get(decided, "a")
        assert await decisions.get(decided, "a") == "A"

    asyncio.run(scenario())


def test_one_that_gives_up_does_not_take_the_decision_from_others() -> None:
    async def scenario() -> None:
        decided, decisions = DecisionCache[str](2), Decisions()
        decisions.gate.clear()
        first, second = decisions.get(decided, "a"), decisions.get(decided, "a")
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        decisions.gate.set()
        assert await second == "A" and decisions.made == ["a"]
        with pytest.raises(asyncio.CancelledError):
            await first

    asyncio.run(scenario())


def test_a_decision_of_another_loop_is_asked_for_anew() -> None:
    decided, decisions, loop = DecisionCache[str](2), Decisions(), asyncio.new_event_loop()

    async def begin() -> asyncio.Task[str]:
        decisions.gate.clear()
        waiting = decisions.get(decided, "a")
        await asyncio.sleep(0)
        return waiting

    async def again() -> str:
        return await asyncio.wait_for(Decisions().get(decided, "a"), 5)

    waiting = loop.run_until_complete(begin())
    assert asyncio.run(again()) == "A"
    decisions.gate.set()
    assert loop.run_until_complete(waiting) == "A"
    loop.close()
