"""Gets one answer out of an endpoint, through outages, and says when a request is at fault.

Knows a client, how many may ask at a time, and the outage that all share.  Invariant: a request is
blamed only where the endpoint answers others; everything else is waited out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from stages.base import RecordError
from workers.endpoint.client import Client
from workers.endpoint.errors import Refused, Unavailable
from workers.endpoint.level import Level
from workers.endpoint.outage import Outage

Json = dict[str, Any]
T = TypeVar("T")
_TRIES = 5  # of one request that the endpoint falls over, while it answers others


class Asking:
    """Asks an endpoint, `most` requests at a time at the most.

    Parameters
        probe: a path and a body of something small that a sound endpoint answers.
        read: makes an answer of a body; raises Unavailable for one that is none.
    """

    def __init__(
        self, client: Client, most: int, probe: tuple[str, Json], read: Callable[[Json], Any]
    ) -> None:
        self.level = Level(most)
        self.outage = Outage(self._probe)
        self._client = client
        self._small = probe
        self._read = read

    async def close(self) -> None:
        await self.outage.close()
        await self._client.close()

    async def ask(self, path: str, body: Json, read: Callable[[Json], T]) -> T:
        """The answer to a body, when it comes.

        Raises RecordError when the endpoint refuses this request, or fails at it again and again,
        and answers others.
        """
        failures = 0
        while True:
            await self.outage.until_over()
            try:
                async with self.level.place():
                    return read(await self._client.post(path, body))
            except Refused as refusal:
                trouble = await self._why_all_are_refused(refusal)
            except Unavailable as error:
                trouble = error
            failures += trouble.of_request
            if trouble.busy:
                self.level.too_many()
            await self.outage.begin(trouble)
            if failures >= _TRIES:
                raise RecordError(
                    f"the endpoint failed at this {failures} times, and answered others: {trouble}"
                )

    async def _why_all_are_refused(self, refusal: Refused) -> Unavailable:
        """What is wrong where the endpoint refuses everything; else raises RecordError."""
        try:
            await self._probe()
        except Refused as error:
            return Unavailable(f"it refuses every request: {error}", of_request=False)
        except Unavailable as error:
            return Unavailable(str(error), False, error.retry_after, error.busy)
        raise RecordError(f"the endpoint refuses this request: {refusal}") from refusal

    async def _probe(self) -> None:
        path, body = self._small
        self._read(await self._client.post(path, body))
