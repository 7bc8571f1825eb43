"""Pairs as the page gets them: plain JSON, with texts cut into pieces that are marked or odd.

Offsets are Python's, so texts are cut here: a browser counts characters differently.
Invariant: the texts of the pieces of a text, joined, are that text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

from stages.gates.gates import Failure
from stages.gates.measures import Span
from stages.manual_reviewer.pair import ReviewedPair, is_odd
from workers.review.desk import OPEN, DeskItem

LONGEST_SHOWN = 200_000  # characters of a source
_FIGURES = ("grounded", "verbatim", "confidence", "doubt")


def pieces(text: str, spans: Sequence[Span] = ()) -> list[dict[str, Any]]:
    """A text in pieces: `text`, with `mark` inside a span, and `odd`: the code point's name.

    Parameters
        spans: in order, without overlaps.
    """
    found: list[dict[str, Any]] = []
    for start, end, marked in _stretches(len(text), spans):
        mark = {"mark": True} if marked else {}
        for odd, characters in groupby(text[start:end], is_odd):
            run = "".join(characters)
            if odd:
                found += [{"text": one, "odd": f"U+{ord(one):04X}", **mark} for one in run]
            else:
                found.append({"text": run, **mark})
    return found


def _stretches(length: int, spans: Iterable[Span]) -> list[tuple[int, int, bool]]:
    """Start, end and whether it is in a span, for every stretch of a text."""
    found, at = [], 0
    for span in spans:
        if span.start < length:
            found += [(at, span.start, False), (span.start, min(span.end, length), True)]
            at = min(span.end, length)
    found.append((at, length, False))
    return [one for one in found if one[0] < one[1]]


def shown_item(item: DeskItem) -> dict[str, Any]:
    """A pair in full."""
    now, came = item.current, item.pair
    source = came.source[:LONGEST_SHOWN]
    edited = {"was": _texts(came)} if item.note.get("before") else {}
    return {
        **row(item),
        **_texts(now),
        **edited,
        "note": item.note,
        "source": pieces(source, now.spans),
        "cut": len(came.source) - len(source),
        "about": {name: pieces(text) for name, text in came.about.items()},
        "type": came.figure("type") or "",
        "kind": came.kind,
        "domains": _domains(came),
        "flags": list(came.flags),
        "written_by": now.written_by,
        "figures": {name: now.figure(name) for name in _FIGURES},
    }


def _texts(pair: ReviewedPair) -> dict[str, Any]:
    """The instruction and the response: as they are, and in pieces to be shown."""
    both = {"instruction": pair.instruction, "response": pair.response}
    return {name: {"text": text, "pieces": pieces(text)} for name, text in both.items()}


def _domains(pair: ReviewedPair) -> list[dict[str, Any]]:
    given = pair.record.get("domains")
    found = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    return [
        {"domain": one["domain"], "confidence": one.get("confidence")}
        for one in found
        if isinstance(one.get("domain"), str)
    ]


def row(item: DeskItem) -> dict[str, Any]:
    """A pair in a list."""
    return {"id": item.id, "version": item.version, "state": item.state}


def shown_failures(failed: Iterable[Failure]) -> list[dict[str, Any]]:
    """Gates that an edited pair fails, with the figures that decided."""
    return [asdict(one) for one in failed]


def counted(states: dict[str, int]) -> dict[str, int]:
    """How many pairs there are in all, and how many are decided, beside the counts by state."""
    total = sum(states.values())
    return {**states, "all": total, "decided": total - states.get(OPEN, 0)}
