"""What a dataset holds, counted as it is written; the card and assembly.json are made of it.

Knows facts of pairs.  Invariant: what was read is what was kept and what was removed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from stages.base import Record
from stages.final_assembler.pairs import PairFacts
from stages.final_assembler.sides import SIDES

_LICENCES = 5  # shown of one source


@dataclass
class RunningMean:
    """The mean of a share that some pairs state."""

    total: float = 0.0
    count: int = 0

    def add(self, value: Any) -> None:
        """Take a value, if it is one."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            self.total += value
            self.count += 1

    @property
    def mean(self) -> float | None:
        return self.total / self.count if self.count else None


@dataclass
class Tally:
    """Pairs by side, and for those that were kept by what they count as."""

    read: int = 0
    sides: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    domains: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    writers: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    licences: dict[str, Counter[str]] = field(default_factory=dict)
    grounded: RunningMean = field(default_factory=RunningMean)
    verbatim: RunningMean = field(default_factory=RunningMean)
    words: RunningMean = field(default_factory=RunningMean)
    reviewed: int = 0
    to_review: int = 0

    @property
    def kept(self) -> int:
        return self.sides.total()

    def keep(self, side: int, record: Record, pair: PairFacts) -> None:
        """Count a pair that stays."""
        self.sides[SIDES[side]] += 1
        self.domains[pair.domain] += 1
        self.kinds[pair.kind] += 1
        self.sources[pair.source] += 1
        self.types[pair.type] += 1
        self.languages[pair.language] += 1
        self.writers[pair.written_by or "not stated"] += 1
        if pair.licence:
            self.licences.setdefault(pair.source, Counter())[pair.licence] += 1
        quality = record.get("quality")
        for name, figure in (("grounded", self.grounded), ("verbatim", self.verbatim)):
            figure.add(quality.get(name) if isinstance(quality, dict) else None)
        self.words.add(len(pair.response.split()))
        self.reviewed += is_reviewed(record)
        self.to_review += needs_review(record) and "review" not in record

    def licences_of(self, source: str) -> str:
        """The licences of a source in words."""
        found = [name for name, _ in self.licences.get(source, Counter()).most_common(_LICENCES)]
        return "; ".join(found) or "not stated"

    def to_json(self) -> Record:
        """Plain values."""
        counts = (
            "sides",
            "removed",
            "domains",
            "kinds",
            "sources",
            "types",
            "writers",
            "languages",
        )
        return {
            "read": self.read,
            "kept": self.kept,
            **{name: dict(getattr(self, name).most_common()) for name in counts},
            "licences": {name: dict(found) for name, found in self.licences.items()},
            "grounded": self.grounded.mean,
            "verbatim": self.verbatim.mean,
            "words_of_answers": self.words.mean,
            "reviewed": self.reviewed,
            "review_required": self.to_review,
        }


def is_reviewed(record: Record) -> bool:
    """Whether a person decided on a pair; what a rule accepted, nobody saw."""
    review = record.get("review")
    return isinstance(review, dict) and not review.get("rule")


def needs_review(record: Record) -> bool:
    """Whether a pair, or the source it was made of, asks for a person's eye."""
    source, flags = record.get("source_data"), record.get("security_flags")
    return any(
        isinstance(one, dict) and one.get("review_required") is True
        for one in (record, source, flags)
    )
