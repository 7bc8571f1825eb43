"""Weighted keywords, matched on word boundaries, and the score of a text by them.

A keyword is a word or phrase; `*` stands for any word characters, so "encrypt*" is also
encryption.  Knows nothing of what the keywords mean.  Invariant: scores lie from 0 up to 1.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping

READ_AT_MOST = 50_000  # characters; rules judge a longer text by its beginning
REPEAT_SHARE = 0.25  # what a second and third occurrence add
MOST_REPEATS = 2


class KeywordTable:
    """Keywords with weights as one compiled pattern."""

    def __init__(self, weights: Mapping[str, float], scale: float) -> None:
        """`scale` is the total weight that gives a score of 0.63."""
        longest_first = sorted(weights, key=lambda word: (-len(word), word))
        self._weights = [weights[word] for word in longest_first]
        self._scale = scale
        groups = "|".join(f"({_as_pattern(word)})" for word in longest_first)
        self._pattern = re.compile(rf"(?<!\w)(?:{groups})(?!\w)")

    def total(self, text: str) -> float:
        """Weight of all keywords that occur; a repeated one adds little."""
        hits = Counter(match.lastindex for match in self._matches(text))
        return sum(
            self._weights[group - 1] * (1 + REPEAT_SHARE * min(count - 1, MOST_REPEATS))
            for group, count in hits.items()
            if group is not None
        )

    def score(self, text: str, extra: float = 0.0) -> float:
        """The total and `extra` evidence, squeezed into 0 to 1."""
        return squeeze(self.total(text) + extra, self._scale)

    def _matches(self, text: str) -> list[re.Match[str]]:
        return list(self._pattern.finditer(text[:READ_AT_MOST].lower()))


def squeeze(total: float, scale: float) -> float:
    """0 for nothing, towards 1 for much."""
    return 1.0 - math.exp(-max(total, 0.0) / scale)


def logistic(x: float) -> float:
    """The inverse of `logit`."""
    return 1.0 / (1.0 + math.exp(-max(min(x, 60.0), -60.0)))


def logit(probability: float, margin: float = 0.01) -> float:
    """Log odds, with a probability kept `margin` away from 0 and 1."""
    kept = min(max(probability, margin), 1.0 - margin)
    return math.log(kept / (1.0 - kept))


def _as_pattern(keyword: str) -> str:
    return re.escape(keyword).replace(r"\*", r"\w*").replace(r"\ ", r"[\s-]+")
