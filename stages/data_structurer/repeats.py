"""Whether a sentence says in other words what was said before it.

Knows content words; knows nothing of records.  Invariant: two sentences of which each has a number
or a name that the other lacks are never taken for the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from stages.gates.words import content_words

LEAST_WORDS = 5  # content words of a sentence that may be a repetition
LEAST_SHARED = 0.65  # of the words of the shorter of two
_EXACT = re.compile(r"\b(?:[\w.-]*\d[\w.-]*|[A-Z]{2,}\w*)\b")


def is_said_again(text: str, said: Iterable[str]) -> bool:
    """Whether one of the sentences `said` has this one, or most of what it says."""
    return any(text == one or _says_the_same(text, one) for one in said)


def _says_the_same(text: str, other: str) -> bool:
    words, others = set(content_words(text)), set(content_words(other))
    least = min(len(words), len(others))
    if least < LEAST_WORDS or set(_EXACT.findall(text)) - set(_EXACT.findall(other)):
        return False
    return len(words & others) >= LEAST_SHARED * least and len(words) <= 1.2 * len(others)
