"""Steps that a text counts in words, "First, ... Second, ...": told all, or none of them.

Knows ordinals and places; nothing of what a step says.  Invariant: no step of a sequence is left
out, nor what stands between two of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from stages.data_structurer.passages import Sentence

LONGEST = 1_800  # characters of all steps
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_STEP = re.compile(rf"({'|'.join(_ORDINALS)})(?:ly)?, ", re.IGNORECASE)


def all_steps(sentences: Sequence[Sentence], taken: set[int]) -> set[int] | None:
    """The places of a sequence that stands in a paragraph of what was taken; empty if none does.

    None: there is one, and it can't be told from its first step to its last.
    """
    near = {sentences[at].paragraph for at in taken}
    numbers = {at: _number(one) for at, one in enumerate(sentences) if _number(one) is not None}
    if len(numbers) < 2 or not any(sentences[at].paragraph in near for at in numbers):
        return set()
    places = list(numbers)
    stretch = range(places[0], places[-1] + 1)
    counted = list(numbers.values()) == list(range(len(places)))
    hole = any(sentences[at].gap for at in stretch[1:])
    length = sum(len(sentences[at].text) for at in taken | set(stretch))
    return set(stretch) if counted and not hole and length <= LONGEST else None


def _number(sentence: Sentence) -> int | None:
    found = _STEP.match(sentence.text)
    return _ORDINALS.index(found[1].lower()) if found else None
