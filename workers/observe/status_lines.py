"""A status snapshot as lines of text: the run, its stages, their speed, workers, dead letters.

Knows the shape of `status --json`, not where it comes from.  Invariant: no line is longer
than 79 characters, and without the styles it says the same.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workers.core.terminal import duration, plain_text

WIDTH = 79
_BAR = 12
_SHOWN_WORKERS = 16

Values = Mapping[str, Any]
Span = tuple[str, str]  # text and its rich style
Row = Sequence[Span]

_RECORDS = ("stage", "progress", "wait", "work", "done", "in", "results", "removed", "failed")
_SPEED = ("stage", "items/s", "overall", "tokens/s", "overall", "rows", "accepted")
_WORKERS = ("pid", "role", "state", "stage", "chunk", "memory", "restarts")


def plain_status(status: Values) -> str:
    """A status as lines of text without colours."""
    return "\n".join("".join(text for text, _ in line).rstrip() for line in status_lines(status))


def status_lines(status: Values) -> list[Row]:
    """A status as lines of styled spans."""
    lines: list[Row] = [_head(status)]
    if status.get("message"):
        message = plain_text(status["message"], WIDTH * 4)
        lines += [[(line, "yellow")] for line in textwrap.wrap(message, WIDTH)]
    stages = status["stages"]
    lines += _table(_RECORDS, [_stage_row(stage) for stage in stages], left=2)
    if any(stage["items_per_s"] or stage.get("items_per_s_overall") for stage in stages):
        lines += [[], *_table(_SPEED, [_speed_row(stage) for stage in stages])]
    if status["workers"]:
        lines += [[], *_workers(status["workers"])]
    lines += _dead_letters(stages)
    return lines


def summary_line(status: Values) -> str:
    """A run in one line: `running  data_filter 3/10  ...  2.1 items/s  about 2m10s left`."""
    stages = "  ".join(
        f"{short_name(stage['name'])} {stage['done']}/{_chunks(stage)}"
        for stage in status["stages"]
    )
    parts = [status["state"], stages]
    if failed := sum(stage["records"]["failed"] for stage in status["stages"]):
        parts.append(f"{failed} dead letters")
    return "  ".join(filter(None, [*parts, _time_left(status)]))


def _head(status: Values) -> Row:
    state = str(status["state"])
    elapsed = status.get("elapsed_s")
    ran = f"for {duration(elapsed)}" if elapsed and status["workers"] else ""
    rest = "  ".join(filter(None, [ran, _time_left(status)]))
    run = plain_text(status["run"], WIDTH - len(state) - len(rest) - 10)
    colour = {"failed": "bold red", "paused": "bold yellow"}.get(state, "bold green")
    return [("run ", ""), (run, "bold"), (": ", ""), (state, colour), (f"  {rest}", "")]


# Stages


def _stage_row(stage: Values) -> list[Row]:
    records = stage["records"]
    numbers = [compact(stage[key]) for key in ("pending", "claimed", "done")]
    numbers += [compact(records[key]) for key in ("in", "results", "removed", "failed")]
    cells: list[Row] = [[(short_name(stage["name"]), "")], progress_bar(stage)]
    cells += [[(number, "")] for number in numbers]
    if records["failed"]:
        cells[-1] = [(numbers[-1], "red")]
    return cells


def progress_bar(stage: Values, width: int = _BAR) -> Row:
    """Chunks by state: `#` done, `x` done with dead letters, `>` being worked on, `.` waiting.

    A state that any chunk is in has at least one cell.
    """
    failed = min(stage["failed"], stage["done"])
    parts = [stage["done"] - failed, failed, stage["claimed"], stage["pending"]]
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


def _speed_row(stage: Values) -> list[Row]:
    limit, rows = stage.get("batch_size"), stage.get("batch_rows")
    acceptance = stage.get("acceptance")
    cells = [
        short_name(stage["name"]),
        _rate(stage["items_per_s"]),
        _rate(stage.get("items_per_s_overall")),
        _rate(stage["tokens_per_s"]),
        _rate(stage.get("tokens_per_s_overall")),
        f"{rows or '-'} of {limit}" if limit else str(rows or "-"),
        "-" if acceptance is None else f"{acceptance:.0%}",
    ]
    return [[(cell, "")] for cell in cells]


# Workers and dead letters


def _workers(workers: Sequence[Values]) -> Iterator[Row]:
    rows = [_worker_row(worker) for worker in workers[:_SHOWN_WORKERS]]
    yield from _table(_WORKERS, rows, left=5)
    if len(workers) > _SHOWN_WORKERS:
        yield [(f"and {len(workers) - _SHOWN_WORKERS} more workers", "dim")]


def _worker_row(worker: Values) -> list[Row]:
    rss, restarts = worker.get("rss_mb"), worker.get("restarts") or 0
    cells: list[Span] = [
        (str(worker["pid"] or "-"), ""),
        (plain_text(worker["role"], 11), ""),
        (plain_text(worker["state"], 11), ""),
        (short_name(plain_text(worker.get("stage") or "-", 20)), ""),
        (plain_text(worker.get("chunk") or "-", 16).removeprefix("chunk-"), ""),
        (_memory(rss) if rss else "-", ""),
        (str(restarts), "yellow" if restarts else ""),
    ]
    return [[cell] for cell in cells]


def _memory(mib: float) -> str:
    return f"{mib:.0f} MB" if mib < 10_000 else f"{mib / 1024:.0f} GB"


def _dead_letters(stages: Sequence[Values]) -> Iterator[Row]:
    kinds = [
        (short_name(stage["name"]), kind, count)
        for stage in stages
        for kind, count in (stage.get("dead_letters") or {}).items()
    ]
    if kinds:
        yield []
        yield [("dead letters, by reason", "bold")]
    for name, kind, count in kinds:
        head = f"  {name}  {compact(count)} x "
        yield [(head, "red"), (plain_text(kind, WIDTH - len(head)), "")]


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


def short_name(stage: str) -> str:
    """2_data_filter -> data_filter."""
    number, _, name = stage.partition("_")
    return name if number.isdigit() and name else stage


def _chunks(stage: Values) -> int:
    return int(stage["pending"] + stage["claimed"] + stage["done"])


def compact(number: int) -> str:
    """At most five characters: 99999, 123k, 6.40M."""
    if number < 100_000:
        return str(number)
    if number < 1_000_000:
        return f"{number // 1000}k"
    return f"{number / 1e6:.{2 if number < 10_000_000 else 0}f}M"


def _rate(value: float | None) -> str:
    return f"{value:.1f}" if value else "-"


def _time_left(status: Values) -> str:
    if status.get("eta_s") is None:
        return ""
    return f"about {duration(status['eta_s'])} left"
