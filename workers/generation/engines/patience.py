"""How long a trial at load may take: a worker that loads is ended after half an hour.

Knows a clock.  Invariant: whoever asks between passes hears of the end one pass late at most.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

PATIENCE_S = 300.0  # of each trial; a worker may have to make three, one of a draft model


class TooSlowError(Exception):
    """A trial that is not over in time: passes of this model take too long here."""

    def __init__(self) -> None:
        super().__init__(f"passes are so slow here that a trial takes over {PATIENCE_S:.0f} s")


@dataclass(frozen=True)
class Patience:
    """A trial's time, from now on."""

    ends: float = field(default_factory=lambda: time.monotonic() + PATIENCE_S)

    def check(self) -> None:
        """Raises TooSlowError once it is used up."""
        if time.monotonic() > self.ends:
            raise TooSlowError
