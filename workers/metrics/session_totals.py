"""Adds metric lines up: by stage, by phase and by event, for a session or a whole run.

The logger feeds it the lines that it writes and the report those that it reads, so both
give the same figures.  Knows no file.  Invariant: each line is counted in one place.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from workers.metrics.batch_figures import BatchFigures, Drafts
from workers.metrics.metric_kinds import ModelBatch, PhaseTimes, SealedChunk, WorkBlock
from workers.metrics.metric_lines import MetricLine
from workers.metrics.reasons import Reasons
from workers.metrics.session_summary import StageSummary
from workers.metrics.sums import Sums


@dataclass
class StageTotals:
    """What the lines of one stage add up to."""

    sums: Sums = Sums()
    largest_batch: int = 0
    slowest_first_token: float = 0.0
    drafts: dict[str, Drafts] = field(default_factory=dict)
    prompt_lengths: Counter[str] = field(default_factory=Counter)
    answer_lengths: Counter[str] = field(default_factory=Counter)
    errors: Reasons = field(default_factory=Reasons)
    reasons: Reasons = field(default_factory=Reasons)

    def add_batch(self, figures: BatchFigures) -> None:
        """A window of the model's work."""
        self.sums += Sums.of_batch(figures)
        self.slowest_first_token = max(self.slowest_first_token, figures.first_tokens.slowest_s)
        self.largest_batch = max(self.largest_batch, figures.rows)
        for source, drafts in figures.drafts.items():
            self.drafts.setdefault(source, Drafts()).add(drafts)
        self.prompt_lengths.update(figures.prompt_lengths)
        self.answer_lengths.update(figures.answer_lengths)

    def add_chunk(self, chunk: SealedChunk) -> None:
        """A sealed chunk."""
        self.sums += Sums.of_chunk(chunk)
        self.errors.update(chunk.errors)
        self.reasons.update(chunk.reasons)

    def add_work(self, work: WorkBlock) -> None:
        """A block of a user's own stage."""
        self.sums += Sums.of_work(work)
        if work.error:
            self.errors.add(work.error)

    @property
    def all_drafts(self) -> Drafts:
        """Every source together."""
        whole = Drafts()
        for drafts in self.drafts.values():
            whole.add(drafts)
        return whole

    def summary(self) -> StageSummary:
        """The totals as they are now."""
        return StageSummary(
            self.sums,
            self.largest_batch,
            self.slowest_first_token,
            drafts={source: replace(drafts) for source, drafts in self.drafts.items()},
            prompt_lengths=dict(self.prompt_lengths),
            answer_lengths=dict(self.answer_lengths),
            errors=self.errors.most_common(),
            reasons=self.reasons.most_common(),
        )


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

    @property
    def sums(self) -> Sums:
        """Those of all stages together."""
        return sum((totals.sums for totals in self.stages.values()), start=Sums())
