"""The log probabilities of an answer's tokens, noted as they are decided.

They are those of the model before temperature and nucleus, among the tokens that a schema lets
through; a token that a schema leaves no other choice for has 0.  Knows logits, no batches.
Invariant: what is noted doesn't depend on drafts or on who shares the batch, but for rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Noted:
    """One place of an answer: the token taken, and the likeliest ones with theirs."""

    token: int
    logprob: float
    top: tuple[tuple[int, float], ...]


class LogprobNotes:
    """Notes what was likely at each place of one answer; `top` tokens of each."""

    def __init__(self, top: int) -> None:
        self.places: list[Noted] = []
        self._top = top

    def decided(self, token: int, logits: np.ndarray, allowed: np.ndarray | None = None) -> None:
        """A token was taken by logits or log probabilities (vocab,), among the `allowed` ones."""
        scores = logits.astype(np.float64)
        if allowed is not None:
            scores = np.where(allowed, scores, -np.inf)
        highest = scores.max()
        scores = scores - highest - np.log(np.exp(scores - highest).sum())
        top = tuple((t, float(scores[t])) for t in _best(scores, self._top))
        self.places.append(Noted(token, float(scores[token]), top))

    def forced(self, token: int) -> None:
        """A token was taken because no other could follow."""
        self.places.append(Noted(token, 0.0, ((token, 0.0),) if self._top else ()))


def _best(scores: np.ndarray, most: int) -> list[int]:
    """The tokens of the highest finite scores, the first of equal ones first."""
    if not most:
        return []
    least = np.partition(scores, -most)[-most] if most < len(scores) else -np.inf
    found = np.flatnonzero((scores >= least) & np.isfinite(scores))
    best: list[int] = found[np.argsort(-scores[found], kind="stable")][:most].tolist()
    return best
