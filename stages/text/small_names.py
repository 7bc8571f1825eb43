"""Names in small letters, of programs, packages and files, at the head of a sentence.

Knows what a record marks as code and names as its product.  Invariant: only a capital that the
record itself does not have is taken back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from stages.base import Record
from stages.text.facts import FACTS
from stages.text.own_values import find_own_values

_MARKED = re.compile(r"(?<!`)`{1,2}([a-z]{2,40})`{1,2}(?!`)|<(?:code|tt)>([a-z]{2,40})</")
_NAMED = re.compile(r"([a-z]{2,40})(?:$|[ :@]\W*(?:v?\d|(?:before|prior|up|through|from)\b))")
# The first word of a sentence, or of an item.
_HEAD = re.compile(r"(?:(?<![^\n])(?:[-*] )?|(?<=[.!?:] ))([A-Z][a-z]+)(?= [\w`\"'(]+)")


def with_small_names(text: str, record: Record, source: str) -> str:
    """A text whose sentences begin with such a name as the record's own text writes it."""
    names = small_names(record)

    def small(head: re.Match[str]) -> str:
        word, behind = head[1], text[head.end(1) : head.end(1) + 12]
        own = word.lower() + behind in source and word + behind not in source
        return head[0][: -len(word)] + word.lower() if word.lower() in names and own else head[0]

    return _HEAD.sub(small, text) if names else text


def small_names(record: Record) -> frozenset[str]:
    """What a record marks as code in one word, and the names of its products."""
    marked = (one[1] or one[2] for said in _strings(record) for one in _MARKED.finditer(said))
    products = (value for name in FACTS["Affected"] for value in find_own_values(record, name))
    named = (found[1] for value in products if (found := _NAMED.match(value)))
    return frozenset([*marked, *named])


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)
