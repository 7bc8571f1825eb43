"""Gets one answer out of an endpoint, through outages, and says when a request is at fault.

Knows a client, how many may ask at a time, and the outage that all share.  Invariant: a request is
blamed only where the endpoint answers others; everything else is waited out.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from stages.completions import ServerFailedError
from workers.endpoint.adaptive_client import AdaptiveClient
from workers.endpoint.client import Json
from workers.endpoint.errors import Refused, RefusedRequestError, Unavailable
from workers.endpoint.level import Level, Place
from workers.endpoint.outage import Outage

T = TypeVar("T")
TRIES = 5  # of one request that the endpoint falls over, while it answers others
# Of one request, while others are answered; each time it is four times as long.
_FIRST_WAIT_S, _LONGER, _LONGEST_WAIT_S = 0.1, 4.0, 60.0


@dataclass(frozen=True)
class Probe:
    """A small request; `read` makes an answer of a body, or raises Unavailable or Refused."""

    path: str
    body: Json
    read: Callable[[Json], Any]


class RetryingClient:
    """Asks an endpoint, `most` requests at a time at the most.

    Parameters
        probes: small requests; a sound endpoint answers one of them.
    """

    def __init__(
        self,
        client: AdaptiveClient,
        most: int,
        probes: Sequence[Probe],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.level = Level(most, clock)
        self.outage = Outage(self._probe)
        self._client = client
        self._probes = list(probes)

    async def close(self) -> None:
        await self.outage.close()
        await self._client.close()

    async def ask(
        self,
        path: str,
        body: Json,
        read: Callable[[Json], T],
        work: Callable[[T], float],
        kind: str = "",
        tries: int = TRIES,
    ) -> T:
        """The answer to a body, when it comes.

        work: weighs what the server did for it, in tokens written; kind: which requests are like
        this one.

        Raises RefusedRequestError when the endpoint refuses this request and answers others, and
        ServerFailedError when it fails at it `tries` times and answers others.
        """
        failures = waits = 0
        while True:
            await self.outage.until_over()
            before = self.outage.begun
            try:
                async with self.level.place(kind) as place:
                    if self.outage.lasts:  # it began while this one waited for its place
                        continue
                    return await self._answer(place, path, body, read, work)
            except Refused as refusal:
                trouble = await self._why_all_are_refused(refusal, before)
            except Unavailable as error:
                trouble = error
            waits += 1
            failures += self._may_be_its_own(trouble, place)
            await self._wait_out(trouble, place, waits, last=failures >= tries)
            if failures >= tries:
                raise ServerFailedError(
                    f"the endpoint failed on this request {failures} times, but answered others: "
                    f"{trouble}"
                )

    async def _answer(
        self,
        place: Place,
        path: str,
        body: Json,
        read: Callable[[Json], T],
        work: Callable[[T], float],
    ) -> T:
        answer = read(await self._client.post(path, body))
        self.level.answered(place, work(answer))
        self._probes.sort(key=lambda probe: probe.path != path)
        return answer

    def _may_be_its_own(self, trouble: Unavailable, place: Place) -> bool:
        """Whether the request may be the cause of a trouble; else the server was asked too much."""
        others = self.level.answers_since(place)
        # What was too late may have waited for all the others, if not for more than there were.
        crowded = trouble.late and 1 < place.level and others < 2 * place.level
        # Before its first answer a server may be busy with itself: it loads its model.
        if crowded or (trouble.busy and self.level.answers):
            self.level.too_many(place)
        return trouble.of_request and not crowded

    async def _wait_out(self, trouble: Unavailable, place: Place, waits: int, last: bool) -> None:
        """Wait until it is worth asking again: this one alone, where others are answered.

        last: whether the request is to be blamed; an endpoint that answers nobody else is not.
        """
        alone = trouble.of_request or (trouble.busy and not trouble.retry_after)
        if not (alone and self.level.answers_since(place)):
            await self.outage.begin(trouble)
        elif not last:
            pause = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * _LONGER ** min(waits - 1, 9))
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))

    async def _why_all_are_refused(self, refusal: Refused, before: int) -> Unavailable:
        """What is wrong where the endpoint refuses everything; else raises RefusedRequestError.

        before: the outages that had begun before the request did.
        """
        try:
            await self._probe()
        except Refused as error:
            return Unavailable(f"it refuses every request: {error}", of_request=False)
        except Unavailable as error:
            return Unavailable(str(error), False, error.retry_after, error.busy)
        if self.outage.begun > before:  # it may have refused everything until now
            return Unavailable(f"it refused a request: {refusal}", of_request=False)
        raise RefusedRequestError(refusal) from refusal

    async def _probe(self) -> None:
        """Whether it answers something small, of whatever kind; what was answered last goes first.

        Raises what the first kind brought where none is answered.
        """
        troubles: list[Refused | Unavailable] = []
        for probe in tuple(self._probes):
            try:
                probe.read(await self._client.post(probe.path, probe.body))
                return
            except (Refused, Unavailable) as trouble:
                troubles.append(trouble)
                if isinstance(trouble, Unavailable) and (trouble.busy or not trouble.of_request):
                    break  # it is the same with every kind
        raise troubles[0]
