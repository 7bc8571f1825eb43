"""What is measured: which engines, in which shape, on which work, at how many rows.

Knows nothing of how an engine works.  Invariant: within a round, whoever answers fewer
requests answers the first of those that the others answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.processes import Layout
from benchmarks.work import DECISIONS, SCHEMA, TEXT, WORKS, Work
from workers.launch import core_count

ONE_BY_ONE = "mlx_lm.generate"
BATCH = "mlx_lm.batch_generate"
LLAMA = "llama.cpp server"
OURS = "ours"
OURS_POOL = "ours, a process per core"
NO_SPECULATION = "ours, speculation off"

MLX = Layout("mlx_lm")
MLX_POOL = Layout("mlx_lm", core_count())
MLX_AS_INSTALLED = Layout("mlx_lm", environ=(("CYBERLLM_BLAS", ""),))
LLAMA_CPP = Layout("llama.cpp")
OURS_ONE = Layout("ours")
OURS_MANY = Layout("ours", core_count())
BATCHED = ("batched", True)

# Requests measured at a number of rows: enough to keep them full for a while.
_DECISIONS_AT = {1: 8, 4: 8, 16: 32, 64: 64}
_ANSWERS_AT = {1: 3, 4: 6, 16: 24, 64: 64}
_QUICK = {1: 2, 4: 4, 16: 16, 64: 64}
SOURCES = ("prompt", "suffix")


@dataclass(frozen=True)
class Entry:
    """One line of the table: an engine in one shape at a number of rows."""

    name: str
    layout: Layout
    rows: int
    requests: int
    options: tuple[tuple[str, Any], ...] = ()
    first_round_only: bool = False

    @property
    def key(self) -> tuple[str, int]:
        return self.name, self.rows


@dataclass(frozen=True)
class Settings:
    """What was asked for on the command line."""

    works: tuple[str, ...]
    rows: tuple[int, ...] | None
    rounds: int
    quick: bool
    seed: int
    minutes: float
    model: str


def requests_at(work: Work, rows: int, quick: bool) -> int:
    """How many requests are measured at that many rows."""
    table = _QUICK if quick else _DECISIONS_AT if work.group == DECISIONS else _ANSWERS_AT
    nearest = min(table, key=lambda known: abs(known - rows))
    count = max(table[nearest], rows)
    return count * 3 if quick and work.group == DECISIONS else count


def rows_of(work: Work, settings: Settings) -> tuple[int, ...]:
    """Numbers of rows to measure: as told, else fewer for works whose answers take long."""
    if settings.rows is not None:
        return settings.rows
    if settings.quick:
        return (1, 8)
    return (1, 16) if work.group == TEXT else (1, 4, 16, 64)


def entries(work: Work, settings: Settings) -> list[Entry]:
    """The lines of one work's table, peers first."""
    return [*_peers(work, settings), *_ours(work, settings)]


def _peers(work: Work, settings: Settings) -> Iterator[Entry]:
    few = requests_at(work, 1, settings.quick)
    # A clever user lets a decision's answer be no longer than a label.
    best = (("label_long", True),) if work.group == DECISIONS else ()
    cached = (*best, ("prompt_cache", True))
    yield Entry(ONE_BY_ONE, MLX, 1, few)
    if best:
        yield Entry(f"{ONE_BY_ONE}, label long", MLX, 1, few, best)
    yield Entry(f"{ONE_BY_ONE}, a process per core", MLX_POOL, 1, few, best)
    if not settings.quick and work.group != TEXT:
        yield Entry(f"{ONE_BY_ONE}, prompt cache", MLX, 1, few, cached)
    for rows in rows_of(work, settings):
        count, once = requests_at(work, rows, settings.quick), _once(work, rows)
        yield Entry(LLAMA, LLAMA_CPP, rows, count, best, once)
        if rows > 1:
            yield Entry(BATCH, MLX, rows, count, (*best, BATCHED), once)
            if best and rows == 16 and not settings.quick:
                yield Entry(f"{BATCH}, prompt cache", MLX, rows, count, (*cached, BATCHED))
    if work is WORKS["relevance"] and not settings.quick:
        yield from _as_installed()


def _as_installed() -> Iterator[Entry]:
    yield Entry(f"{ONE_BY_ONE}, as pip installs it", MLX_AS_INSTALLED, 1, 2, (), True)
    yield Entry(f"{BATCH}, as pip installs it", MLX_AS_INSTALLED, 4, 4, (BATCHED,), True)


def _ours(work: Work, settings: Settings) -> Iterator[Entry]:
    for rows in rows_of(work, settings):
        count, once = requests_at(work, rows, settings.quick), _once(work, rows)
        yield Entry(OURS, OURS_ONE, rows, count, (), once)
        if rows >= core_count() > 1:
            yield Entry(OURS_POOL, OURS_MANY, rows, count, (), once)
        if work.group != DECISIONS:
            yield Entry(NO_SPECULATION, OURS_ONE, rows, count, (("speculate", False),), once)
        if work.group == SCHEMA and rows <= 4 and not settings.quick:
            yield from _by_source(rows, count)


def _once(work: Work, rows: int) -> bool:
    """Many long answers take minutes: they are measured in the first round only."""
    return work.group != DECISIONS and rows >= 64


def _by_source(rows: int, count: int) -> Iterator[Entry]:
    """Each source of drafts alone, where speculation is meant to pay."""
    for source in SOURCES:
        chosen = (("draft_sources", (source,)),)
        yield Entry(f"ours, drafts from {source} only", OURS_ONE, rows, count, chosen)


def turns(found: Sequence[Entry], round_number: int) -> list[Entry]:
    """The entries of a round, another one first each time."""
    left = [entry for entry in found if round_number == 0 or not entry.first_round_only]
    at = (round_number * 5) % len(left)
    return left[at:] + left[:at]
