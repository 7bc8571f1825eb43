"""Adds metric lines up: by stage, by phase and by event, for a session or a whole run.

The logger feeds it the lines that it writes and the report those that it reads, so both
give the same figures.  Invariant: a line of any shape is taken without an error.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Fields = Mapping[str, Any]
MOST_KINDS = 20

_BATCH_SUMS = (
    "rows",
    "requests",
    "steps",
    "prompt_tokens",
    "prefix_tokens",
    "generated_tokens",
    "forced_tokens",
)
_CHUNK_SUMS = ("records", "results", "removed", "failed", "busy_seconds", "waited_seconds")
_ALL_SUMS = (
    *("batches", "batch_seconds", *_BATCH_SUMS),
    *("chunks", "chunk_seconds", *_CHUNK_SUMS),
    *("work_blocks", "work_items", "work_seconds"),
)
_LENGTHS = ("prompt_lengths", "answer_lengths")
_COUNTED = ("errors", "reasons")


@dataclass
class Drafts:
    """What one source drafted: how often, how many tokens, how many were right."""

    drafts: int = 0
    proposed: int = 0
    accepted: int = 0

    def take(self, other: Fields) -> None:
        """Add another's counts."""
        self.drafts += int(number(other.get("drafts")))
        self.proposed += int(number(other.get("proposed")))
        self.accepted += int(number(other.get("accepted")))

    @property
    def acceptance(self) -> float | None:
        """Share of the drafted tokens that the model agreed with."""
        return per(self.accepted, self.proposed)

    def as_fields(self) -> dict[str, Any]:
        rates = {"acceptance": self.acceptance, "mean_length": per(self.accepted, self.drafts)}
        return {**self.__dict__, **rates}


@dataclass
class StageTotals:
    """Sums over one stage; seconds are busy seconds of all processes, not wall time."""

    sums: dict[str, Any] = field(default_factory=dict)
    largest_batch: int = 0
    slowest_first_token: float = 0.0
    drafts: dict[str, Drafts] = field(default_factory=dict)
    counted: dict[str, Counter[str]] = field(
        default_factory=lambda: {name: Counter() for name in (*_LENGTHS, *_COUNTED)}
    )

    def take_batch(self, line: Fields) -> None:
        """A window of the model's work."""
        self._add("batches", 1)
        self._add("batch_seconds", number(line.get("seconds")))
        for name in _BATCH_SUMS:
            self._add(name, number(line.get(name)))
        first = _mapping(line.get("first_token"))
        self._add("first_tokens", number(first.get("count")))
        self._add("first_token_seconds", number(first.get("seconds")))
        self.slowest_first_token = max(self.slowest_first_token, number(first.get("slowest_s")))
        self.largest_batch = max(self.largest_batch, int(number(line.get("rows"))))
        for source, counts in _mapping(line.get("drafts")).items():
            self.drafts.setdefault(str(source), Drafts()).take(_mapping(counts))
        self._count(_LENGTHS, line)

    def take_chunk(self, line: Fields) -> None:
        """A sealed chunk."""
        self._add("chunks", 1)
        self._add("chunk_seconds", number(line.get("seconds")))
        for name in _CHUNK_SUMS:
            self._add(name, number(line.get(name)))
        self._count(_COUNTED, line)

    def take_work(self, line: Fields) -> None:
        """A block of a user's own stage."""
        self._add("work_blocks", 1)
        self._add("work_items", number(line.get("items")))
        self._add("work_seconds", number(line.get("seconds")))
        if line.get("error"):
            self.counted["errors"][str(line["error"])] += 1

    def _add(self, name: str, amount: float) -> None:
        self.sums[name] = self.sums.get(name, 0) + amount

    def _count(self, names: tuple[str, ...], line: Fields) -> None:
        for name in names:
            for key, count in _mapping(line.get(name)).items():
                self.counted[name][str(key)] += int(number(count))

    def sum(self, name: str) -> Any:
        """A sum by its name in a line, 0 before anything was added."""
        return self.sums.get(name, 0)

    @property
    def all_drafts(self) -> Drafts:
        """Every source together."""
        whole = Drafts()
        for drafts in self.drafts.values():
            whole.take(drafts.__dict__)
        return whole

    def as_fields(self) -> dict[str, Any]:
        """The sums and what follows from them, as the summary's schema has them."""
        amounts = {name: round(self.sum(name), 3) for name in _ALL_SUMS}
        return {
            **amounts,
            "largest_batch": self.largest_batch,
            "mean_batch": self.rate("rows", "batches"),
            "tokens_per_s": self.rate("generated_tokens", "batch_seconds"),
            "items_per_s": self.rate("records", "busy_seconds"),
            "first_token_mean_s": self.rate("first_token_seconds", "first_tokens"),
            "first_token_slowest_s": self.slowest_first_token,
            "drafts": {source: drafts.as_fields() for source, drafts in self.drafts.items()},
            "tokens_saved": self.all_drafts.accepted,
            **{name: dict(counts) for name, counts in self.counted.items()},
        }

    def rate(self, amount: str, whole: str) -> float | None:
        """One sum by another, or None."""
        return per(self.sum(amount), self.sum(whole))


