"""A machine's place in the bridge, while it is there: its proxy, or why it has none now.

Knows how a machine can fail; decides nothing about others.  Invariant: two machines never have the
same name to people.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from workers.cluster.connection import MachineFull, MachineLost, MachineRefused, MachineUnfit
from workers.cluster.proxy import Proxy
from workers.cluster.shown import view_of
from workers.core.terminal import plain_text
from workers.run.machine_view import MachineView

# A machine that refused, was full, or was lost and is still there, is asked again.
_AGAIN_S, _FULL_S, _LOST_S = 30.0, 5.0, 1.0
MOST_IN_VAIN = 3  # times that a machine may end before its first result
_LONGEST_NAME = 40


@dataclass
class Seat:
    """A machine, while it is there: its proxy, or why it has none."""

    name: str
    proxy: Proxy
    task: asyncio.Task[None]
    why: str = ""
    state: str = "lost"
    again: float = 0.0

    @property
    def workers(self) -> int:
        """Its worker processes; one until it says how many."""
        return max(1, self.proxy.last.workers)

    def view(self) -> MachineView:
        """As `status` shows it."""
        if self.again:
            return MachineView(self.name, self.state, self.why)
        return view_of(self.proxy)


@dataclass
class MachineNames:
    """Machines' names as people see them: short, plain, and each machine's own."""

    _shown: dict[str, str] = field(default_factory=dict)  # by the name that Dask knows

    def shown(self, name: str) -> str:
        """The same each time that a machine comes."""
        if name not in self._shown:
            short = _shortened(plain_text(name, 400).replace("/", "-").replace(" ", "-"))
            taken, number, free = set(self._shown.values()), 1, short
            while free in taken:
                number += 1
                free = f"{short}-{number}"
            self._shown[name] = free
        return self._shown[name]


def _shortened(name: str) -> str:
    """Without its middle where it is long: machines of one place differ at either end."""
    half = (_LONGEST_NAME - 3) // 2
    return name if len(name) <= _LONGEST_NAME else f"{name[:half]}...{name[-half:]}"


def state_after(error: MachineLost | MachineRefused) -> str:
    """Of a machine whose session ended so."""
    if isinstance(error, MachineFull):
        return "full"
    return "refused" if isinstance(error, MachineRefused) else "lost"


def seconds_after(error: MachineLost | MachineRefused) -> float:
    """How long to leave a machine alone."""
    if isinstance(error, MachineRefused | MachineUnfit):
        return _FULL_S if isinstance(error, MachineFull) else _AGAIN_S
    return _LOST_S


async def leave_alone() -> None:
    """In place of a session with a machine that ends each time."""
    raise MachineUnfit(
        f"it ended {MOST_IN_VAIN} times before its first result, and is tried again now and then; "
        "has it the memory for the model?"
    )
