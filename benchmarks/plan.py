"""What is measured: which engines, in which shape, on which work, at how many rows.

Knows nothing of how an engine works.  Invariant: within a round, whoever answers fewer
requests answers the first of those that the others answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from benchmarks.processes import Layout
from benchmarks.work import DECISIONS, SCHEMA, TEXT, WORKS, Workload
from workers.pool.sizing import core_count

ONE_BY_ONE = "mlx_lm.generate"
BATCH = "mlx_lm.batch_generate"
LLAMA = "llama.cpp server"
OURS = "ours"
OURS_POOL = "ours, a process per core"
NO_SPECULATION = "ours, speculation off"
BY_MODEL = "ours, drafts from the model itself only"

MLX = Layout("mlx_lm")
MLX_POOL = Layout("mlx_lm", core_count())
MLX_AS_INSTALLED = Layout("mlx_lm", environ=(("CYBERLLM_BLAS", ""),))
LLAMA_CPP = Layout("llama.cpp")
OURS_ONE = Layout("ours")
OURS_MANY = Layout("ours", core_count())
BATCHED = ("batched", True)

# Requests measured at a number of rows: enough to keep them full for a while, and for a ratio
# that is no accident.  A long answer has as many tokens as four answers under a schema.
_DECISIONS_AT = {1: 8, 4: 12, 16: 24, 64: 64}
_ANSWERS_AT = {1: 8, 4: 12, 16: 24, 64: 64}
_LONG_AT = {1: 4, 4: 8, 16: 16, 64: 64}
_QUICK = {1: 2, 4: 4, 16: 16, 64: 64}
SOURCES = ("prompt", "suffix")

# In which rounds an entry is measured.  What costs minutes is tried at every number of rows
# once, and then measured where it was fastest.
ALWAYS, WHERE_FASTEST, FIRST = "always", "where fastest", "first round"


@dataclass(frozen=True)
class BenchmarkCase:
    """One line of the table: an engine in one shape at a number of rows."""

    name: str
    layout: Layout
    rows: int
    requests: int
    options: tuple[tuple[str, Any], ...] = ()
    when: str = ALWAYS

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
    only_ours: bool = False
    gpu: bool = False


def requests_at(work: Workload, rows: int, quick: bool) -> int:
    """How many requests are measured at that many rows."""
    at = {DECISIONS: _DECISIONS_AT, SCHEMA: _ANSWERS_AT, TEXT: _LONG_AT}[work.group]
    table = _QUICK if quick else at
    nearest = min(table, key=lambda known: abs(known - rows))
    count = max(table[nearest], rows)
    return count * 3 if quick and work.group == DECISIONS else count


def rows_of(settings: Settings) -> tuple[int, ...]:
    """Numbers of rows to measure."""
    return settings.rows or ((1, 8) if settings.quick else (1, 4, 16, 64))


def warm_up_of(work: Workload, entry: BenchmarkCase, quick: bool) -> int:
    """Requests before the clock starts, other ones than those that are measured.

    For ours as many as a worker has behind it after its first minute, for llama.cpp at least
    one for each slot, whose prompt cache is its own; mlx_lm learns nothing from the first.
    """
    usual = 2 if quick else 4 if work.group == TEXT else 8
    if entry.layout == MLX_AS_INSTALLED:
        return 1  # which takes longer than eight of the others
    if entry.layout.engine == MLX.engine:
        return 2
    return max(usual, entry.rows) if entry.name == LLAMA else usual


def entries(work: Workload, settings: Settings) -> list[BenchmarkCase]:
    """The lines of one work's table, peers first."""
    peers = () if settings.only_ours else _peers(work, settings)
    found = [*peers, *_ours(work, settings)]
    return _on_a_gpu(found) if settings.gpu else found


def _on_a_gpu(found: Sequence[BenchmarkCase]) -> list[BenchmarkCase]:
    """Nothing that shares the processor's cores; passes are short, so all in every round."""
    return [replace(case, when=ALWAYS) for case in found if case.layout in (MLX, OURS_ONE)]


