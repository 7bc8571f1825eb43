"""The logits after one token: which of them is the highest, whether or not all are worked out.

Knows numbers only.  Invariant: `best` is the token that the highest of `all` belongs to, the first
of equal ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from workers.generation.tokens.sampling import likeliest


class Logits(Protocol):
    """Logits of a vocabulary."""

    def best(self, allowed: np.ndarray | None = None) -> int:
        """The likeliest token, among those that a mask (vocab,) lets through if there is one."""
        ...

    def all(self) -> np.ndarray:
        """All of them, (vocab,) in float32."""
        ...


@dataclass(frozen=True)
class KnownLogits:
    """Logits that are there: values (vocab,)."""

    values: np.ndarray

    def best(self, allowed: np.ndarray | None = None) -> int:
        """See `Logits`."""
        return int(self.values.argmax()) if allowed is None else likeliest(self.values, allowed)

    def all(self) -> np.ndarray:
        """See `Logits`."""
        return self.values
