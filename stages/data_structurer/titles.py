"""Titles: whether one says what a text is about, and a name in one line.

Knows words that titles have and that say nothing; reads no text.  Invariant: a name is one line
that can be printed.
"""

from __future__ import annotations

import re

from stages.gates.words import content_words
from stages.text.literals import FILE, FUNCTION, ID, literals
from stages.text.parts import LONGEST_NAME

_GENERIC = frozenset(
    content_words(
        """report untitled incident advisory note notes entry record security alert update bulletin
        document text article blog post summary analysis title test item case number page new draft
        info information description unknown news preliminary first second third final interim
        revision rev version"""
    )
)
_NUMBERED = re.compile(r"\b[A-Z]{2,10}[-/]\d{2,}[\w/-]*-?\d\b")  # "Bulletin ABC-2091-17"
_VERSIONED = re.compile(r"\b[A-Z]?[a-z]{3,}\w* v?\d+\.\d")  # "[security] Foo 5.1.9"


def one_line(text: str) -> str:
    """A name in one line; empty where it is no name."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_NAME and line.isprintable() else ""


def quotable(text: str) -> str:
    """A name in one line as it may stand between quotation marks."""
    return one_line(text).replace('"', "'").replace("`", "").rstrip(" .:")


def is_telling(title: str) -> bool:
    """Whether a title says what a text is about, and not only that it is one."""
    named = any(one.kind in (ID, FILE, FUNCTION) for one in literals(title))
    return len(own_words(title)) >= 2 or named or is_numbered(title)


def is_numbered(title: str) -> bool:
    """Whether a title has a number of its own, or a product with its version."""
    return _NUMBERED.search(title) is not None or _VERSIONED.search(title) is not None


def own_words(title: str) -> list[str]:
    """The words of a title that say what something is about."""
    return [one for one in content_words(title) if not one.isdigit() and one not in _GENERIC]
