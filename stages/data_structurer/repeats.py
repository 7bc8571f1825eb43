"""Whether a sentence says in other words what was said before it.

Knows content words; knows nothing of records.  Invariant: two sentences of which each has a number
or a name that the other lacks are never taken for the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from stages.gates.words import content_words
from stages.text.sentences import sentence_ends

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


def is_denied_already(note: str, said: str) -> bool:
    """Whether a sentence of a text denies the remedy that a short note denies, of the same thing:
    "No fix is planned for Lark 2." of "For Lark 2 no fix is planned."."""
    words = set(content_words(note)) - _OF_DENIALS
    return _DENIES.search(note) is not None and any(
        _DENIES.search(one) and words <= set(content_words(one)) for one in _parted(said)
    )


_DENIES = re.compile(r"\b(?:no|not|never|won't)\b[^.]*\b(?:fix|patch)", re.IGNORECASE)
_OF_DENIALS = frozenset(content_words("all versions currently"))


def _parted(said: str) -> Iterator[str]:
    for line in said.split("\n"):
        for start, end in pairwise([0, *sentence_ends(line), len(line)]):
            yield line[start:end]
