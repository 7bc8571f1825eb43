"""How many sequences fit into memory now: psutil readings to a batch size.

Knows bytes, not models.  Invariant: at least one row is always allowed, never more
than the ceiling.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import psutil

MIB = 1 << 20
_LEAST_FACTOR, _MOST_FACTOR = 1.0, 4.0  # how far a measurement may correct the estimate


def available_bytes() -> int:
    """Memory that can be taken without swapping, by psutil."""
    return int(psutil.virtual_memory().available)


@dataclass(frozen=True)
class RowCost:
    """What one row of a batch needs: KV bytes and working bytes per token, and bytes of its own.

    row_bytes: what does not grow with it, such as a recurrent state, and the logits of a pass.
    """

    kv_bytes_per_token: int
    activation_bytes_per_token: int
    row_bytes: int = 0

    def bytes(self, tokens: int, tokens_at_once: int = 1) -> int:
        """Bytes of a row of at most `tokens`, of which `tokens_at_once` are in flight."""
        in_flight = self.activation_bytes_per_token * tokens_at_once
        return self.row_bytes + self.kv_bytes_per_token * tokens + in_flight


class MemoryBudget:
    """The batch size that memory allows, read anew whenever it is asked for.

    rows = (available x fraction - reserve) / bytes of a row, from 1 to the ceiling.
    `share` divides the machine among worker processes that plan alike.
    """

    def __init__(
        self,
        cost: RowCost,
        ceiling: int,
        fraction: float = 0.8,
        reserve_bytes: int = 1024 * MIB,
        share: int = 1,
        read: Callable[[], int] = available_bytes,
    ) -> None:
        self.ceiling = ceiling
        self.factor = 1.0  # bytes that rows really take, over what was estimated
        self._cost = cost
        self._fraction = fraction
        self._reserve = reserve_bytes
        self._share = max(1, share)
        self._read = read

    def rows(self, tokens: int, tokens_at_once: int, held_bytes: int = 0) -> int:
        """Rows of at most `tokens` that fit; `held_bytes` are already ours and count as free."""
        free = (self._read() * self._fraction - self._reserve) / self._share + held_bytes
        fit = int(free // (self.factor * self._cost.bytes(tokens, tokens_at_once)))
        return max(1, min(self.ceiling, fit))

    def measured(self, rows: int, tokens: int, held_bytes: int) -> None:
        """So many rows of so many tokens hold this many bytes: the estimate learns from it."""
        estimate = rows * self._cost.bytes(tokens)
        if estimate > 0:
            seen = min(max(held_bytes / estimate, _LEAST_FACTOR), _MOST_FACTOR)
            self.factor += 0.1 * (seen - self.factor)

    @property
    def short(self) -> bool:
        """Whether even the reserve is being used up, by us or by others."""
        return self._read() < self._reserve // 2

    def halve(self, rows_that_failed: int) -> int:
        """An allocation failed at this many rows: from now on at most half of them."""
        self.ceiling = max(1, min(self.ceiling, rows_that_failed // 2))
        return self.ceiling
