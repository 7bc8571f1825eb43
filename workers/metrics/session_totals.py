"""Adds metric lines up: by stage, by phase and by event, for a session or a whole run.

The logger feeds it the lines that it writes and the report those that it reads, so both
give the same figures.  Knows no file.  Invariant: each line is counted in one place.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from workers.metrics.batch_figures import BatchFigures, Drafts, per
from workers.metrics.metric_kinds import ModelBatch, PhaseTimes, SealedChunk, WorkBlock
from workers.metrics.metric_lines import MetricLine
from workers.metrics.reasons import Reasons

_BATCH_SUMS = ("steps", "prompt_tokens", "prefix_tokens", "generated_tokens", "forced_tokens")
_CHUNK_SUMS = ("records", "results", "removed", "failed", "busy_seconds", "waited_seconds")
_ALL_SUMS = (
    *("batches", "batch_seconds", "rows", "requests", *_BATCH_SUMS),
    *("chunks", "chunk_seconds", *_CHUNK_SUMS),
    *("work_blocks", "work_items", "work_seconds"),
)


@dataclass
class StageTotals:
    """Sums over one stage; seconds are busy seconds of all processes, not wall time."""

    sums: dict[str, Any] = field(default_factory=dict)
    largest_batch: int = 0
    slowest_first_token: float = 0.0
    drafts: dict[str, Drafts] = field(default_factory=dict)
    prompt_lengths: Counter[str] = field(default_factory=Counter)
    answer_lengths: Counter[str] = field(default_factory=Counter)
    errors: Reasons = field(default_factory=Reasons)
    reasons: Reasons = field(default_factory=Reasons)

    def add_batch(self, figures: BatchFigures) -> None:
        """A window of the model's work."""
        self._add(batches=1, batch_seconds=figures.seconds, rows=figures.rows)
        self._add(requests=figures.ended, **{name: getattr(figures, name) for name in _BATCH_SUMS})
        first = figures.first_tokens
        self._add(first_tokens=first.count, first_token_seconds=first.seconds)
        self.slowest_first_token = max(self.slowest_first_token, first.slowest_s)
        self.largest_batch = max(self.largest_batch, figures.rows)
        for source, drafts in figures.drafts.items():
            self.drafts.setdefault(source, Drafts()).add(drafts)
        self.prompt_lengths.update(figures.prompt_lengths)
        self.answer_lengths.update(figures.answer_lengths)

    def add_chunk(self, chunk: SealedChunk) -> None:
        """A sealed chunk."""
        self._add(chunks=1, chunk_seconds=chunk.seconds)
        self._add(**{name: getattr(chunk, name) for name in _CHUNK_SUMS})
        self.errors.update(chunk.errors)
        self.reasons.update(chunk.reasons)

    def add_work(self, work: WorkBlock) -> None:
        """A block of a user's own stage."""
        self._add(work_blocks=1, work_items=work.items, work_seconds=work.seconds)
        if work.error:
            self.errors.add(work.error)

    def _add(self, **amounts: float) -> None:
        for name, amount in amounts.items():
            self.sums[name] = self.sums.get(name, 0) + amount

    def sum(self, name: str) -> Any:
        """A sum by its name in a line, 0 before anything was added."""
        return self.sums.get(name, 0)

    @property
    def all_drafts(self) -> Drafts:
        """Every source together."""
        whole = Drafts()
        for drafts in self.drafts.values():
            whole.add(drafts)
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
            "drafts": {source: _with_rates(drafts) for source, drafts in self.drafts.items()},
            "tokens_saved": self.all_drafts.accepted,
            "prompt_lengths": dict(self.prompt_lengths),
            "answer_lengths": dict(self.answer_lengths),
            "errors": self.errors.most_common(),
            "reasons": self.reasons.most_common(),
        }

    def rate(self, amount: str, whole: str) -> float | None:
        """One sum by another, or None."""
        return per(self.sum(amount), self.sum(whole))


def _with_rates(drafts: Drafts) -> dict[str, Any]:
    rates = {"acceptance": drafts.acceptance, "mean_length": drafts.mean_length}
    return {**asdict(drafts), **rates}


@dataclass
class Totals:
    """Sums over the lines of a session, or of all sessions of a run."""

    stages: dict[str, StageTotals] = field(default_factory=dict)
    phases: dict[str, float] = field(default_factory=dict)
    events: Counter[str] = field(default_factory=Counter)
    peak_rss_mb: int = 0
    peak_mlx_mb: int = 0

    def add(self, line: MetricLine) -> None:
        """Count one metric line."""
        self.peak_rss_mb = max(self.peak_rss_mb, line.rss_mb or 0)
        body = line.body
        if isinstance(body, ModelBatch):
            peak = body.figures.memory.get("mlx_peak_mb", 0)
            self.peak_mlx_mb = max(self.peak_mlx_mb, peak)
            self._stage(body.stage).add_batch(body.figures)
        elif isinstance(body, SealedChunk):
            self._stage(body.stage).add_chunk(body)
        elif isinstance(body, WorkBlock):
            self._stage(body.stage).add_work(body)
        elif isinstance(body, PhaseTimes):
            for phase, seconds in body.phases.items():
                self.phases[phase] = self.phases.get(phase, 0.0) + seconds
        else:
            self.events[body.kind] += 1

    def _stage(self, name: str) -> StageTotals:
        return self.stages.setdefault(name, StageTotals())

    def as_fields(self) -> dict[str, Any]:
        """The part of the session summary that is added up from lines."""
        return {
            "peak_rss_mb": self.peak_rss_mb,
            "peak_mlx_mb": self.peak_mlx_mb,
            "phases": {name: round(seconds, 3) for name, seconds in self.phases.items()},
            "events": dict(self.events),
            "stages": {name: totals.as_fields() for name, totals in self.stages.items()},
        }
