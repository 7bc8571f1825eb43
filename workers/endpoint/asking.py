"""Gets one answer out of an endpoint, through outages, and says when a request is at fault.

Knows a client, how many may ask at a time, and the outage that all share.  Invariant: a request is
blamed only where the endpoint answers others; everything else is waited out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from stages.base import RecordError
from workers.endpoint.dialect import AdaptiveClient
from workers.endpoint.errors import Refused, Unavailable
from workers.endpoint.level import Level, Place
from workers.endpoint.outage import Outage

Json = dict[str, Any]
T = TypeVar("T")
_TRIES = 5  # of one request that the endpoint falls over, while it answers others


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

    def __init__(self, client: AdaptiveClient, most: int, probes: Sequence[Probe]) -> None:
        self.level = Level(most)
        self.outage = Outage(self._probe)
        self._client = client
        self._probes = list(probes)
        self._answers_some = False

    async def close(self) -> None:
        await self.outage.close()
        await self._client.close()

    async def ask(
        self, path: str, body: Json, read: Callable[[Json], T], work: Callable[[T], float]
    ) -> T:
        """The answer to a body, when it comes; `work` weighs what the server did for it.

        Raises RecordError when the endpoint refuses this request, or fails at it again and again,
        and answers others.
        """
        failures = 0
        while True:
            await self.outage.until_over()
            try:
                async with self.level.place() as place:
                    if self.outage.lasts:  # it began while this one waited for its place
                        continue
                    return await self._answer(place, path, body, read, work)
            except Refused as refusal:
                trouble = await self._why_all_are_refused(refusal)
            except Unavailable as error:
                trouble = error
            # What was too late may have waited for all the others.
            failures += trouble.of_request and not (trouble.late and place.level > 1)
            # Before its first answer a server may be busy with itself: it loads its model.
            if trouble.late or (trouble.busy and self._answers_some):
                self.level.too_many(place)
            await self.outage.begin(trouble)
            if failures >= _TRIES:
                raise RecordError(
                    f"the endpoint failed at this {failures} times, and answered others: {trouble}"
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
        self._answers_some = True
        self._probes.sort(key=lambda probe: probe.path != path)
        return answer

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
