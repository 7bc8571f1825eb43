"""Which notes of an advisory are prose about it, in CSAF and CVRF alike.

Knows the categories of both and the titles that vendors give.  Invariant: legal notices, lists of
patch names and general recommendations are no prose about the advisory.
"""

from __future__ import annotations

_TITLES = frozenset(
    "details description summary synopsis overview topic background impact problem".split()
)
_NO_PROSE = frozenset({"patchnames", "assigning cna", "tag", "terms of use", "terms of service"})


def tells(category: str, title: str, categories: tuple[str, ...]) -> bool:
    """Whether a note is of one of the categories, or is a general one under a telling title."""
    category, title = category.lower(), title.lower()
    if title in _NO_PROSE:
        return False
    return category in categories or (category == "general" and title in _TITLES)
