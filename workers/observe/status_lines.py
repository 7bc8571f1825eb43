"""A status snapshot as lines of text: the run, its stages, their speed, workers, dead letters.

Knows snapshots, not where they come from.  Invariant: no line is longer than 79 characters,
nothing in it steers a terminal, and without the styles it says the same.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from stages import short_name
from workers.core.terminal import duration, plain_text
from workers.observe.machine_lines import MACHINES, machine_cells, machine_notes
from workers.observe.status import RunStatus, StageStatus
from workers.queue.chunk_folder import ChunkCounts
from workers.run.machine_view import ClusterView
from workers.run.run_state import RunState
from workers.run.worker_view import WorkerView

WIDTH = 79
_BAR = 12
_SHOWN_WORKERS = 16
_LONGEST_STATE = 11

Span = tuple[str, str]  # text and its rich style
Row = Sequence[Span]

_RECORDS = ("stage", "progress", "wait", "work", "done", "in", "results", "removed", "failed")
_SPEED = ("stage", "items/s", "overall", "tokens/s", "overall", "batch", "accepted")
_WORKERS = ("pid", "role", "state", "stage", "chunk", "memory", "restarts")


def plain_status(status: RunStatus) -> str:
    """A status as lines of text without colours."""
    return "\n".join("".join(text for text, _ in line).rstrip() for line in status_lines(status))


def status_lines(status: RunStatus) -> list[Row]:
    """A status as lines of styled spans."""
    lines: list[Row] = [_head(status)]
    if status.message:
        message = plain_text(status.message, WIDTH * 4)
        lines += [[(line, "yellow")] for line in textwrap.wrap(message, WIDTH)]
    lines += _table(_RECORDS, [_stage_row(stage) for stage in status.stages], left=2)
    if any(stage.speed.items_per_s or stage.speed.items_per_s_overall for stage in status.stages):
        lines += [[], *_table(_SPEED, [_speed_row(stage) for stage in status.stages])]
    if status.workers:
        lines += [[], *_workers(status.workers)]
    if status.cluster:
        lines += [[], *_machines(status.cluster)]
    lines += _dead_letters(status.stages)
    return lines


def summary_line(status: RunStatus) -> str:
    """A run in one line: `running  data_filter 3/10  ...  2.1 items/s  about 2m10s left`."""
    stages = "  ".join(
        f"{stage_label(stage.name)} {stage.chunks.done}/{stage.chunks.total}"
        for stage in status.stages
    )
    parts = [plain_text(status.state, _LONGEST_STATE), stages]
    if status.dead_letters:
        parts.append(f"{status.dead_letters} dead letters")
    return "  ".join(filter(None, [*parts, _time_left(status)]))


_COLOURS: dict[str, str] = {
    RunState.FAILED: "bold red",
    RunState.PAUSED: "bold yellow",
    RunState.WAITING: "bold yellow",
}


def _head(status: RunStatus) -> Row:
    state = plain_text(status.state, _LONGEST_STATE)
    ran = f"for {duration(status.elapsed_s)}" if status.elapsed_s and status.workers else ""
    rest = "  ".join(filter(None, [ran, _time_left(status)]))
    run = plain_text(status.run, WIDTH - len(state) - len(rest) - 10)
    colour = _COLOURS.get(status.state, "bold green")
    return [("run ", ""), (run, "bold"), (": ", ""), (state, colour), (f"  {rest}", "")]


# Stages


def _stage_row(stage: StageStatus) -> list[Row]:
    chunks, records = stage.chunks, stage.records
    numbers = [chunks.pending, chunks.claimed, chunks.done]
    numbers += [records.entered, records.results, records.removed, records.failed]
    cells: list[Row] = [[(stage_label(stage.name), "")], progress_bar(chunks)]
    cells += [[(compact(number), "")] for number in numbers]
    if records.failed:
        cells[-1] = [(compact(records.failed), "red")]
    return cells


def progress_bar(chunks: ChunkCounts, width: int = _BAR) -> Row:
    """Chunks by state: `#` done, `x` done with dead letters, `>` being worked on, `.` waiting.

    A state that any chunk is in has at least one cell.
    """
    failed = min(chunks.failed, chunks.done)
    parts = [chunks.done - failed, failed, chunks.claimed, chunks.pending]
    cells = _cells(parts, width)
    marks = zip("#x>.", ("green", "red", "yellow", "dim"), cells, strict=True)
    return [(mark * count, style) for mark, style, count in marks]


def _cells(parts: Sequence[int], width: int) -> list[int]:
    whole = sum(parts)
    if not whole:
        return [0, 0, 0, width]
    cells = [max(1, part * width // whole) if part else 0 for part in parts]
    cells[cells.index(max(cells))] += width - sum(cells)
    return cells


def _speed_row(stage: StageStatus) -> list[Row]:
    speed, rows = stage.speed, stage.speed.batch_rows
    cells = [
        stage_label(stage.name),
        _rate(speed.items_per_s),
        _rate(speed.items_per_s_overall),
        _rate(speed.tokens_per_s),
        _rate(speed.tokens_per_s_overall),
        f"{rows or '-'} of {speed.batch_size}" if speed.batch_size else str(rows or "-"),
        "-" if speed.acceptance is None else f"{speed.acceptance:.0%}",
    ]
    return [[(cell, "")] for cell in cells]


# Workers and dead letters


def _workers(workers: Sequence[WorkerView]) -> Iterator[Row]:
    rows = [_worker_row(worker) for worker in workers[:_SHOWN_WORKERS]]
    yield from _table(_WORKERS, rows, left=5)
    if len(workers) > _SHOWN_WORKERS:
        yield [(f"and {len(workers) - _SHOWN_WORKERS} more workers", "dim")]
    for note in dict.fromkeys(worker.note for worker in workers if worker.note):
        for line in textwrap.wrap(plain_text(note, WIDTH * 4), WIDTH):
            yield [(line, "yellow")]


def _machines(cluster: ClusterView) -> Iterator[Row]:
    rows: list[list[Row]] = [[[(cell, "")] for cell in row] for row in machine_cells(cluster)]
    if rows:
        yield from _table(MACHINES, rows, left=2)
    for line in machine_notes(cluster, WIDTH):
        yield [(line, "yellow")]


def _worker_row(worker: WorkerView) -> list[Row]:
    cells: list[Span] = [
        (str(worker.pid or "-"), ""),
        (plain_text(worker.role, 11), ""),
        (plain_text(worker.state, _LONGEST_STATE), ""),
        (plain_text(stage_label(worker.stage or "-"), 20), ""),
        (plain_text((worker.chunk or "-").removeprefix("chunk-"), 10), ""),
        (_memory(worker.rss_mb) if worker.rss_mb else "-", ""),
        (str(worker.restarts), "yellow" if worker.restarts else ""),
    ]
    return [[cell] for cell in cells]


def _memory(mib: float) -> str:
    return f"{mib:.0f} MB" if mib < 10_000 else f"{mib / 1024:.0f} GB"


def _dead_letters(stages: Sequence[StageStatus]) -> Iterator[Row]:
    kinds = [
        (stage_label(stage.name), reason, count)
        for stage in stages
        for reason, count in stage.dead_letters.items()
    ]
    if kinds:
        yield []
        yield [("dead letters, by reason (one example each)", "bold")]
    for name, reason, count in kinds:
        head = f"  {name}  {compact(count)} x "
        yield [(head, "red"), (plain_text(reason, WIDTH - len(head)), "")]


# Tables and words


def _table(head: Sequence[str], rows: Sequence[Sequence[Row]], left: int = 1) -> list[Row]:
    """Cells under their heads: the first `left` columns flush left, the others right."""
    cells: list[Sequence[Row]] = [[[(name, "bold")] for name in head], *rows]
    widths = [max(_width(row[i]) for row in cells) for i in range(len(head))]
    return [_aligned(row, widths, left) for row in cells]


def _aligned(row: Sequence[Row], widths: Sequence[int], left: int) -> Row:
    spans: list[Span] = []
    for index, (cell, width) in enumerate(zip(row, widths, strict=True)):
        gap = (" " * (width - _width(cell)), "")
        spans += [*cell, gap] if index < left else [gap, *cell]
        spans.append(("  " if index == 0 else " ", ""))
    return spans[:-1]


def _width(cell: Row) -> int:
    return sum(len(text) for text, _ in cell)


def stage_label(stage: str) -> str:
    """2_data_filter -> data_filter; safe to print."""
    return plain_text(short_name(stage), 40)


def compact(number: int) -> str:
    """At most five characters: 99999, 123k, 6.40M."""
    if number < 100_000:
        return str(number)
    if number < 1_000_000:
        return f"{number // 1000}k"
    return f"{number / 1e6:.{2 if number < 10_000_000 else 0}f}M"


def _rate(value: float | None) -> str:
    return f"{value:.1f}" if value else "-"


def _time_left(status: RunStatus) -> str:
    return "" if status.eta_s is None else f"about {duration(status.eta_s)} left"
