"""The plan of one packed pass: which tokens belong to which sequence, and how they attend."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import mlx.core as mx


@dataclass(frozen=True)
class Grid:
    """The decoding rows of a pass: `slots` rows of up to `width` new tokens each.

    gather: for each place of the grid, row by row, its token in the pass, (slots * width,).
    scatter: for each token of the pass its place in what the groups give, (tokens,).
    within: the groups as they see through a window of so many tokens.
    New tokens are written at column `end`.
    """

    slots: int
    width: int
    tokens: int
    gather: mx.array
    scatter: mx.array
    groups: list[AttentionGroup]
    end: int
    within: Callable[[int], list[AttentionGroup]]

    def seeing(self, window: int | None) -> list[AttentionGroup]:
        """The groups, as a layer sees that has this window or none."""
        return self.groups if window is None else self.within(window)


@dataclass(frozen=True)
class AttentionGroup:
    """Neighbouring slots that attend together, each with `width` new tokens.

    gather: as in Grid, for these slots and this width.
    bias: 0 where a token may look and -inf elsewhere, (slots, 1, width, columns); the columns
    begin at `first`, before which none of these slots has a token.
    """

    start: int
    stop: int
    width: int
    first: int
    gather: mx.array
    bias: mx.array


class State(tuple[mx.array, ...]):
    """What a recurrent layer keeps of a row: arrays that begin with (1, ...)."""


@dataclass
class PrefilledKV:
    """A prompt's prefilled layers: (keys, values), (1, kv_heads, tokens, dim) each, or a state.

    tokens: how many it is of; 0: as many as its keys.  A layer with a window may hold its last
    ones only.
    """

    layers: list[tuple[mx.array, mx.array] | State | None]
    tokens: int = 0

    @property
    def length(self) -> int:
        """Tokens that it is of."""
        pairs = (kept for kept in self.layers if kept is not None and not isinstance(kept, State))
        return self.tokens or max((pair[0].shape[2] for pair in pairs), default=0)

    @property
    def arrays(self) -> list[mx.array]:
        """All keys, values and states, to be evaluated."""
        return [array for kept in self.layers if kept is not None for array in kept]

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(array.nbytes for array in self.arrays)

    def without_states(self) -> PrefilledKV:
        """Its keys and values alone."""
        return PrefilledKV(
            [kept for kept in self.layers if not isinstance(kept, State)], self.tokens
        )

    def fork(self) -> PrefilledKV:
        """The same once more, to go on from; what is kept is shared."""
        return PrefilledKV(list(self.layers), self.tokens)

    def head(self, tokens: int) -> PrefilledKV:
        """Its first `tokens` tokens, as arrays of their own; states must be those after them.

        A state may be a view of what all tokens of a prompt's part went through: it is copied too.
        """
        after = self.length - tokens

        def cut(array: mx.array) -> mx.array:
            return mx.contiguous(array[..., : array.shape[2] - after, :])

        own = self._mapped(cut, tokens)
        own.layers = [
            State(map(mx.contiguous, kept)) if isinstance(kept, State) else kept
            for kept in own.layers
        ]
        return own

    def repeated(self, times: int) -> PrefilledKV:
        """Its tokens over and over, `times` times; states as they are."""
        return self._mapped(lambda array: mx.tile(array, (1, 1, times, 1)), self.length * times)

    def _mapped(self, change: Callable[[mx.array], mx.array], tokens: int) -> PrefilledKV:
        layers = [
            kept if kept is None or isinstance(kept, State) else (change(kept[0]), change(kept[1]))
            for kept in self.layers
        ]
        return PrefilledKV(layers, tokens)


@dataclass(frozen=True)
class PrefillChunk:
    """A prefill chunk: tokens [start, stop) of the pass belong to one row's prompt."""

    kv: PrefilledKV
    start: int
    stop: int


def note_lengths(chunks: Iterable[PrefillChunk], positions: Sequence[int]) -> None:
    """Write into prompts how many tokens they are of after a pass over these chunks."""
    for chunk in chunks:
        chunk.kv.tokens = positions[chunk.stop - 1] + 1


@dataclass
class Pass:
    """What every layer has to know of the pass that runs now; positions: (tokens,)."""

    positions: mx.array
    grid: Grid | None = None
    chunks: list[PrefillChunk] = field(default_factory=list)
