"""What the driver and an engine's process say to each other.

Plain typed messages, pickled through a pipe between a program and its own child.
Invariant: a report's answers stand in the order of the job's requests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from benchmarks.work import BenchmarkRequest

FEW = 4


@dataclass(frozen=True)
class TokenizedRequest:
    """A request with its prompt's tokens, the same for every engine.

    The first `shared` tokens hold no record's text.  `max_tokens` is the longest answer that
    the stage allows, `least` the fewest tokens that hold any of a decision's labels.
    """

    request: BenchmarkRequest
    tokens: tuple[int, ...]
    shared: int
    max_tokens: int
    least: int

    def briefly(self) -> TokenizedRequest:
        """The same with a short answer, to warm up."""
        return replace(self, max_tokens=min(FEW, self.max_tokens))


@dataclass(frozen=True)
class Job:
    """Requests to answer with at most `rows` in flight, after a warm-up that isn't counted.

    An engine that learns from answers gives the warm-up's in full; others give their first
    `FEW` tokens, which fill prompt caches as well.
    """

    rows: int
    requests: tuple[TokenizedRequest, ...]
    warm_up: tuple[TokenizedRequest, ...]
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Ready:
    """The engine has loaded its model, or has warmed up for a job."""

    note: str = ""


@dataclass(frozen=True)
class Go:
    """Answer the requests of the job that was prepared."""


@dataclass(frozen=True)
class Report:
    """Answers: label names, or texts as the model wrote them."""

    answers: tuple[str, ...]


@dataclass(frozen=True)
class Unable:
    """The engine can't do this here; the reason is shown in place of a figure."""

    reason: str


class CannotRun(Exception):
    """An engine can't do a job on this machine; its process answers with Unable."""
