"""Logs of a run as its processes write them, and a reader for the page made of them.

Invariant: every number that a test looks for is written here, or follows from what is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import orjson

from tests.run_tools import make_run, numbered
from workers.performance_logger import BatchFigures, Drafts, FirstTokens
from workers.run.run_folder import RunFolder

FILTER, STRUCTURER = "2_data_filter", "3_data_structurer"
HOSTILE = "<script>alert('x')</script><img src=http://evil.example/x>\x1b[2J"
_VOID = {"meta", "wbr", "line", "rect", "circle", "path"}  # closed by themselves, in HTML or SVG


def write_log(folder: Path, worker: str, lines: list[dict[str, Any]]) -> None:
    """One process's log; each line has what the logger adds to every line."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = [{"worker": worker, "rss_mb": 900, "available_mb": 16000, **line} for line in lines]
    (folder / f"{worker}.jsonl").write_bytes(b"".join(orjson.dumps(x) + b"\n" for x in whole))


def window(time: float, stage: str, rows: int = 6) -> dict[str, Any]:
    """A line about two seconds of the model's work."""
    figures = BatchFigures(
        rows=rows,
        prompt_tokens=400,
        generated_tokens=100,
        seconds=1.5,
        requests=3,
        prefix_tokens=100,
        forced_tokens=20,
        drafts={"suffix": Drafts(10, 40, 16), "grammar": Drafts(5, 10, 10)},
        first_tokens=FirstTokens.of([0.5]),
        prompt_lengths=Counter({"128": 2, "192": 1}),
        answer_lengths=Counter({"32": 3}),
        batch_limit=16,
        memory={"mlx_active_mb": 500, "mlx_cache_mb": 10, "mlx_peak_mb": 700},
    )
    return {"time": time, "kind": "batch", "stage": stage, **figures.to_fields()}


def spent(time: float) -> dict[str, Any]:
    """A line about thirty seconds of a worker."""
    return {"time": time, "kind": "time", "seconds": 30, "phases": {"decode": 20.0, "other": 10.0}}


def made_run(root: Path) -> RunFolder:
    """A run of two sessions, 100 and 50 seconds, with a worker that died in the first.

    Its 30 records are still to be read; the logs tell of 4 of them, one with an error.
    """
    run = make_run(root, numbered(30))
    chunk = {"kind": "chunk", "stage": FILTER, "chunk": "chunk-000001", "records": 4, "results": 3}
    chunk |= {"removed": 0, "failed": 1, "seconds": 20, "busy_seconds": 10, "waited_seconds": 5}
    chunk |= {"errors": {HOSTILE: 1}}
    write_log(run.logs_dir, "coordinator-00000001", [
        {"time": 1000, "kind": "start"},
        {"time": 1040, "kind": "death", "of": "w1-00000001", "cause": "killed by signal 9"},
        {"time": 1099, "kind": "death", "of": "w1-00000002", "cause": "exit 0"},
        {"time": 1100, "kind": "end"},
    ])  # fmt: skip
    write_log(run.logs_dir, "coordinator-00000002", [
        {"time": 5000, "kind": "start"},
        {"time": 5020, "kind": "state", "state": "paused", "message": f"no room left {HOSTILE}"},
        {"time": 5050, "kind": "end"},
    ])  # fmt: skip
    write_log(run.logs_dir, "w1-00000001", [window(1020, FILTER), spent(1035)])
    write_log(run.logs_dir, "w1-00000002", [
        {"time": 1042, "kind": "start"},
        {"time": 1060, **chunk},
        {"time": 1062, "kind": "batch_size", "limit": 8, "reason": "allocation failed"},
        spent(1090),
    ])  # fmt: skip
    write_log(run.logs_dir, "w1-00000003", [window(5030, STRUCTURER), spent(5040)])
    return run


@dataclass
class Page(HTMLParser):
    """What a page holds: its tags, attributes, texts by tag, and elements left open."""

    html: str
    tags: Counter[str] = field(default_factory=Counter)
    attributes: list[tuple[str, str]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))

    def texts_of(self, tag: str) -> list[str]:
        """Texts right inside elements of this name, in the order of the page."""
        return [text for inside, text in self.texts if inside == tag]
