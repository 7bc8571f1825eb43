"""What is measured: which engines, in which shape, on which work, at how many rows.

Knows nothing of how an engine works.  Invariant: within a round, whoever answers fewer
requests answers the first of those that the others answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.processes import Layout
from benchmarks.work import DECISIONS, WORKS, Work
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

# Requests measured at a number of rows: enough to keep them full for a while.
_DECISIONS_AT = {1: 12, 4: 16, 16: 48, 64: 128}
_ANSWERS_AT = {1: 4, 4: 8, 16: 32, 64: 96}
_QUICK = {1: 2, 4: 4, 16: 16, 64: 64}
SOURCES = ("grammar", "prompt", "suffix")


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
    rows: tuple[int, ...]
    rounds: int
    quick: bool
    seed: int
    minutes: float


def requests_at(work: Work, rows: int, quick: bool) -> int:
    """How many requests are measured at that many rows."""
    table = _QUICK if quick else _DECISIONS_AT if work.group == DECISIONS else _ANSWERS_AT
    nearest = min(table, key=lambda known: abs(known - rows))
    count = max(table[nearest], rows)
    return count * 3 if quick and work.group == DECISIONS else count


def entries(work: Work, settings: Settings) -> list[Entry]:
    """The lines of one work's table, peers first."""
    return [*_peers(work, settings), *_ours(work, settings)]


def _peers(work: Work, settings: Settings) -> Iterator[Entry]:
    few = requests_at(work, 1, settings.quick)
    cached = (("prompt_cache", True),)
    yield Entry(ONE_BY_ONE, MLX, 1, few)
    yield Entry(f"{ONE_BY_ONE}, a process per core", MLX_POOL, 1, few)
    if not settings.quick:
        yield Entry(f"{ONE_BY_ONE}, prompt cache", MLX, 1, few, cached)
    for rows in settings.rows:
        count = requests_at(work, rows, settings.quick)
        yield Entry(LLAMA, LLAMA_CPP, rows, count)
        if rows > 1:
            batched = (("batched", True),)
            yield Entry(BATCH, MLX, rows, count, batched)
            if rows == 16 and not settings.quick:
                yield Entry(f"{BATCH}, prompt cache", MLX, rows, count, batched + cached)
    if work is WORKS["relevance"] and not settings.quick:
        yield from _as_installed()


def _as_installed() -> Iterator[Entry]:
    batched = (("batched", True),)
    yield Entry(f"{ONE_BY_ONE}, as pip installs it", MLX_AS_INSTALLED, 1, 2, (), True)
    yield Entry(f"{BATCH}, as pip installs it", MLX_AS_INSTALLED, 4, 4, batched, True)


def _ours(work: Work, settings: Settings) -> Iterator[Entry]:
    for rows in settings.rows:
        count = requests_at(work, rows, settings.quick)
        yield Entry(OURS, OURS_ONE, rows, count)
        if rows >= core_count() > 1:
            yield Entry(OURS_POOL, OURS_MANY, rows, count)
        if work.group != DECISIONS:
            yield Entry(NO_SPECULATION, OURS_ONE, rows, count, (("speculate", False),))
            yield from _by_source(rows, count, settings)


def _by_source(rows: int, count: int, settings: Settings) -> Iterator[Entry]:
    """Each source of drafts alone, where speculation is meant to pay."""
    if rows > 4 or settings.quick:
        return
    for source in SOURCES:
        chosen = (("draft_sources", (source,)),)
        yield Entry(f"ours, drafts from {source} only", OURS_ONE, rows, count, chosen)


def turns(found: Sequence[Entry], round_number: int) -> list[Entry]:
    """The entries of a round, another one first each time."""
    left = [entry for entry in found if round_number == 0 or not entry.first_round_only]
    at = (round_number * 5) % len(left)
    return left[at:] + left[:at]
