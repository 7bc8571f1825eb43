"""Whether a text asks something or gives an order, as its words or its mark say.

Knows clauses and the recipe's words; reads no answer.  Invariant: a statement that names no order
and asks nothing is none, however it is addressed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stages.gates.measures import sentences
from stages.gates.wording import Wording
from stages.gates.words import tokens

_INTO = 6  # words of a clause among which a question has its question word
_MARKS = ("?", "？", "؟")
_PARTS = re.compile(r"[,;:\u2013\u2014]+\s|\s-+\s|[，、；：]")


def is_instruction(text: str, wording: Wording) -> bool:
    """Whether a text as a whole, its first sentence or its last asks or orders something.

    A question has its question word near the beginning of a clause, and its mark, unless it is a
    line without any; an order stands at the beginning of one.
    """
    found = sentences(text)
    looked_at = {text.strip(), *found[:1], *found[-1:]} if found else set()
    return any(_asks(one, wording) or _orders(one, wording) for one in looked_at)


def _asks(sentence: str, wording: Wording) -> bool:
    marked = sentence.endswith(_MARKS)
    if not marked and sentence[-1] in ".!。":
        return False
    if marked and not sentence.isascii() and tokens(sentence):
        return True
    clauses = [tokens(one) for one in _clauses(sentence)]
    if not marked:
        return len(clauses[0]) > 2 and clauses[0][0] in wording.question_words
    return any(not wording.question_words.isdisjoint(words[:_INTO]) for words in clauses)


def _orders(sentence: str, wording: Wording) -> bool:
    for words in map(tokens, _clauses(sentence)):
        while words and words[0] in wording.polite:
            words = words[1:]
        if words and words[0] in wording.orders and (len(words) > 1 or not words[0].isascii()):
            return True
    return False


def _clauses(sentence: str) -> Iterator[str]:
    yield from _PARTS.split(sentence)
