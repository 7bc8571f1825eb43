"""Pairs as the page gets them: texts cut into pieces that are marked or odd.

Offsets are Python's, so texts are cut here: a browser counts characters differently.  What is
here becomes JSON field by field.  Invariant: the texts of the pieces of a text, joined, are that
text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from stages.gates.measures import Span
from stages.manual_reviewer.note import DecisionNote
from stages.manual_reviewer.pair import ReviewedPair, is_odd
from workers.review.desk import OPEN, DeskItem

LONGEST_SHOWN = 200_000  # characters of a source
_FIGURES = ("grounded", "verbatim", "confidence", "doubt")


@dataclass(frozen=True)
class TextPiece:
    """Part of a text: within a mark or not; `odd` names the code point of an odd character."""

    text: str
    mark: bool = False
    odd: str | None = None


@dataclass(frozen=True)
class ShownText:
    """A text as it is, and in pieces to be shown."""

    text: str
    pieces: tuple[TextPiece, ...]

    @classmethod
    def of(cls, text: str) -> ShownText:
        return cls(text, pieces(text))


@dataclass(frozen=True)
class ShownTexts:
    """Both texts of a pair."""

    instruction: ShownText
    response: ShownText

    @classmethod
    def of(cls, pair: ReviewedPair) -> ShownTexts:
        return cls(ShownText.of(pair.instruction), ShownText.of(pair.response))


@dataclass(frozen=True)
class ShownNote:
    """What was decided; empty where nothing was.  failed: how many gates an edited pair fails."""

    reason: str = ""
    by: str = ""
    rule: str = ""
    failed: int = 0

    @classmethod
    def of(cls, note: DecisionNote | None) -> ShownNote:
        return cls(note.reason, note.by, note.rule, len(note.failed_gates)) if note else cls()


@dataclass(frozen=True)
class ShownDomain:
    """A field of security, and how sure the classifier is of it, if the pair says so."""

    domain: str
    confidence: Any


@dataclass(frozen=True)
class Row:
    """A pair in a list."""

    id: str
    version: int
    state: str

    @classmethod
    def of(cls, item: DeskItem) -> Row:
        return cls(item.id, item.version, item.state)


@dataclass(frozen=True)
class ShownPair(Row):
    """A pair in full.

    instruction, response: as they leave; was: as they came, where they were edited; cut:
    characters of the source that are not shown; about: what else the source states, by name;
    figures: None where unknown.
    """

    instruction: ShownText
    response: ShownText
    was: ShownTexts | None
    note: ShownNote
    source: tuple[TextPiece, ...]
    cut: int
    about: Mapping[str, tuple[TextPiece, ...]]
    kind: str
    domains: tuple[ShownDomain, ...]
    flags: tuple[str, ...]
    written_by: str
    figures: Mapping[str, Any]

    @classmethod
    def of(cls, item: DeskItem) -> ShownPair:
        now, came, note = item.current, item.pair, item.note
        source = came.source[:LONGEST_SHOWN]
        return cls(
            **vars(Row.of(item)),
            **vars(ShownTexts.of(now)),
            was=ShownTexts.of(came) if note and note.before else None,
            note=ShownNote.of(note),
            source=pieces(source, now.spans),
            cut=len(came.source) - len(source),
            about={name: pieces(text) for name, text in came.about.items()},
            kind=came.kind,
            domains=_domains(came),
            flags=tuple(came.flags),
            written_by=now.written_by,
            figures={name: now.figure(name) for name in _FIGURES},
        )


def pieces(text: str, spans: Sequence[Span] = ()) -> tuple[TextPiece, ...]:
    """A text in pieces, marked inside the spans; an odd character is a piece of its own.

    Parameters
        spans: in order, without overlaps.
    """
    found: list[TextPiece] = []
    for start, end, marked in _stretches(len(text), spans):
        for odd, characters in groupby(text[start:end], is_odd):
            run = "".join(characters)
            if odd:
                found += [TextPiece(one, marked, f"U+{ord(one):04X}") for one in run]
            else:
                found.append(TextPiece(run, marked))
    return tuple(found)


def _stretches(length: int, spans: Iterable[Span]) -> list[tuple[int, int, bool]]:
    """Start, end and whether it is in a span, for every stretch of a text."""
    found, at = [], 0
    for span in spans:
        if span.start < length:
            found += [(at, span.start, False), (span.start, min(span.end, length), True)]
            at = min(span.end, length)
    found.append((at, length, False))
    return [one for one in found if one[0] < one[1]]


def _domains(pair: ReviewedPair) -> tuple[ShownDomain, ...]:
    given = pair.record.get("domains")
    found = (one for one in (given if isinstance(given, list) else ()) if isinstance(one, dict))
    return tuple(
        ShownDomain(one["domain"], one.get("confidence"))
        for one in found
        if isinstance(one.get("domain"), str)
    )


def counted(states: Mapping[str, int]) -> dict[str, int]:
    """How many pairs there are in all, and how many are decided, beside the counts by state."""
    total = sum(states.values())
    return {**states, "all": total, "decided": total - states.get(OPEN, 0)}
