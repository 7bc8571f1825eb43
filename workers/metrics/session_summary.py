"""What a process did in all: the values of WORKER.summary.json.

Knows names and meaning of the fields, which docs/session_summary.schema.json fixes; adds nothing
up.  Invariant: a summary never changes, whatever is measured after it was taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from workers.metrics.batch_figures import Drafts
from workers.metrics.sums import Sums

SCHEMA = "cyberllm-pool/session-summary/1"


@dataclass(frozen=True)
class StageSummary:
    """One stage.

    largest_batch: sequences side by side; slowest_first_token: seconds; drafts: by source;
    lengths: requests by `length_bucket`; errors, reasons: records that failed or were removed, by
    an example of each kind.
    """

    sums: Sums
    largest_batch: int
    slowest_first_token: float
    drafts: Mapping[str, Drafts]
    prompt_lengths: Mapping[str, int]
    answer_lengths: Mapping[str, int]
    errors: Mapping[str, int]
    reasons: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        """The sums, and what follows from them."""
        return {
            **self.sums.to_json(),
            "largest_batch": self.largest_batch,
            "mean_batch": self.sums.mean_batch,
            "tokens_per_s": self.sums.tokens_per_s,
            "items_per_s": self.sums.items_per_s,
            "first_token_mean_s": self.sums.mean_first_token_s,
            "first_token_slowest_s": self.slowest_first_token,
            "drafts": {source: _with_rates(drafts) for source, drafts in self.drafts.items()},
            "tokens_saved": sum(drafts.accepted for drafts in self.drafts.values()),
            "prompt_lengths": dict(self.prompt_lengths),
            "answer_lengths": dict(self.answer_lengths),
            "errors": dict(self.errors),
            "reasons": dict(self.reasons),
        }


@dataclass(frozen=True)
class SessionSummary:
    """One process, from its start to when the summary was taken.

    started: unix seconds; logging_seconds: what the logger itself took; lines_dropped: those that
    could not be written; phases: seconds; events: other lines by kind.
    """

    worker: str
    started: float
    wall_seconds: float
    logging_seconds: float
    lines_dropped: int
    peak_rss_mb: int
    peak_mlx_mb: int
    phases: Mapping[str, float]
    events: Mapping[str, int]
    stages: Mapping[str, StageSummary]

    @property
    def logging_share(self) -> float | None:
        """The logger's part of the time; None before any has passed."""
        return round(self.logging_seconds / self.wall_seconds, 6) if self.wall_seconds else None

    def to_json(self) -> dict[str, Any]:
        """The file's object."""
        return {
            "schema": SCHEMA,
            "worker": self.worker,
            "started": self.started,
            "wall_seconds": round(self.wall_seconds, 3),
            "logging_seconds": round(self.logging_seconds, 6),
            "logging_share": self.logging_share,
            "lines_dropped": self.lines_dropped,
            "peak_rss_mb": self.peak_rss_mb,
            "peak_mlx_mb": self.peak_mlx_mb,
            "phases": {name: round(seconds, 3) for name, seconds in self.phases.items()},
            "events": dict(self.events),
            "stages": {name: stage.to_json() for name, stage in self.stages.items()},
        }


def _with_rates(drafts: Drafts) -> dict[str, Any]:
    rates = {"acceptance": drafts.acceptance, "mean_length": drafts.mean_length}
    return {**asdict(drafts), **rates}
