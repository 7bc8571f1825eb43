"""A long text in passages of a few dozen words: whole paragraphs where they fit, else sentences.

Knows nothing of what is asked about them.  Invariant: the passages one after another are the
words of the text, in order, and none has more of them than it may.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_PARAGRAPH = re.compile(r"\n\s*\n")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n")


def passages(text: str, most: int) -> list[str]:
    """Passages of at most `most` words each, as few as whole paragraphs and sentences allow."""
    return list(_packed(_pieces(text, most), most))


def _pieces(text: str, most: int) -> Iterator[list[str]]:
    """Words of paragraphs that fit, of the sentences of others, and of runs of longer sentences."""
    for paragraph in _PARAGRAPH.split(text):
        words = paragraph.split()
        if len(words) <= most:
            yield words
            continue
        for sentence in _SENTENCE.split(paragraph):
            words = sentence.split()
            yield from (words[at : at + most] for at in range(0, len(words), most))


def _packed(pieces: Iterable[list[str]], most: int) -> Iterator[str]:
    held: list[str] = []
    for words in pieces:
        if held and len(held) + len(words) > most:
            yield " ".join(held)
            held = []
        held += words
    if held:
        yield " ".join(held)
