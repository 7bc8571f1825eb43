"""What a text says itself, without what it only quotes: a ransom note, a mail, a prompt.

Knows quotation marks and no gate.  Invariant: for searching only; a line that is a quotation and
little else counts as said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 2_000  # characters of a quotation
NEAR = 200  # characters around a quotation in which a text tells what it is
_FEWEST = 2  # words outside it, by which a line tells of a quotation

_QUOTATION = re.compile(
    rf'(?<!\w)"(?=\S)[^"\n]{{2,{LONGEST}}}(?<=\S)"(?!\w)'
    rf"|“[^”\n]{{2,{LONGEST}}}”|„[^“”\n]{{2,{LONGEST}}}[“”]|«[^»\n]{{2,{LONGEST}}}»"
)
_WORD = re.compile(r"[^\W\d_]+")


def without_quotations(text: str) -> str:
    """The text with an empty pair of marks in place of each quotation."""
    if not _QUOTATION.search(text):
        return text
    return "\n".join(map(_said, text.split("\n")))


def quotations(text: str) -> Iterator[tuple[str, str]]:
    """Each quotation without its marks, and what is said near it outside of quotations."""
    outside = _QUOTATION.split(text)
    for at, found in enumerate(_QUOTATION.findall(text), 1):
        before = '""'.join(outside[max(0, at - NEAR) : at])[-NEAR:]
        behind = '""'.join(outside[at : at + NEAR])[:NEAR]
        yield found[1:-1], f'{before}""{behind}'


def _said(line: str) -> str:
    said = _QUOTATION.sub('""', line)
    return said if len(_WORD.findall(said)) >= _FEWEST else line
