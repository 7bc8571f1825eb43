"""Serves the reviewer's page on this machine's loopback address until it is told to stop.

Knows the app, its guard and the event loop; decides nothing.  Invariant: it listens on 127.0.0.1
only, and the token in the link is new at every start.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import uvicorn

from workers.core.errors import UsageError
from workers.review.app import Review, make_app
from workers.review.guard import Guard

PORT = 8765  # tried first: a tab that was left open then finds the new start, and says so
_LOOPBACK = "127.0.0.1"
_LOOK_S = 1.0  # between looks for chunks that were published meanwhile
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Server(uvicorn.Server):
    """Leaves signals to us."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@dataclass
class PageServer:
    """The page of one review.

    port: None for the usual one, or a free one where that is taken.
    say: prints the link.
    more_may_come: whether a coordinator may publish more pairs.
    """

    review: Review
    say: Callable[[str], None]
    port: int | None = None
    more_may_come: Callable[[], bool] = lambda: False
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    def serve(self) -> None:
        """Until a signal comes, or the reviewer hands over with nothing left to decide."""
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        with _listen(self.port) as listening:
            port = listening.getsockname()[1]
            review = replace(self.review, hand_over=self._hand_over)
            guarded = Guard(make_app(review), self.token, port)
            self._server = _Server(_config(guarded))
            loop = asyncio.get_running_loop()
            for number in _SIGNALS:
                loop.add_signal_handler(number, self._stop)
            self.say(f"http://{_LOOPBACK}:{port}/#{self.token}")
            looking = asyncio.create_task(self._look())
            try:
                await self._server.serve(sockets=[listening])
            finally:
                looking.cancel()

    def _stop(self) -> None:
        self._server.should_exit = True

    def _hand_over(self) -> bool:
        desk = self.review.desk
        desk.take()
        ends = not desk.open and not self.more_may_come()
        if ends:  # a moment later, so that the page gets its answer
            asyncio.get_running_loop().call_later(0.3, self._stop)
        return ends

    async def _look(self) -> None:
        """Take what the coordinator publishes meanwhile."""
        while True:
            await asyncio.sleep(_LOOK_S)
            with contextlib.suppress(OSError):  # a full disk: again in a second
                self.review.desk.take()


def _config(guarded: Guard) -> uvicorn.Config:
    return uvicorn.Config(
        guarded,
        http="h11",
        ws="none",
        lifespan="off",
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=1,
    )


def _listen(port: int | None) -> socket.socket:
    """A socket that listens; raises UsageError when the port that was asked for is taken."""
    for tried in (PORT, 0) if port is None else (port,):
        made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind((_LOOPBACK, tried))
            made.listen(64)
            return made
        except OSError as error:
            made.close()
            why = error.strerror
    raise UsageError(f"--port {port}: {why}; give another")
