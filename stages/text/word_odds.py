"""How much the words of a text speak for one side and not for others, by counts on examples.

Naive Bayes on beginnings of words and on pairs of neighbours, each counted once a text.  Knows no
label's meaning.  Invariant: words that no example holds say nothing.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from functools import partial
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
    """Log odds of words, from examples of the wanted side, of others near it, and of all the rest.

    What words say is the mean of the odds against all others and of those against the near ones
    alone, which are the ones that are mistaken for it (docs/log.md).
    """

    def __init__(self, wanted: Iterable[str], near: Iterable[str], far: Iterable[str] = ()) -> None:
        sides = [[words_of(text) for text in texts] for texts in (wanted, near, far)]
        ours, close, distant = (len(side) + 1 for side in sides)
        evens = math.log(close / ours), math.log((close + distant - 1) / ours)
        self._words = _Counted([map(frozenset, side) for side in sides], evens)
        self._pairs = _Counted([map(_pairs, side) for side in sides], evens)

    def of(self, text: str, most: int = READ_AT_MOST) -> float:
        """The sum over a text's words by the square root of their number; 0 says nothing."""
        words = words_of(text, most)
        alone = frozenset(words)
        total = self._words.sum(alone) + _PAIRS * self._pairs.sum(_pairs(words))
        return total / math.sqrt(max(_LEAST_WORDS, len(alone)))


def words_of(text: str, most: int = READ_AT_MOST) -> list[str]:
    """The beginnings of the first words of a text, in lower case and in order."""
    beginning = " ".join(text[: most * 40].split()[:most]).lower()
    return [word[:BEGINNING] for word in _WORD.findall(beginning)]


def _pairs(words: Sequence[str]) -> frozenset[tuple[str, str]]:
    return frozenset(pairwise(words))


class _Counted(Generic[_T]):
    """In how many texts of each side each thing is; log odds are taken as they are asked for.

    `evens` make up for the sides' numbers: against the near ones, and against all.
    """

    def __init__(
        self, sides: Iterable[Iterable[frozenset[_T]]], evens: tuple[float, float]
    ) -> None:
        self._here, self._near, self._far = (Counter(chain.from_iterable(side)) for side in sides)
        self._evens = evens

    def sum(self, things: Iterable[_T]) -> float:
        return math.fsum(map(self._of, things))

    def _of(self, one: _T) -> float:
        here, near = self._here[one], self._near[one]
        counts = near, near + self._far[one]
        return sum(map(partial(_log_odds, here), counts, self._evens)) / len(counts)


def _log_odds(here: int, there: int, even: float) -> float:
    if not here and not there:
        return 0.0
    return even + math.log((here + _SMOOTHING) / (there + _SMOOTHING))
