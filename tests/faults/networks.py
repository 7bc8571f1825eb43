"""A network of its own for one process, tied to ours by a cable that can be pulled.

Needs root and the `ip` command.  Invariant: what was made here is gone at the end.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from types import TracebackType

from tests.faults.confine import Unable, command


@dataclass(frozen=True)
class Network:
    """A namespace at the other end of a pair of virtual interfaces."""

    name: str
    subnet: str

    @classmethod
    def make(cls) -> Network:
        """Raises Unable where this can't be done."""
        made = cls(f"cy{secrets.token_hex(3)}", f"10.231.{secrets.randbelow(250)}")
        command("ip", "netns", "add", made.name)
        try:
            made._connect()
        except Unable:
            made.remove()
            raise
        return made

    def _connect(self) -> None:
        far = f"{self.name}b"
        command("ip", "link", "add", self.name, "type", "veth", "peer", "name", far)
        command("ip", "link", "set", far, "netns", self.name)
        command("ip", "addr", "add", f"{self.address}/24", "dev", self.name)
        command("ip", "link", "set", self.name, "up")
        command(*self.inside, "ip", "addr", "add", f"{self.subnet}.2/24", "dev", far)
        command(*self.inside, "ip", "link", "set", far, "up")
        command(*self.inside, "ip", "link", "set", "lo", "up")

    @property
    def address(self) -> str:
        """Ours, as it is seen from inside."""
        return f"{self.subnet}.1"

    @property
    def inside(self) -> tuple[str, ...]:
        """What a command begins with to run in there."""
        return ("ip", "netns", "exec", self.name)

    def cut(self, seconds: float) -> None:
        """Pull the cable for so long."""
        command("ip", "link", "set", self.name, "down")
        time.sleep(seconds)
        command("ip", "link", "set", self.name, "up")

    def remove(self) -> None:
        """The interfaces go with the namespace."""
        command("ip", "netns", "del", self.name)

    def __enter__(self) -> Network:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.remove()
