"""How much the words of a text speak for one of two sides, by counts on labelled examples.

Naive Bayes on beginnings of words and on pairs of neighbours, each counted once a text.  Knows no
label's meaning.  Invariant: words that no example holds say nothing.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from itertools import chain, pairwise
from typing import Generic, TypeVar

BEGINNING = 6  # letters: "encrypted" and "encryption" are one word
READ_AT_MOST = 60  # words: about as much as a model reads for a choice
_SMOOTHING = 0.5  # of an example, on either side
_LEAST_WORDS = 6  # a text of fewer counts as one of so many
_PAIRS = 0.7  # what a pair says counts for less: its words have spoken already (docs/log.md)

_T = TypeVar("_T", bound=Hashable)

_WORD = re.compile(r"[a-z][a-z']+|\d+")


class WordOdds:
    """Log odds of words, from examples of the one side and of the other."""

    def __init__(self, wanted: Iterable[str], others: Iterable[str]) -> None:
        ours, theirs = [words_of(text) for text in wanted], [words_of(text) for text in others]
        even = math.log((len(theirs) + 1) / (len(ours) + 1))
        self._words = _Counted(map(frozenset, ours), map(frozenset, theirs), even)
        self._pairs = _Counted(map(_pairs, ours), map(_pairs, theirs), even)

    def of(self, text: str) -> float:
        """The sum over a text's words by the square root of their number; 0 says nothing."""
        words = words_of(text)
        alone = frozenset(words)
        total = self._words.sum(alone) + _PAIRS * self._pairs.sum(_pairs(words))
        return total / math.sqrt(max(_LEAST_WORDS, len(alone)))


def words_of(text: str) -> list[str]:
    """The beginnings of the first words of a text, in lower case and in order."""
    beginning = " ".join(text[: READ_AT_MOST * 40].split()[:READ_AT_MOST]).lower()
    return [word[:BEGINNING] for word in _WORD.findall(beginning)]


def _pairs(words: Sequence[str]) -> frozenset[tuple[str, str]]:
    return frozenset(pairwise(words))


class _Counted(Generic[_T]):
    """In how many texts of either side each thing is; log odds are taken as they are asked for.

    `even` makes up for the sides' numbers.
    """

    def __init__(
        self, ours: Iterable[frozenset[_T]], theirs: Iterable[frozenset[_T]], even: float
    ) -> None:
        self._here = Counter(chain.from_iterable(ours))
        self._there = Counter(chain.from_iterable(theirs))
        self._even = even

    def sum(self, things: Iterable[_T]) -> float:
        return math.fsum(map(self._of, things))

    def _of(self, one: _T) -> float:
        here, there = self._here[one], self._there[one]
        if not here and not there:
            return 0.0
        return self._even + math.log((here + _SMOOTHING) / (there + _SMOOTHING))
