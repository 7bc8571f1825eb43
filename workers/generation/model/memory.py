"""How many sequences fit into memory now: psutil readings to a batch size.

Knows bytes, not models.  Invariant: at least one row is always allowed, never more
than the ceiling.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import psutil

MIB = 1 << 20
PROMPT_TOKENS = 512  # of all prompts in one pass: longer ones are read piece by piece
_LEAST_FACTOR, _MOST_FACTOR = 0.25, 4.0  # how far a measurement may correct the estimate


def available_bytes() -> int:
    """Memory that can be taken without swapping, by psutil."""
    return int(psutil.virtual_memory().available)


def is_no_memory(error: BaseException) -> bool:
    """Whether MLX or Python could not allocate; MLX says it with a RuntimeError."""
    return isinstance(error, MemoryError) or (
        isinstance(error, RuntimeError) and "alloc" in str(error).lower()
    )


@dataclass(frozen=True)
class WindowedLayers:
    """Layers that hold a row's last tokens only: bytes of each, over all of them, and how many."""

    bytes_per_token: int
    most: int


@dataclass(frozen=True)
class Footprint:
    """What a model keeps of a row.

    per_token: bytes in layers that keep all tokens.  per_row: bytes that don't grow, such as a
    recurrent state.  windows: layers that keep the last tokens.  headroom: tokens that
    there is place for before they come.
    """

    per_token: int
    per_row: int = 0
    windows: tuple[WindowedLayers, ...] = ()
    headroom: int = 0

    def __add__(self, other: Footprint) -> Footprint:
        """What two models keep of the same row, in caches of equal headroom."""
        return Footprint(
            self.per_token + other.per_token,
            self.per_row + other.per_row,
            (*self.windows, *other.windows),
            max(self.headroom, other.headroom),
        )

    def bytes(self, tokens: int) -> int:
        """Bytes of a row of so many tokens."""
        tokens += self.headroom
        last = sum(some.bytes_per_token * min(tokens, some.most) for some in self.windows)
        return self.per_row + self.per_token * tokens + last


@dataclass(frozen=True)
class RowCost:
    """What one row of a batch needs: what is kept of it, and bytes that a pass works with.

    places: tokens of a row in a pass, of which it wants the logits: the last one and its draft.
    states_bytes: recurrent states that a pass makes, beside those that are kept.
    """

    keeps: Footprint
    activation_bytes_per_token: int
    logits_bytes_per_token: int = 0
    places: int = 1
    states_bytes: int = 0

    @property
    def working(self) -> int:
        """Bytes of a row in a pass that decodes it."""
        token = self.activation_bytes_per_token + self.logits_bytes_per_token
        return self.places * token + self.states_bytes

    def bytes(self, tokens: int) -> int:
        """Bytes of a row of at most `tokens`."""
        return self.keeps.bytes(tokens) + self.working

    def reading(self, prompt_tokens: int) -> int:
        """Bytes of a pass that reads so many tokens of prompts, whichever rows' they are."""
        return self.activation_bytes_per_token * prompt_tokens


class MemoryBudget:
    """The batch size that memory allows, read anew whenever it is asked for.

    rows = (available x fraction - reserve - reading prompts) / bytes of a row, from 1 to the
    ceiling.  What rows keep is corrected by what they are seen to keep, up or down.
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
        self.factor = 1.0  # bytes that rows really keep, over what was estimated
        self._cost = cost
        self._fraction = fraction
        self._reserve = reserve_bytes
        self._share = max(1, share)
        self._read = read

    def rows(self, tokens: int, prompt_tokens: int, held_bytes: int = 0) -> int:
        """Rows of at most `tokens` that fit, while a pass reads so many tokens of prompts;
        `held_bytes` are already ours and count as free."""
        free = (self._read() * self._fraction - self._reserve) / self._share + held_bytes
        free -= self._cost.reading(prompt_tokens)
        row = self.factor * self._cost.keeps.bytes(tokens) + self._cost.working
        return max(1, min(self.ceiling, int(free // row)))

    def measured(self, tokens: Iterable[int], held_bytes: int) -> None:
        """Rows of so many tokens each hold this many bytes: the estimate learns from it."""
        estimate = sum(map(self._cost.keeps.bytes, tokens))
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
