"""What the model did for one stage in one window of time, as it is measured and written.

Knows figures and their names in a metric line; measures nothing.  Invariant: figures that
were parsed are those that were written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workers.core.json_fields import JsonFields


@dataclass
class Drafts:
    """What one source drafted: how often, how many tokens, how many were right."""

    drafts: int = 0
    proposed: int = 0
    accepted: int = 0

    def add(self, other: Drafts) -> None:
        """Add another's counts."""
        self.drafts += other.drafts
        self.proposed += other.proposed
        self.accepted += other.accepted

    @property
    def acceptance(self) -> float | None:
        """Share of the drafted tokens that the model agreed with."""
        return per(self.accepted, self.proposed)

    @property
    def mean_length(self) -> float | None:
        """Accepted tokens per draft."""
        return per(self.accepted, self.drafts)

    @classmethod
    def parse(cls, fields: JsonFields) -> Drafts:
        """From its fields."""
        return cls(*(fields.read_or(name, int, 0) for name in ("drafts", "proposed", "accepted")))


@dataclass(frozen=True)
class FirstTokens:
    """Seconds from asking to the first token: of how many requests, in all, the slowest."""

    count: int = 0
    seconds: float = 0.0
    slowest_s: float = 0.0

    @classmethod
    def of(cls, seconds: Sequence[float]) -> FirstTokens:
        """From the seconds of each request."""
        if not seconds:
            return cls()
        return cls(len(seconds), round(sum(seconds), 4), round(max(seconds), 4))

    @classmethod
    def parse(cls, fields: JsonFields) -> FirstTokens:
        """From its fields."""
        seconds, slowest = (fields.read_or(name, float, 0.0) for name in ("seconds", "slowest_s"))
        return cls(fields.read_or("count", int, 0), seconds, slowest)


@dataclass(frozen=True)
class BatchFigures:
    """What the model did for one stage in one window of time.

    rows: mean sequences side by side; requests: answers that ended; seconds: model time.
    steps: model passes; prefix_tokens: prompt tokens not recomputed; forced_tokens: tokens
    that the grammar allowed no other choice for; drafts: by source; lengths: requests by
    `length_bucket`; memory: `mlx_active_mb`, `mlx_cache_mb`, `mlx_peak_mb`.
    """

    rows: int
    prompt_tokens: int
    generated_tokens: int
    seconds: float
    requests: int | None = None
    steps: int = 0
    prefix_tokens: int = 0
    forced_tokens: int = 0
    drafts: Mapping[str, Drafts] = field(default_factory=dict)
    first_tokens: FirstTokens = FirstTokens()
    prompt_lengths: Mapping[str, int] = field(default_factory=Counter)
    answer_lengths: Mapping[str, int] = field(default_factory=Counter)
    batch_limit: int | None = None
    memory: Mapping[str, int] = field(default_factory=dict)

    @property
    def ended(self) -> int:
        """Requests that ended; one for each row where nobody counted them."""
        return self.rows if self.requests is None else self.requests

    def to_fields(self) -> dict[str, Any]:
        """As a line has it; what is zero or unknown is left out."""
        always = {
            "rows": self.rows,
            "requests": self.ended,
            "prompt_tokens": self.prompt_tokens,
            "generated_tokens": self.generated_tokens,
            "seconds": self.seconds,
            "tokens_per_s": per(self.generated_tokens, self.seconds),
            "items_per_s": per(self.ended, self.seconds),
        }
        sometimes = {
            "steps": self.steps,
            "prefix_tokens": self.prefix_tokens,
            "forced_tokens": self.forced_tokens,
            "drafts": {source: {**vars(drafts)} for source, drafts in self.drafts.items()},
            "first_token": {**vars(self.first_tokens)} if self.first_tokens.count else {},
            "prompt_lengths": dict(self.prompt_lengths),
            "answer_lengths": dict(self.answer_lengths),
            "batch_limit": self.batch_limit,
        }
        return always | {k: v for k, v in sometimes.items() if v} | dict(self.memory)

    @classmethod
    def parse(cls, fields: JsonFields) -> BatchFigures:
        """The inverse of `to_fields`; raises the error of `fields` for a value of a wrong type."""
        drafts = fields.inner_by_key("drafts")
        return cls(
            rows=fields.read_or("rows", int, 0),
            prompt_tokens=fields.read_or("prompt_tokens", int, 0),
            generated_tokens=fields.read_or("generated_tokens", int, 0),
            seconds=fields.read_or("seconds", float, 0.0),
            requests=fields.read_or("requests", int, 0),
            steps=fields.read_or("steps", int, 0),
            prefix_tokens=fields.read_or("prefix_tokens", int, 0),
            forced_tokens=fields.read_or("forced_tokens", int, 0),
            drafts={source: Drafts.parse(counts) for source, counts in drafts.items()},
            first_tokens=FirstTokens.parse(fields.inner("first_token")),
            prompt_lengths=fields.mapping_of("prompt_lengths", int),
            answer_lengths=fields.mapping_of("answer_lengths", int),
            batch_limit=fields.read_or("batch_limit", int, None),
            memory={k: fields.read(k, int) for k in fields.values if k.startswith("mlx_")},
        )


def per(amount: float, whole: float) -> float | None:
    """A rate to 3 decimals, or None where there is nothing to divide by."""
    return round(amount / whole, 3) if whole > 0 else None


def length_bucket(tokens: int) -> str:
    """The lower bound of a length's bucket: 0, 16, 32, 48, 64, 96, 128, 192 and so on."""
    if tokens < 32:
        return "16" if tokens >= 16 else "0"
    low = 1 << (tokens.bit_length() - 1)
    return str(low + low // 2 if tokens >= low + low // 2 else low)
