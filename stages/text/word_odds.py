"""How much the words of a text speak for one of two sides, by counts on labelled examples.

Naive Bayes on beginnings of words, each counted once a text.  Knows no label's meaning.
Invariant: words that no example holds say nothing.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

BEGINNING = 6  # letters: "encrypted" and "encryption" are one word
READ_AT_MOST = 60  # words: about as much as a model reads for a choice
_SMOOTHING = 0.5  # of an example, on either side
_LEAST_WORDS = 6  # a text of fewer counts as one of so many

_WORD = re.compile(r"[a-z][a-z']+|\d+")


class WordOdds:
    """Log odds of words, from examples of the one side and of the other."""

    def __init__(self, wanted: Iterable[str], others: Iterable[str]) -> None:
        ours, theirs = [words_of(text) for text in wanted], [words_of(text) for text in others]
        here, there = _counts(ours), _counts(theirs)
        even = math.log((len(theirs) + 1) / (len(ours) + 1))
        self._odds = {
            word: even + math.log((here[word] + _SMOOTHING) / (there[word] + _SMOOTHING))
            for word in here.keys() | there.keys()
        }

    def of(self, text: str) -> float:
        """The sum over a text's words by the square root of their number; 0 says nothing."""
        words = words_of(text)
        total = sum(self._odds.get(word, 0.0) for word in sorted(words))
        return total / math.sqrt(max(_LEAST_WORDS, len(words)))


def words_of(text: str) -> frozenset[str]:
    """The beginnings of the first words of a text, in lower case."""
    beginning = " ".join(text[: READ_AT_MOST * 40].split()[:READ_AT_MOST]).lower()
    return frozenset(word[:BEGINNING] for word in _WORD.findall(beginning))


def _counts(texts: Iterable[frozenset[str]]) -> Counter[str]:
    return Counter(word for words in texts for word in words)
