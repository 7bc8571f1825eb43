"""Answers to letters: whether one says enough to be told without the letter that it answers.

Knows the marks in front of a subject, and words of assent.  Invariant: what is no answer never
leans on a letter.
"""

from __future__ import annotations

import re

from stages.data_structurer.nameless import is_telling
from stages.data_structurer.passages import without_label
from stages.data_structurer.reading import Reading

# "It's not an attack" of what the subject names.
_OF_THE_TITLE = re.compile(r"(?:It|This|That)(?:['’]s| is| was) ")
LEAST_OF_AN_ANSWER = 500  # characters of an answer to a letter that can do without it

_ANSWERS = re.compile(r"(?:re|aw|sv|antw)\s*:", re.IGNORECASE)
_AGREES = re.compile(
    r"(?:yes|no|agreed?|\+1|same here|me too|thanks?|ok(?:ay)?|i (?:dis)?agree)\b", re.IGNORECASE
)


def leans_on_a_letter(reading: Reading) -> bool:
    """Whether a record answers a letter, and says so little that it needs what it answers."""
    if not _ANSWERS.match(reading.identity.name):
        return False
    first = reading.sentences[0] if reading.sentences else None
    short = sum(map(len, reading.passages)) < LEAST_OF_AN_ANSWER
    agrees = _AGREES.match(without_label(next(iter(reading.passages), "")))
    if first is None or short or agrees:
        return True
    title = _ANSWERS.sub("", reading.identity.name)
    return first.points_back and not (_OF_THE_TITLE.match(first.text) and is_telling(title))
