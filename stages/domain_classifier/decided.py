"""Decisions shared by the pairs of a record: each text is decided once, whoever asks first.

Knows keys and coroutines, nothing of domains.  Invariant: at most `most` decisions are kept; one
that failed or was given up is asked for anew.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class DecisionCache(Generic[Value]):
    """A bounded memory of decisions, those not used for the longest time forgotten first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[str, asyncio.Future[Value]] = OrderedDict()

    async def get(self, key: str, decide: Callable[[], Coroutine[Any, Any, Value]]) -> Value:
        """The decision under a key, made by `decide` if nobody has it yet or makes it now."""
        future = self._kept.get(key)
        if future is None or _is_lost(future):
            future = self._kept[key] = asyncio.ensure_future(decide())
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        # One pair that is given up must not take the decision away from the others.
        return await asyncio.shield(future)


def _is_lost(future: asyncio.Future[Any]) -> bool:
    """Whether a decision failed, or belongs to an event loop that has ended."""
    if future.done():
        return future.cancelled() or future.exception() is not None
    return future.get_loop() is not asyncio.get_running_loop()
