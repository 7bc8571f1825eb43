"""What a machine answers to the bridge: one message in, one message out.

Holds one run at a time.  Knows messages and hosted runs; knows no Dask.  Invariant: a message
is always answered with a message, whatever is wrong with it.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field

from workers.cluster.hosted_run import FULL_DISK, HostedRun, Site, wait_until
from workers.cluster.messages import (
    HostState,
    MessageError,
    MessagePart,
    PartKind,
    Reply,
    Request,
    RunOffer,
)
from workers.cluster.parcels import Parcels
from workers.core.errors import PoolError, QueueError
from workers.core.files import NO_ROOM
from workers.core.terminal import plain_text
from workers.queue.sealed import SealedLine

# A message is answered before it has waited as long as it may when there are so many outcomes,
# or this share of what was in hand.
_ENOUGH = 32
_SHARE = 4
_LOOK_S = 0.02  # between two looks at what was journaled, for each record in hand
_LONGEST_LOOK_S = 0.2
_OVERDUE_S = 60.0  # for an answer; nobody waits so long for one


@dataclass
class Host:
    """This machine's side of a cluster."""

    site: Site
    _key: str = ""
    _session: str = ""
    _hosted: HostedRun | None = None
    _busy: threading.Lock = field(default_factory=threading.Lock)
    _hurry: threading.Event = field(default_factory=threading.Event)
    _asked: float | None = None  # while it answers

    @property
    def hangs(self) -> bool:
        """Whether it does not come to an answer."""
        asked = self._asked
        return asked is not None and time.monotonic() - asked > _OVERDUE_S

    def answer(self, data: bytes) -> bytes:
        """The reply to a request; takes as long as that allows while there are records in hand.

        Whoever leaves is answered soon: then another message, in another thread, waits no longer.
        """
        if _leaves(data):
            self._hurry.set()
        with self._busy:
            self._hurry.clear()
            self._asked = time.monotonic()
            try:
                return self._answer(data).to_bytes()
            finally:
                self._asked = None

    def close(self) -> list[MessagePart]:
        """Let go of the run; returns the last that its workers logged."""
        hosted, self._hosted = self._hosted, None
        self._key = self._session = ""
        return hosted.close() if hosted else []

    def _answer(self, data: bytes) -> Reply:
        try:
            request = Request.parse(data)
            if request.leave:
                return Reply(HostState.UNKNOWN, parts=tuple(self._leave(request)))
            return self._exchange(request)
        except OSError as error:
            if error.errno in NO_ROOM:
                return Reply(HostState.FULL, FULL_DISK)
            return Reply(HostState.REFUSED, plain_text(error, 400))
        except (MessageError, PoolError) as error:
            return Reply(HostState.REFUSED, plain_text(error, 400))
        except Exception as error:  # an answer is bytes, never an exception that Dask pickles
            traceback.print_exc()
            return Reply(HostState.REFUSED, plain_text(f"{type(error).__name__}: {error}", 400))

    def _leave(self, request: Request) -> list[MessagePart]:
        """Let go of a run that this is about, and of no other that came before or after."""
        ours = (self._key, self._session) == (request.run, request.session)
        return self.close() if ours else []

    def _exchange(self, request: Request) -> Reply:
        if self._hosted and self._key != request.run and self._hosted.is_wanted:
            return Reply(HostState.PREPARING, "works on another run now")
        self._take_up(request)
        hosted = self._hosted
        if hosted is None:
            return Reply(HostState.UNKNOWN)
        self._start_session(request.session, hosted.parcels)
        ready = hosted.state is HostState.READY
        if not ready or hosted.parcels is None or hosted.findings is None:
            wait_until(lambda: hosted.state is not HostState.PREPARING, request.wait)
            return Reply(hosted.state, hosted.why, notices=hosted.take_notices())
        if not hosted.disk_full:
            _take_in(request.parts, hosted, hosted.parcels)
        try:
            lines = self._outcomes(hosted, hosted.parcels, request.wait)
        except QueueError as error:
            hosted.refuse(f"its disk damaged what was written: {error}")
            raise
        state = HostState.FULL if hosted.disk_full else hosted.state
        return Reply(
            *(state, hosted.why, hosted.workers, hosted.views(), hosted.take_notices()),
            parts=(*hosted.findings.new(), *_as_parts(lines), *hosted.new_metrics()),
        )

    def _outcomes(self, hosted: HostedRun, parcels: Parcels, wait: float) -> list[SealedLine]:
        """What came out, as soon as it is worth a message, or all there is is done."""
        found: list[SealedLine] = []
        enough = min(_ENOUGH, max(1, parcels.in_hand // _SHARE))
        every = min(_LONGEST_LOOK_S, _LOOK_S * max(1, parcels.in_hand))

        def is_enough() -> bool:
            found.extend(parcels.new_outcomes())
            ended = hosted.state is not HostState.READY or hosted.disk_full or not parcels.in_hand
            return ended or self._hurry.is_set() or len(found) >= enough

        wait_until(is_enough, wait, every)
        return found

    def _take_up(self, request: Request) -> None:
        """Another run takes the place of the last one, and an offer that of one refused before."""
        offered = [part for part in request.parts if part.kind is PartKind.OFFER]
        if self._hosted and not self._hosted.touch():
            self.close()
        over = self._hosted and self._hosted.state in (HostState.REFUSED, HostState.FULL)
        if self._hosted and (self._key != request.run or (offered and over)):
            self.close()
        if offered and self._hosted is None:
            self._key = request.run
            known = {part.name: part.data for part in request.parts if _is_finding(part)}
            self._hosted = HostedRun(RunOffer.parse(offered[0].data), self.site, known)
            self._hosted.start()

    def _start_session(self, session: str, parcels: Parcels | None) -> None:
        """Outcomes of an earlier session are nobody's: its records were given to others."""
        if session != self._session and parcels is not None:
            parcels.drop()
        self._session = session


def _leaves(data: bytes) -> bool:
    try:
        return Request.parse(data).leave
    except MessageError:
        return False


def _is_finding(part: MessagePart) -> bool:
    return part.kind is PartKind.FINDINGS


def _take_in(parts: tuple[MessagePart, ...], hosted: HostedRun, parcels: Parcels) -> None:
    for part in parts:
        if part.kind is PartKind.PARCEL:
            parcels.put(part.name, part.data)
        elif _is_finding(part):
            hosted.learn(part.name, part.data)


def _as_parts(lines: list[SealedLine]) -> Iterator[MessagePart]:
    if lines:
        yield MessagePart(PartKind.OUTCOMES, "", b"".join(line.to_bytes() for line in lines))
