"""Running a packed pass through a model: logits of a few of its tokens.

Knows a model with its kernels and a cache of ours.  Invariant: what comes out is what the
model itself would give, for the places that were asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import mlx.core as mx
import numpy as np

from workers.generation.architecture import Parts
from workers.generation.packed.heads import VocabularyHead
from workers.generation.packed.rows import RowCache
from workers.generation.tokens.logits import KnownLogits, Logits


def _nothing() -> Iterable[mx.array]:
    return ()


class Forward:
    """A model's forward pass over flat tokens; the model has its kernels (`LoadedModel.parts`).

    head: what finds likeliest tokens in the place of the model's own; None: that.
    """

    def __init__(self, parts: Parts, head: VocabularyHead | None = None) -> None:
        self._parts = parts
        self._head = head

    def logits(self, tokens: Sequence[int], cache: RowCache, places: Sequence[int]) -> mx.array:
        """Logits (places, vocab) in float32 after a pass over `tokens`; may be lazy."""
        wanted = mx.array(list(places), dtype=mx.int32)
        found = self._run(tokens, cache, lambda x: x[:, 0][wanted])
        return found.astype(mx.float32)

    def scores(
        self,
        tokens: Sequence[int],
        cache: RowCache,
        places: Sequence[int],
        also: Callable[[], Iterable[mx.array]] = _nothing,
        whole: bool = False,
        states: list[mx.array] | None = None,
    ) -> Sequence[Logits]:
        """What `logits` gives, computed, and with it what `also` names once the pass is built.

        whole: all logits are going to be wanted.  states: a list gets what the model's own head is
        given for each place, (size,), unless nobody knows where that is.
        """
        head = None if whole else self._head
        if head is None and states is None:
            found = behind = self.logits(tokens, cache, places or [0])
        else:
            behind, found = self._states(tokens, cache, places or [0])
            found = found if head is None else behind
        mx.eval(found if places else [], list(also()))
        if states is not None and places and self._parts.tap is not None:
            states.extend(behind)
        if not places:
            return []  # no head has run
        numbers = np.array(found, copy=False)
        return list(map(KnownLogits, numbers)) if head is None else head.scores(numbers)

    def _states(
        self, tokens: Sequence[int], cache: RowCache, places: Sequence[int]
    ) -> tuple[mx.array, mx.array]:
        """What the head is given for these places, (places, size), and their logits; lazy."""
        wanted = mx.array(list(places), dtype=mx.int32)
        found: list[mx.array] = []

        def note(x: mx.array) -> mx.array:
            found.append(x[:, 0][wanted])
            return found[0]

        logits = self._run(tokens, cache, note)
        return found[0].astype(mx.float32), logits.astype(mx.float32)

    def _run(
        self, tokens: Sequence[int], cache: RowCache, chosen: Callable[[mx.array], mx.array]
    ) -> mx.array:
        inputs = mx.array(list(tokens), dtype=mx.int32)[:, None]
        return self._parts.logits(inputs, self._parts.arranged(cache.layers), chosen)
