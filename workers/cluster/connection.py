"""What the bridge needs of a connection to a scheduler; the link is the one that there is.

Holds an interface, and how a machine can fail.  Invariant: nothing here knows Dask.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class SchedulerGone(Exception):
    """What `Connection.machines` raises when there is no scheduler any more."""


class MachineLost(Exception):
    """The machine does not answer any more; what it had in hand is given to others."""


class MachineSilent(MachineLost):
    """The machine has not answered in time: it hangs, is stopped, or is cut off."""


class MachineUnfit(MachineLost):
    """The machine was lost again and again before it had made a result."""


class MachineRefused(Exception):
    """The machine can't work on the run; says why."""


class MachineFull(MachineRefused):
    """The machine's disk is full; what it had in hand is given to others."""


class Connection(Protocol):
    """The part of a link that the bridge needs."""

    @property
    def address(self) -> str:
        """The scheduler's; a scheduler file may name another than before."""
        ...

    @property
    def dashboard(self) -> str: ...

    @property
    def patience(self) -> float:
        """Seconds after which a machine that does not answer is given up."""
        ...

    async def machines(self) -> Mapping[str, str]:
        """Names by address."""
        ...

    async def said_goodbye(self, address: str) -> bool:
        """Whether a machine that is not there any more left in good order."""
        ...

    async def send(self, address: str, data: bytes) -> bytes:
        """A message and its answer."""
        ...

    async def close(self) -> None: ...