def _peers(work: Workload, settings: Settings) -> Iterator[BenchmarkCase]:
    few = requests_at(work, 1, settings.quick)
    # A clever user lets a decision's answer be no longer than a label.
    best = (("label_long", True),) if work.group == DECISIONS else ()
    cached = (*best, ("prompt_cache", True))
    is_long = work.group == TEXT
    yield BenchmarkCase(ONE_BY_ONE, MLX, 1, few, (), FIRST if is_long else ALWAYS)
    if best:
        yield BenchmarkCase(f"{ONE_BY_ONE}, label long", MLX, 1, few, best, FIRST)
    if not is_long:
        yield BenchmarkCase(f"{ONE_BY_ONE}, a process per core", MLX_POOL, 1, few, best, FIRST)
    if not settings.quick and not is_long:
        yield BenchmarkCase(f"{ONE_BY_ONE}, prompt cache", MLX, 1, few, cached, FIRST)
    for rows in rows_of(settings):
        count = requests_at(work, rows, settings.quick)
        when = FIRST if is_long else WHERE_FASTEST
        yield BenchmarkCase(LLAMA, LLAMA_CPP, rows, count, best, when)
        if rows > 1 and not _too_long(work, rows):
            yield BenchmarkCase(BATCH, MLX, rows, count, (*best, BATCHED), when)
            if best and rows == 16 and not settings.quick:
                options = (*cached, BATCHED)
                yield BenchmarkCase(f"{BATCH}, prompt cache", MLX, rows, count, options, FIRST)
    if work is WORKS["relevance"] and not settings.quick:
        yield from _as_installed()


def _as_installed() -> Iterator[BenchmarkCase]:
    yield BenchmarkCase(f"{ONE_BY_ONE}, as pip installs it", MLX_AS_INSTALLED, 1, 1, (), FIRST)
    yield BenchmarkCase(f"{BATCH}, as pip installs it", MLX_AS_INSTALLED, 2, 2, (BATCHED,), FIRST)


def _ours(work: Workload, settings: Settings) -> Iterator[BenchmarkCase]:
    for rows in rows_of(settings):
        count = requests_at(work, rows, settings.quick)
        if work.group == DECISIONS:
            yield BenchmarkCase(OURS, OURS_ONE, rows, count, (), WHERE_FASTEST)
        else:
            yield from _with_and_without_drafts(work, rows, count, settings.quick)
        if rows >= core_count() > 1 and not _too_long(work, rows):
            when = FIRST if work.group == TEXT else WHERE_FASTEST
            yield BenchmarkCase(OURS_POOL, OURS_MANY, rows, count, (), when)


def _with_and_without_drafts(
    work: Workload, rows: int, count: int, quick: bool
) -> Iterator[BenchmarkCase]:
    """The same with speculation and without, and by source where it is meant to pay."""
    when = FIRST if rows >= 64 else ALWAYS
    yield BenchmarkCase(OURS, OURS_ONE, rows, count, (), when)
    yield BenchmarkCase(NO_SPECULATION, OURS_ONE, rows, count, (("speculate", False),), when)
    if work.group == SCHEMA and rows <= 4 and not quick:
        for source in SOURCES:
            chosen = (("draft_sources", (source,)),)
            yield BenchmarkCase(
                f"ours, drafts from {source} only", OURS_ONE, rows, count, chosen, FIRST
            )
        # There is no smaller model with the same tokenizer: the model drafts for itself, which
        # costs what it saves, so that the right choice is to leave it alone.
        itself = (("draft_sources", ()), ("draft_model", True))
        yield BenchmarkCase(BY_MODEL, OURS_ONE, rows, count, itself, FIRST)


def _too_long(work: Workload, rows: int) -> bool:
    """Many long answers take minutes: only the closest comparisons are made."""
    return work.group == TEXT and rows >= 64


def later(
    found: Sequence[BenchmarkCase], rates: Mapping[tuple[str, int], float]
) -> list[BenchmarkCase]:
    """The entries of rounds after the first, given what each did there in requests a second."""
    best: dict[str, float] = {}
    for (name, _), rate in rates.items():
        best[name] = max(rate, best.get(name, 0.0))
    return [
        entry
        for entry in found
        if entry.when == ALWAYS
        or (entry.when == WHERE_FASTEST and rates.get(entry.key, 0.0) == best.get(entry.name))
    ]


def turns(found: Sequence[BenchmarkCase], round_number: int) -> list[BenchmarkCase]:
    """Entries in the order of a round: another one first each time.

    One engine's shapes at a number of rows, such as with speculation and without, run one
    right after the other, forth in one round and back in the next.
    """
    if not found:
        return []
    blocks = [list(block) for _, block in groupby(found, lambda e: (e.layout, e.rows))]
    at = (round_number * 5) % len(blocks)
    turned = blocks[at:] + blocks[:at]
    return [entry for block in turned for entry in (block[::-1] if round_number % 2 else block)]
