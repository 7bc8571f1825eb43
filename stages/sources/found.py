"""What readers hand on: a record or a problem with its place; and the errors of whole sources.

Knows nothing of formats.  Invariant: a problem is one line that a terminal can show.
"""

from __future__ import annotations

from dataclasses import dataclass

from stages.base import Record


@dataclass(frozen=True)
class Found:
    """What stands at one place of a source: a record, or the problem that there is none.

    `place` says where within the source ("line 17", "vulnerabilities[3]"); `number` is the
    line's number in formats of one record a line, else None.  `notes` are remarks about a
    record that was read all the same.
    """

    place: str
    record: Record | None = None
    problem: str | None = None
    number: int | None = None
    notes: tuple[str, ...] = ()


class SourceError(Exception):
    """A source, or the rest of one, can't be read; says why and what to do."""

    def __init__(self, problem: str, place: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.place = place


class NotUnderstood(SourceError):
    """What it looks like, and what to do: no run is made with such a file."""


class Damaged(SourceError):
    """A source of a known format that is cut short or altered."""


class CutShort(Damaged):
    """A source that ends in the middle of something."""


class UnreadablePiece(SourceError):
    """One piece of a source that can't be a record; those around it can."""


def printable(text: str) -> str:
    """Text from a file's name or contents, with nothing in it that a terminal would obey."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def located(place: str, problem: str) -> str:
    """ "line 3: not valid JSON"; the problem alone where there is no place."""
    return f"{place}: {problem}" if place else problem
