"""Sentences of plain text: splitting, taking the first few, dropping a cut-off last one.

Knows common abbreviations and list markers, no grammar.  Invariant: nothing here
returns an empty string for a text that is not blank.
"""

from __future__ import annotations

import re

_END = re.compile(r"[.!?][\"')\]]*(?=\s|$)")
_NO_END = re.compile(
    r"(?:(?i:\b(?:e\.g|i\.e|etc|vs|cf|inc|ltd|corp|dr|mr|mrs|ms|fig|approx|al|ver|resp))"
    r"|(?:^|\n)\s*\d{1,2}|\b[A-Z])\.$"
)
_LOOK_BACK = 16  # characters before a full stop that can make it an abbreviation


def sentence_ends(text: str) -> list[int]:
    """Positions just after each full sentence."""
    ends = []
    for match in _END.finditer(text):
        before = text[max(0, match.start() - _LOOK_BACK) : match.start() + 1]
        if not (text[match.start()] == "." and _NO_END.search(before)):
            ends.append(match.end())
    return ends


def first_sentences(text: str, most: int = 3, characters: int = 600) -> str:
    """The first sentences that fit into so many characters, and one at least."""
    text = text.strip()
    ends = sentence_ends(text)[:most]
    if not ends:
        return text
    fitting = [end for end in ends if end <= characters]
    return text[: fitting[-1] if fitting else ends[0]]


def is_whole(text: str) -> bool:
    """Whether a text ends with a full sentence."""
    text = text.rstrip()
    return bool(text) and text.endswith((".", "!", "?", '."', ".)", '?"', '!"', "?)", "!)"))


def trim_to_sentence(text: str) -> str:
    """Drop the last sentence when it was cut off; a text of no full sentence stays as it is."""
    text = text.strip()
    ends = sentence_ends(text)
    if not ends or is_whole(text):
        return text
    return text[: ends[-1]]
