"""The plan of one packed pass: which tokens belong to which sequence, and how they attend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import mlx.core as mx


@dataclass(frozen=True)
class Grid:
    """The decoding rows of a pass: `lanes` rows of up to `width` new tokens each.

    gather: for each place of the grid, row by row, its token in the pass, (lanes * width,).
    scatter: for each token of the pass its place in what the groups give, (tokens,).
    within: the groups as they see through a window of so many tokens.
    New tokens are written at column `end`.
    """

    lanes: int
    width: int
    tokens: int
    gather: mx.array
    scatter: mx.array
    groups: list[Group]
    end: int
    within: Callable[[int], list[Group]]

    def seeing(self, window: int | None) -> list[Group]:
        """The groups, as a layer sees that has this window or none."""
        return self.groups if window is None else self.within(window)


@dataclass(frozen=True)
class Group:
    """Neighbouring lanes that attend together, each with `width` new tokens.

    gather: as in Grid, for these lanes and this width.
    bias: 0 where a token may look and -inf elsewhere, (lanes, 1, width, columns); the columns
    begin at `first`, before which none of these lanes has a token.
    """

    start: int
    stop: int
    width: int
    first: int
    gather: mx.array
    bias: mx.array


@dataclass
class Staged:
    """A prompt's prefilled KV: (keys, values) per layer, (1, kv_heads, tokens, dim)."""

    layers: list[tuple[mx.array, mx.array] | None]

    @property
    def arrays(self) -> list[mx.array]:
        """All keys and values, to be evaluated."""
        return [array for pair in self.layers if pair is not None for array in pair]

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(array.nbytes for array in self.arrays)

    def head(self, tokens: int) -> Staged:
        """Its first `tokens` tokens, as arrays of their own."""
        kept = [
            None
            if pair is None
            else (mx.contiguous(pair[0][..., :tokens, :]), mx.contiguous(pair[1][..., :tokens, :]))
            for pair in self.layers
        ]
        return Staged(list(kept))

    def repeated(self, times: int) -> Staged:
        """Its tokens over and over, `times` times."""
        more = (1, 1, times, 1)
        return Staged(
            [pair and (mx.tile(pair[0], more), mx.tile(pair[1], more)) for pair in self.layers]
        )


@dataclass(frozen=True)
class Piece:
    """A prefill chunk: tokens [start, stop) of the pass belong to one row's prompt."""

    staged: Staged
    start: int
    stop: int


@dataclass
class Pass:
    """What every layer has to know of the pass that runs now; positions: (tokens,)."""

    positions: mx.array
    grid: Grid | None = None
    pieces: list[Piece] = field(default_factory=list)
