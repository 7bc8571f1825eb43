"""What adds up over a stage's metric lines: counts, tokens and seconds, and the rates they give.

Knows figures; knows no line, file or stage.  Invariant: the sum of two is that of all that either
counted.
"""

from __future__ import annotations

from dataclasses import dataclass

from workers.metrics.batch_figures import BatchFigures, per
from workers.metrics.metric_kinds import SealedChunk, WorkBlock


@dataclass(frozen=True)
class Sums:
    """Sums over one stage, or over several.

    batches: windows of the model's work; rows: sequences side by side, a mean for each of them;
    requests, first_tokens: answers that ended, and those that began; the others as in the lines.
    Seconds are busy seconds of all processes, not wall time.
    """

    batches: int = 0
    batch_seconds: float = 0.0
    rows: int = 0
    requests: int = 0
    steps: int = 0
    prompt_tokens: int = 0
    prefix_tokens: int = 0
    generated_tokens: int = 0
    forced_tokens: int = 0
    chunks: int = 0
    chunk_seconds: float = 0.0
    records: int = 0
    results: int = 0
    removed: int = 0
    failed: int = 0
    busy_seconds: float = 0.0
    waited_seconds: float = 0.0
    work_blocks: int = 0
    work_items: float = 0
    work_seconds: float = 0.0
    first_tokens: int = 0
    first_token_seconds: float = 0.0

    @classmethod
    def of_batch(cls, figures: BatchFigures) -> Sums:
        """A window of the model's work."""
        return cls(
            batches=1,
            batch_seconds=figures.seconds,
            rows=figures.rows,
            requests=figures.ended,
            steps=figures.steps,
            prompt_tokens=figures.prompt_tokens,
            prefix_tokens=figures.prefix_tokens,
            generated_tokens=figures.generated_tokens,
            forced_tokens=figures.forced_tokens,
            first_tokens=figures.first_tokens.count,
            first_token_seconds=figures.first_tokens.seconds,
        )

    @classmethod
    def of_chunk(cls, chunk: SealedChunk) -> Sums:
        """A sealed chunk."""
        return cls(
            chunks=1,
            chunk_seconds=chunk.seconds,
            records=chunk.records,
            results=chunk.results,
            removed=chunk.removed,
            failed=chunk.failed,
            busy_seconds=chunk.busy_seconds,
            waited_seconds=chunk.waited_seconds,
        )

    @classmethod
    def of_work(cls, work: WorkBlock) -> Sums:
        """A block of a user's own stage."""
        return cls(work_blocks=1, work_items=work.items, work_seconds=work.seconds)

    def __add__(self, other: Sums) -> Sums:
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Sums(*(one + more for one, more in pairs))

    def to_json(self) -> dict[str, float]:
        """Plain values, as a summary has them: what first tokens add up to is a mean there."""
        left_out = ("first_tokens", "first_token_seconds")
        return {k: round(amount, 3) for k, amount in vars(self).items() if k not in left_out}

    @property
    def mean_batch(self) -> float | None:
        """Sequences side by side; None, as for every rate, where there was nothing to divide by."""
        return per(self.rows, self.batches)

    @property
    def tokens_per_s(self) -> float | None:
        """Generated tokens a second, while the model worked for the stage."""
        return per(self.generated_tokens, self.batch_seconds)

    @property
    def items_per_s(self) -> float | None:
        """Records a second of a process's work."""
        return per(self.records, self.busy_seconds)

    @property
    def mean_first_token_s(self) -> float | None:
        """From asking to the first token."""
        return per(self.first_token_seconds, self.first_tokens)

    @property
    def mean_wait_s(self) -> float | None:
        """How long a chunk was in its queue."""
        return per(self.waited_seconds, self.chunks)

    @property
    def work_items_per_s(self) -> float | None:
        """Items of a user's own stage a second of its blocks."""
        return per(self.work_items, self.work_seconds)
