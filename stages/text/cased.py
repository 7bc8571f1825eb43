"""Names that are written with capitals within, as of functions: another case is another name.

Knows words and their case.  Invariant: a text that is its own source has none of another case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stages.text.literals import OTHER, READ_AT_MOST, Literal

_WORD = re.compile(r"[^\W\d_]\w{3,}")
_CAPITAL_WITHIN = re.compile(r"[a-z][A-Z]")


def miscased(text: str, source: str) -> Iterator[Literal]:
    """Words that a source has only with capitals in other places: "virtualalloc"."""
    words = set(_WORD.findall(source))
    cased = {word.lower() for word in words if _CAPITAL_WITHIN.search(word)}
    for match in _WORD.finditer(text[:READ_AT_MOST]):
        word = match.group()
        if word.lower() in cased and word not in words:
            yield Literal(OTHER, word, match.start(), match.end())
