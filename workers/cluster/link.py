"""The bridge's connection to a Dask scheduler: which machines there are, and messages to them.

Knows Dask's client.  Invariant: a message goes to the machine it is for or to nobody, and what
comes back are bytes.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

import dask
from distributed import Client
from distributed.comm.core import CommClosedError
from distributed.utils import CancelledError

from workers.cluster import dask_host
from workers.cluster.access import Access, NobodyThere, refuse_open
from workers.cluster.connection import MachineLost, MachineSilent

CONNECT_S = 10.0
# Longer than any message waits there by a good deal; a machine that was stopped or cut off is
# given up after it.
PATIENCE_S = 30.0
_LOOK_S = 3.0  # between two looks at which machines there are, while none fails
# What else Dask's client would ask for every two seconds, of all machines.
_UNASKED = {"distributed.client.scheduler-info-interval": "1h"}
_BROKEN = (OSError, TimeoutError, CommClosedError, ValueError, RuntimeError)


class SchedulerLost(Exception):
    """The scheduler does not answer; says why."""


@dataclass
class Link:
    """An open connection; `close` it."""

    client: Client
    address: str
    dashboard: str
    patience: float = PATIENCE_S
    _numbers: int = 0
    _looked: float = float("-inf")
    _there: frozenset[str] = frozenset()
    _names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    async def open(cls, access: Access, patience: float = PATIENCE_S) -> Link:
        """Connect; raises SchedulerLost, and UsageError for an address that must not be used."""
        try:
            address = access.resolved()
        except NobodyThere as error:  # a scheduler takes its file with it
            raise SchedulerLost(f"there is no scheduler file {access.address}") from error
        refuse_open(address)
        # Reconnecting is the bridge's: it knows what is still wanted.
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        try:
            with dask.config.set(_UNASKED):
                client = await Client(
                    address,
                    security=access.security(),
                    timeout=CONNECT_S,
                    asynchronous=True,
                    set_as_default=False,
                    # A result that somebody pickled there is not unpickled here.
                    deserializers=["msgpack", "error"],
                    name="cyberllm-pool",
                )
        except _BROKEN as error:
            raise SchedulerLost(f"the scheduler at {address} does not answer") from error
        return cls(client, address, client.dashboard_link, patience)

    async def close(self) -> None:
        """Disconnect."""
        try:
            await self.client.close(timeout=1)
        except _BROKEN:
            pass

    async def machines(self) -> Mapping[str, str]:
        """The names of the machines that serve runs, by their addresses; raises SchedulerLost.

        What the scheduler knows of them is much, so it is asked only when some come or go.
        """
        self._check()
        if time.monotonic() - self._looked < _LOOK_S:
            return self._names
        self._looked = time.monotonic()
        there = frozenset(await self._ask("ncores", workers=None))
        if there != self._there:
            identity = await self._ask("identity", n_workers=-1)
            self._there = frozenset(identity["workers"])
            self._names = {
                address: str(worker["name"])
                for address, worker in identity["workers"].items()
                if dask_host.RESOURCE in worker["resources"]
            }
        return self._names

    async def _ask(self, what: str, **arguments: object) -> Any:
        """The scheduler's answer; raises SchedulerLost."""
        self._check()
        try:
            asked = getattr(self.client.scheduler, what)(**arguments)
            return await asyncio.wait_for(asked, self.patience)
        except _BROKEN as error:
            raise SchedulerLost(f"the scheduler at {self.address} does not answer") from error

    def _check(self) -> None:
        if self.client.status != "running":
            raise SchedulerLost(f"the scheduler at {self.address} does not answer")

    async def said_goodbye(self, address: str) -> bool:
        """Whether a machine that is gone left in good order, and did not die abruptly.

        Of an address that had several processes the last one counts.  Raises SchedulerLost.
        """
        events = await self._ask("events", topic=address)
        told = [event for _, event in events if isinstance(event, dict)]
        last = list(takewhile(lambda e: e.get("action") != "add-worker", reversed(told)))
        return any(e.get("action") == "closing-worker" or e.get("expected") for e in last)

    async def send(self, address: str, data: bytes) -> bytes:
        """A message to a machine, and its answer; raises MachineLost and SchedulerLost."""
        self._check()
        try:
            return await self._send(address, data)
        except MachineLost:
            self._looked = float("-inf")
            raise

    async def _send(self, address: str, data: bytes) -> bytes:
        self._numbers += 1
        future = self.client.submit(
            dask_host.exchange,
            data,
            key=f"cyberllm-{self.client.id}-{self._numbers}",
            workers=[address],
            allow_other_workers=False,
            resources={dask_host.RESOURCE: 1},
            pure=False,
        )
        try:
            answer = await asyncio.wait_for(future.result(), self.patience)
        except TimeoutError as error:
            await self._ask("identity", n_workers=0)  # or it is the scheduler that is silent
            raise MachineSilent(f"it did not answer for {self.patience:.0f} s") from error
        except CancelledError as error:  # all are, when the scheduler goes
            raise SchedulerLost(f"the scheduler at {self.address} does not answer") from error
        except Exception as error:  # whatever a broken worker raises
            raise MachineLost(f"{type(error).__name__}: {error}") from error
        finally:
            future.release()
        if not isinstance(answer, bytes):
            raise MachineLost("it answered with something other than bytes")
        return answer