@dataclass
class Totals:
    """Sums over the lines of a session, or of all sessions of a run."""

    stages: dict[str, StageTotals] = field(default_factory=dict)
    phases: dict[str, float] = field(default_factory=dict)
    events: Counter[str] = field(default_factory=Counter)
    peak_rss_mb: int = 0
    peak_mlx_mb: int = 0

    def take(self, line: Fields) -> None:
        """Add one metric line, as written."""
        kind = line.get("kind")
        self.peak_rss_mb = max(self.peak_rss_mb, int(number(line.get("rss_mb"))))
        self.peak_mlx_mb = max(self.peak_mlx_mb, int(number(line.get("mlx_peak_mb"))))
        if kind == "time":
            for phase, seconds in _mapping(line.get("phases")).items():
                self.phases[str(phase)] = self.phases.get(str(phase), 0.0) + number(seconds)
        elif kind == "batch":
            self._stage(line).take_batch(line)
        elif kind == "chunk":
            self._stage(line).take_chunk(line)
        elif kind == "work":
            self._stage(line).take_work(line)
        else:
            self.events[str(kind)] += 1

    def _stage(self, line: Fields) -> StageTotals:
        return self.stages.setdefault(str(line.get("stage")), StageTotals())

    def as_fields(self) -> dict[str, Any]:
        """The part of the session summary that is added up from lines."""
        return {
            "peak_rss_mb": self.peak_rss_mb,
            "peak_mlx_mb": self.peak_mlx_mb,
            "phases": {name: round(seconds, 3) for name, seconds in self.phases.items()},
            "events": dict(self.events),
            "stages": {name: totals.as_fields() for name, totals in self.stages.items()},
        }


def per(amount: float, whole: float) -> float | None:
    """A rate to 3 decimals, or None where there is nothing to divide by."""
    return round(amount / whole, 3) if whole > 0 else None


def number(value: object) -> float:
    """A finite number, or 0 for whatever else stands in a damaged line."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        return value
    return 0


def error_kind(message: object) -> str:
    """A message without what differs from record to record: numbers, and what is quoted."""
    text = re.sub(r"(?<!\w)(['\"]).*?\1(?!\w)", "'...'", str(message)[:1000])
    return re.sub(r"\d+", "N", text)[:120]


def error_kinds(messages: Iterable[object]) -> dict[str, int]:
    """How many messages of each kind, the commonest kinds only."""
    return dict(Counter(map(error_kind, messages)).most_common(MOST_KINDS))


def _mapping(value: object) -> Fields:
    return value if isinstance(value, Mapping) else {}
