"""A pair as a reviewer looks at it: question, answer, source with marks, flags, figures.

Reads records that others wrote, whatever is in them; changes none.  Invariant: any record
gives a `ReviewedPair` or the reason why it is none, and nothing raises.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from stages.base import Record
from stages.gates.measures import Span

MODEL, FORM = "model", "form"  # who wrote an answer, in its `quality`
DUPLICATE, REVIEW_REQUIRED, NO_SOURCE = "repeats an earlier pair", "review required", "no source"
_ODD = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@dataclass(frozen=True)
class ReviewedPair:
    """What a reviewer needs of a record.

    repeats: an earlier pair says the same; measured: its `quality` as it was measured here, where
    what a pair from outside says of that counts for nothing.
    """

    record: Record
    repeats: bool = False
    measured: Record | None = None

    @property
    def instruction(self) -> str:
        return _text(self.record, "instruction")

    @property
    def response(self) -> str:
        return _text(self.record, "response")

    @property
    def problem(self) -> str | None:
        """Why the record is no pair that a person can decide about."""
        for name in ("instruction", "response"):
            if not _text(self.record, name).strip():
                return f"record has no {name}: the manual reviewer takes instruction and response"
        return None

    @cached_property
    def source(self) -> str:
        """The text that the pair was made from; empty where the record carries none."""
        return _text(self._source_data, "text")

    @property
    def known(self) -> str:
        """What an edit may say besides the source: fields that went with the pair, and what it said
        before, unless nobody has judged that."""
        return f"{_text(self._source_data, 'fields')} {'' if self.measured else self.response}"

    @property
    def _source_data(self) -> Record:
        return _object(self.record, "source_data")

    @property
    def _quality(self) -> Record:
        return _object(self.record, "quality") if self.measured is None else self.measured

    @property
    def spans(self) -> tuple[Span, ...]:
        """The stretches of the source that the answer copies, in order, without overlaps."""
        found = self._quality.get("spans")
        given = sorted(filter(_is_span, found)) if isinstance(found, list) else []
        kept: list[Span] = []
        for start, end in given:
            start, end = max(start, kept[-1].end if kept else 0), min(end, len(self.source))
            if start < end:
                kept.append(Span(start, end))
        return tuple(kept)

    @property
    def review_required(self) -> bool:
        """Whether some stage asked for a person's eye."""
        holders = (self.record, self._source_data)
        return any(holder.get("review_required") is True for holder in holders)

    @cached_property
    def flags(self) -> tuple[str, ...]:
        """What speaks for a close look."""
        own = self.record.get("flags")
        given = [flag for flag in own if isinstance(flag, str)] if isinstance(own, list) else []
        found = {
            REVIEW_REQUIRED: self.review_required,
            DUPLICATE: self.repeats,
            NO_SOURCE: not self.source,
            "written by the model": self.written_by == MODEL,
            "unusual characters": any(map(is_odd, self.instruction + self.response)),
        }
        return (*(flag for flag, holds in found.items() if holds), *given)

    @property
    def written_by(self) -> str:
        return _text(self._quality, "written_by")

    @property
    def domain(self) -> str:
        return _text(self.record, "primary_domain")

    @property
    def kind(self) -> str:
        return _text(self._source_data, "kind")

    @property
    def about(self) -> dict[str, str]:
        """What the source says of itself: id, name, feed and link, those that it has."""
        names = ("id", "name", "source", "url")
        return {name: text for name in names if (text := _text(self._source_data, name))}

    def figure(self, name: str) -> float | str | None:
        """A figure that a rule can ask for (see FIGURES); None where the pair hasn't it."""
        texts = {
            "written_by": self.written_by,
            "domain": self.domain,
            "kind": self.kind,
            "type": _text(self.record, "type"),
        }
        if name in texts:
            return texts[name] or None
        if name == "confidence":
            return self._confidence
        if name == "doubt":
            return self.doubt
        if name == "words":
            return float(len(self.response.split()))
        return _number(self._quality.get(name))

    @property
    def _confidence(self) -> float | None:
        domains = self.record.get("domains")
        first = domains[0] if isinstance(domains, list) and domains else None
        return _number(first.get("confidence")) if isinstance(first, dict) else None

    @cached_property
    def doubt(self) -> float:
        """How much a look is worth, 0 to 1: what speaks against the pair, as chances combined."""
        grounded, verbatim = _number(self._quality.get("grounded")), self._verbatim
        reasons = (
            0.6 * self.review_required,
            0.5 * self.repeats,
            0.2 * (self.written_by == MODEL),
            min(1.0, 5 * (1 - (0.9 if grounded is None else grounded))),
            0.4 * (1 - verbatim) * (self.written_by != FORM),  # a form copies only names
            0.3 * (1 - (self._confidence or 0.0)),
        )
        return round(1 - math.prod(1 - min(1.0, max(0.0, reason)) for reason in reasons), 3)

    @property
    def _verbatim(self) -> float:
        return _number(self._quality.get("verbatim")) or 0.0


FIGURES = (
    *("grounded", "verbatim", "confidence", "doubt", "words"),
    *("written_by", "domain", "kind", "type"),
)
TEXT_FIGURES = FIGURES[5:]


def is_odd(character: str) -> bool:
    """Whether a character is invisible, steers the text's direction, or has no meaning."""
    return unicodedata.category(character) in _ODD and character not in "\n\t"


def _text(holder: Record, name: str) -> str:
    value = holder.get(name)
    return value if isinstance(value, str) else ""


def _object(holder: Record, name: str) -> Record:
    value = holder.get(name)
    return value if isinstance(value, dict) else {}


def _number(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and math.isfinite(value) else None


def _is_span(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(type(at) is int and 0 <= at < 2**53 for at in value)
    )
