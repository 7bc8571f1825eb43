"""Draft tokens without a second model: n-grams of the prompt and of earlier answers.

Prompt lookup (Saxena 2023, https://github.com/apoorvumang/prompt-lookup-decoding) finds the
row's last few tokens in its own prompt and answer; the suffix index finds them in earlier
answers of the same stage (SuffixDecoding, arXiv:2411.04975, with fixed n instead of a tree).
Knows tokens only.  Invariant: a draft is a guess; nothing depends on it but speed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

PROMPT, SUFFIX, MODEL = "prompt", "suffix", "model"
_ORDERS = (8, 5, 3, 2)  # lengths of n-grams that are looked up, the longest first
_KEPT = 200_000  # tokens of earlier answers
_BREAK = -1  # between two sequences; no token has this number


@dataclass(frozen=True)
class Draft:
    """Draft tokens, their source, and the length of the n-gram that matched."""

    source: str
    matched: int
    tokens: tuple[int, ...]


class NgramIndex:
    """What followed each n-gram when it occurred last."""

    def __init__(self, source: str, most_tokens: int | None = None) -> None:
        self._source = source
        self._most = most_tokens
        self._tokens: list[int] = []
        self._after: dict[tuple[int, ...], int] = {}

    def __len__(self) -> int:
        """Tokens held, ends of sequences with them."""
        return len(self._tokens)

    def extend(self, tokens: Sequence[int]) -> None:
        """Take in tokens that continue the sequence."""
        for token in tokens:
            at = len(self._tokens)
            for order in _ORDERS:
                if at >= order:
                    self._after[tuple(self._tokens[at - order : at])] = at
            self._tokens.append(token)

    def add(self, tokens: Sequence[int]) -> None:
        """Take in a whole sequence, apart from those before it."""
        if self._most is not None and len(self._tokens) > self._most:
            newest = self._tokens[-self._most // 2 :]
            self._tokens, self._after = [], {}
            self.extend(newest)
        self.extend(tokens)
        self.extend((_BREAK,))

    def draft(self, tail: Sequence[int], most: int) -> Draft | None:
        """What may follow `tail`, at most `most` tokens; None without a match."""
        for order in _ORDERS:
            at = self._after.get(tuple(tail[-order:])) if len(tail) >= order else None
            if at is not None:
                found = self._tokens[at : at + most]
                if _BREAK in found:
                    found = found[: found.index(_BREAK)]
                if found:
                    return Draft(self._source, order, tuple(found))
        return None


class StageMemory:
    """Suffix indexes of the answers each stage has given so far."""

    def __init__(self) -> None:
        self._by_stage: dict[str, NgramIndex] = {}

    def of(self, stage: str) -> NgramIndex:
        """The index of one stage."""
        if stage not in self._by_stage:
            self._by_stage[stage] = NgramIndex(SUFFIX, _KEPT)
        return self._by_stage[stage]


class Acceptance:
    """How often a draft token is right, by stage, source and length of match.

    A moving average over trials: an accepted token is a trial that went well, the first
    rejected one a trial that did not; tokens after it say nothing.  `counts` holds the weight
    of good trials, and of all, by (stage, source, length of match).
    """

    def __init__(self) -> None:
        self.counts: dict[tuple[str, str, int], tuple[float, float]] = {}

    def rate(self, stage: str, draft: Draft) -> float:
        """Chance from 0 to 1 that the next token of such a draft is right."""
        good, tried = self.counts.get((stage, draft.source, draft.matched), (0.0, 0.0))
        return (good + _PRIOR_RATE * _PRIOR_TRIALS) / (tried + _PRIOR_TRIALS)

    def learn(self, stage: str, draft: Draft, accepted: int, rejected: bool) -> None:
        """A draft of which `accepted` tokens were right, and whether one was then wrong."""
        key = (stage, draft.source, draft.matched)
        good, tried = self.counts.get(key, (0.0, 0.0))
        trials = accepted + rejected
        keep = _MEMORY**trials
        self.counts[key] = (good * keep + accepted, tried * keep + trials)


_PRIOR_RATE, _PRIOR_TRIALS = 0.5, 2.0
_MEMORY = 0.98  # of a trial's weight is left after the next one


def matching(draft: Sequence[int], truth: Sequence[int]) -> int:
    """How many tokens of a draft are accepted."""
    count = 0
    for guessed, real in zip(draft, truth, strict=False):
        if guessed != real:
            break
        count += 1
    return count
