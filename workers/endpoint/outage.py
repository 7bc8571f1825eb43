"""Waits while an endpoint gives no answers, and goes on by itself when it does again.

Knows how to ask it something small.  Invariant: while it gives none, one asks and all others
wait; the pauses between two tries grow, with jitter, to a minute, or are as long as it asks for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import stamina

from workers.endpoint.errors import Refused, Unavailable

_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 60.0


class Outage:
    """Whether an endpoint answers now.

    Parameters
        probe: asks it something small; raises Unavailable or Refused.
    Attributes
        trouble: why it doesn't answer; empty while it does, or nobody knows yet.
        begun: how many times it has stopped answering.
    """

    def __init__(self, probe: Callable[[], Awaitable[None]]) -> None:
        self.trouble = ""
        self.begun = 0
        self._probe = probe
        self._answers = asyncio.Event()
        self._answers.set()
        self._asking: asyncio.Task[None] | None = None

    @property
    def lasts(self) -> bool:
        """Whether it gives no answers now."""
        return not self._answers.is_set()

    async def until_over(self) -> None:
        """Wait while it gives no answers."""
        await self._answers.wait()

    async def begin(self, cause: Unavailable) -> None:
        """It gave no answer; returns once it gives some."""
        if self._answers.is_set():
            self._answers.clear()
            self.begun += 1
            self._asking = asyncio.create_task(self._ask_until_it_answers(cause))
        await self._answers.wait()

    async def close(self) -> None:
        """Give up asking."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)

    async def _ask_until_it_answers(self, cause: Unavailable) -> None:
        if not cause.of_request or cause.late:  # the probe may take as long to find it out
            self.trouble = str(cause)
        if cause.busy:
            await asyncio.sleep(max(_FIRST_WAIT_S, cause.retry_after))
        tries = stamina.retry_context(
            on=_again,
            attempts=None,
            timeout=None,
            wait_initial=_FIRST_WAIT_S,
            wait_max=_LONGEST_WAIT_S,
            wait_jitter=_FIRST_WAIT_S,
        )
        async for attempt in tries:
            with attempt:
                await self._try()
        self.trouble = ""
        self._answers.set()

    async def _try(self) -> None:
        try:
            await self._probe()
        except (Unavailable, Refused) as error:
            self.trouble = str(error)
            raise
        except Exception as error:  # else all would wait for good, and nobody be told why
            self.trouble = f"{type(error).__name__}: {error}"
            raise Unavailable(self.trouble) from error


def _again(error: Exception) -> bool | float:
    """Whether to try again: always; or after how many seconds, where the server says so."""
    if isinstance(error, Unavailable) and error.retry_after:
        return error.retry_after
    return isinstance(error, Unavailable | Refused)
