"""Which notes of an advisory are prose about it, in CSAF and CVRF alike.

Knows the categories of both and the titles that vendors give.  Invariant: legal notices, lists of
patch names and general recommendations are no prose about the advisory.
"""

from __future__ import annotations

import re

_TITLES = frozenset(
    "details description summary synopsis overview topic background impact problem".split()
)
_NO_PROSE = frozenset(
    {"patchnames", "assigning cna", "tag", "terms of use", "terms of service"}
    | {"cvss score applicability"}
)


def tells(category: str, title: str, categories: tuple[str, ...]) -> bool:
    """Whether a note is of one of the categories, or is a general one under a telling title."""
    category, title = category.lower(), title.lower()
    if title in _NO_PROSE:
        return False
    return category in categories or (category == "general" and title in _TITLES)


LONGEST_ANSWER = 600  # characters
_ASKED = re.compile(r"[A-Z][^.?!\n]{10,160}\?")


def asked_and_answered(category: str, title: str, text: str) -> str:
    """A note of an FAQ on one line, the question and its answer; empty for any other."""
    said = " ".join(text.split())
    asked = _ASKED.fullmatch(title.strip()) is not None
    fits = category.lower() == "faq" and asked and 0 < len(said) <= LONGEST_ANSWER
    return f"{title.strip()} {said}" if fits else ""
