"""The KV of prompt prefixes that several prompts share, computed once per worker.

The instruction part of a stage's prompts is one such prefix; the same record asked several
questions is another.  Knows tokens and their KV, not what a prompt says.  Invariant: what is
kept is never written to; a row goes on from it with arrays of its own.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

import mlx.core as mx

from workers.generation.model.memory import Footprint
from workers.generation.packed.plan import PrefilledKV

_SHORTEST = 16  # below this many tokens keeping costs as much as computing
_PREFIXES, _TOKENS = 16, 350  # as many prefixes of so many tokens are kept
_LEAST_BYTES, _MOST_SHARE = 16 << 20, 1 / 16  # of the memory that is free


def limit_for(keeps: Footprint, free: int) -> int:
    """Most bytes of kept prefixes: of a few of this model, while memory is not short."""
    wanted = _PREFIXES * keeps.bytes(_TOKENS)
    return max(_LEAST_BYTES, min(wanted, int(free * _MOST_SHARE)))


class PrefixCache:
    """KV by prefix tokens; the least recently used goes first above `limit_bytes`."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._kept: OrderedDict[tuple[int, ...], PrefilledKV] = OrderedDict()
        self.nbytes = 0

    def longest(
        self, tokens: tuple[int, ...], lengths: Iterable[int]
    ) -> tuple[int, PrefilledKV | None]:
        """The longest kept prefix among `tokens[:length]`: its length and its KV."""
        for length in sorted(lengths, reverse=True):
            if (prefix := tokens[:length]) in self._kept:
                self._kept.move_to_end(prefix)
                return length, self._kept[prefix]
        return 0, None

    def __contains__(self, prefix: tuple[int, ...]) -> bool:
        return prefix in self._kept

    def lacks(self, prefix: tuple[int, ...]) -> bool:
        """Whether `prefix` would be kept, but is not there."""
        return len(prefix) >= _SHORTEST and prefix not in self._kept

    def keep(self, prefix: tuple[int, ...], kv: PrefilledKV) -> None:
        """Keep the KV of `prefix`, the first tokens of `kv`, for others to start from."""
        if not self.lacks(prefix):
            return
        own = kv.head(len(prefix))
        mx.eval(own.arrays)
        self._kept[prefix] = own
        self.nbytes += own.nbytes
        while len(self._kept) > 1 and self.nbytes > self._limit:
            self.nbytes -= self._kept.popitem(last=False)[1].nbytes
