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
from typing import TypeVar

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
        self._words = _odds(map(frozenset, ours), map(frozenset, theirs), even)
        self._pairs = _odds(map(_pairs, ours), map(_pairs, theirs), even)

    def of(self, text: str) -> float:
        """The sum over a text's words by the square root of their number; 0 says nothing."""
        words = words_of(text)
        alone = frozenset(words)
        total = math.fsum(self._words.get(word, 0.0) for word in alone)
        pairs = math.fsum(self._pairs.get(pair, 0.0) for pair in _pairs(words))
        return (total + _PAIRS * pairs) / math.sqrt(max(_LEAST_WORDS, len(alone)))


def words_of(text: str) -> list[str]:
    """The beginnings of the first words of a text, in lower case and in order."""
    beginning = " ".join(text[: READ_AT_MOST * 40].split()[:READ_AT_MOST]).lower()
    return [word[:BEGINNING] for word in _WORD.findall(beginning)]


def _pairs(words: Sequence[str]) -> frozenset[tuple[str, str]]:
    return frozenset(pairwise(words))


def _odds(
    ours: Iterable[frozenset[_T]], theirs: Iterable[frozenset[_T]], even: float
) -> dict[_T, float]:
    """Log odds of each thing that texts of either side hold; `even` makes up for their numbers."""
    here, there = Counter(chain.from_iterable(ours)), Counter(chain.from_iterable(theirs))
    return {
        one: even + math.log((here[one] + _SMOOTHING) / (there[one] + _SMOOTHING))
        for one in here.keys() | there.keys()
    }
