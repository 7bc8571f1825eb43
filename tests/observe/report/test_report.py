"""The report: figures that add up, whatever the logs hold, and a page that needs nothing else."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.run_tools import Desk, make_run, numbered, security_record, write_jsonl
from workers.core.errors import UsageError
from workers.observe.report import charts
from workers.observe.report.figures import NO_WORKER, read_run, slot_of
from workers.observe.report.page import render
from workers.observe.report.tables import comparison, outcomes, tables_of
from workers.observe.report.text import table_text
from workers.observe.report.timeline import BINS, Bins, Session, Timeline
from workers.performance_logger import BatchFigures, Drafts, FirstTokens
from workers.run.run_folder import RunFolder

FILTER, STRUCTURER = "2_data_filter", "3_data_structurer"
HOSTILE = "<script>alert('x')</script><img src=http://evil.example/x>\x1b[2J"


def write_log(folder: Path, worker: str, lines: list[dict[str, Any]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    whole = [{"worker": worker, "rss_mb": 900, "available_mb": 16000, **line} for line in lines]
    (folder / f"{worker}.jsonl").write_bytes(b"".join(orjson.dumps(x) + b"\n" for x in whole))


def window(time: float, stage: str) -> dict[str, Any]:
    figures = BatchFigures(
        rows=6,
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


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    """A run of two sessions of 100 and 50 seconds, with a worker that died in the first."""
    monkeypatch.setenv("CYBERLLM_LOGS", str(tmp_path / "logs"))
    run = make_run(tmp_path, numbered(30))
    chunk = {"kind": "chunk", "stage": FILTER, "chunk": "chunk-000001", "records": 4, "results": 3}
    chunk |= {"removed": 0, "failed": 1, "seconds": 20, "busy_seconds": 10, "waited_seconds": 5}
    chunk |= {"errors": {HOSTILE: 1}}
    spent = {"kind": "time", "seconds": 30, "phases": {"decode": 20.0, "other": 10.0}}
    write_log(run.logs_dir, "coordinator-00000001", [
        {"time": 1000, "kind": "start"},
        {"time": 1040, "kind": "death", "of": "w1-00000001", "cause": "killed by signal 9"},
        {"time": 1099, "kind": "death", "of": "w1-00000002", "cause": "exit 0"},
        {"time": 1100, "kind": "end"},
    ])  # fmt: skip
    write_log(run.logs_dir, "coordinator-00000002", [
        {"time": 5000, "kind": "start"},
        {"time": 5020, "kind": "state", "state": "paused", "message": "no room left"},
        {"time": 5050, "kind": "end"},
    ])  # fmt: skip
    write_log(run.logs_dir, "w1-00000001", [window(1020, FILTER), {"time": 1035, **spent}])
    write_log(run.logs_dir, "w1-00000002", [
        {"time": 1042, "kind": "start"},
        {"time": 1060, **chunk},
        {"time": 1062, "kind": "batch_size", "limit": 8, "reason": "allocation failed"},
        {"time": 1090, **spent},
    ])  # fmt: skip
    write_log(run.logs_dir, "w1-00000003", [window(5030, STRUCTURER), {"time": 5040, **spent}])
    return run


def test_figures_of_a_run(run: RunFolder) -> None:
    figures = read_run(run)
    assert figures.seconds == 150
    assert figures.timeline.breaks == [100]
    assert figures.sum("prompt_tokens") == 800
    assert sum(figures.items["data_filter"].amounts) == pytest.approx(4)
    assert sum(figures.tokens["data_structurer"].amounts) == pytest.approx(100)
    assert [(mark.kind, mark.at) for mark in figures.marks] == [
        ("death", 40),
        ("failed", 60),
        ("batch_size", 62),
        ("paused", 120),
    ]
    assert [life.worker for life in figures.lives] == [f"w1-0000000{n}" for n in (1, 2, 3)]


def test_phases_add_up_to_the_runs_time(run: RunFolder) -> None:
    figures = read_run(run)
    assert figures.phases["w1"] == {"decode": 60.0, "other": 30.0, NO_WORKER: 60.0}
    assert sum(figures.all_phases().values()) == pytest.approx(figures.seconds)


def test_tables_fit_a_terminal(run: RunFolder) -> None:
    figures = read_run(run)
    text = "\n".join(table_text(table) for table in tables_of(figures))
    assert max(map(len, text.splitlines())) <= 79
    for part in ("suffix", "40%", "killed by signal 9", "batch size now 8", "no room left"):
        assert part in text
    assert "exit 0" not in text and text.replace("\n", "").isprintable()
    both = table_text(comparison([figures, figures, figures]))
    assert "(1.00)" in both and max(map(len, both.splitlines())) <= 79


class Page(HTMLParser):
    """Notes the tags and addresses of a page, and that what is opened is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.open: list[str] = []
        self.addresses: list[str | None] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.addresses += [value for name, value in attrs if name in ("src", "href", "action")]
        if tag not in ("meta", "line", "rect", "circle", "polyline", "path"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()


def test_the_page_needs_nothing_and_runs_nothing(run: RunFolder) -> None:
    figures = read_run(run)
    for runs in ([figures], [figures, figures]):
        html = render(runs)
        page = Page(html)
        assert page.tags["script"] == page.tags["img"] == page.tags["link"] == 0
        assert page.addresses == [] and page.open == []
        assert not re.search(r"url\(|@import", html)
        assert "&lt;script&gt;" in html and "\x1b" not in html
        assert page.tags["svg"] == html.count("</svg>") >= 9


def test_damaged_and_missing_logs_give_a_report(run: RunFolder) -> None:
    for path in run.logs_dir.glob("coordinator-*"):
        path.unlink()
    odd = [{"time": "x", "kind": kind, "phases": 7, "drafts": [1]} for kind in ("batch", "time")]
    write_log(run.logs_dir, "w2-00000001", [*odd, {"kind": "death"}, {"time": 1e300}])
    (run.logs_dir / "w3-00000001.jsonl").write_bytes(b"\x00\xff\n{torn")
    figures = read_run(run)
    assert "Records" in render([figures])
    assert figures.damaged.count == 6 and "damaged log lines" in table_text(outcomes(figures))
    for path in run.logs_dir.glob("*.jsonl"):
        path.unlink()
    with pytest.raises(UsageError, match="no performance logs in"):
        read_run(run)


def test_a_real_run_is_reported(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "input.jsonl", [security_record(n) for n in range(40)])
    desk = Desk(tmp_path)
    assert desk.coordinator(*desk.run_arguments("one", "--workers", "2")).returncode in (0, 3)
    shown = desk.coordinator("report", "one", "one", "--html", "both.html")
    assert shown.returncode == 0, shown.stderr
    assert "plots: both.html" in shown.stdout and (tmp_path / "both.html").stat().st_size > 5000
    shown = desk.coordinator("report")
    assert "performance_logs/one/report.html" in shown.stdout
    assert re.search(r"data_filter +40 +", shown.stdout)
    phases = re.search(r"\((\d) x (\d+)s of the run", shown.stdout)
    whole = re.search(r"  all +(\d+)s +100%", shown.stdout)
    assert phases and whole
    assert abs(int(phases[1]) * int(phases[2]) - int(whole[1])) <= 2


# Time and charts


def test_time_between_sessions_is_left_out() -> None:
    line = Timeline.of([Session(100, 110), Session(0, 50), Session(45, 60)])
    assert line.seconds == 70
    assert [line.at(moment) for moment in (-5, 30, 60, 80, 105, 999)] == [0, 30, 60, 60, 65, 70]


def test_bins_keep_every_amount() -> None:
    bins = Bins(1000.0)
    bins.spread(-5, 2000, 10)
    bins.spread(500, 500, 1)
    bins.spread(3, 700, 2)
    assert bins.count == BINS and sum(bins.amounts) == pytest.approx(13)
    assert Bins(0.0).rates() == [(0.5, 0.0)]


def test_axes_end_on_round_numbers() -> None:
    assert [charts.nice_ceiling(v) for v in (0, 0.3, 7, 11, 26, 1234)] == [1, 0.5, 10, 20, 50, 2000]
    assert charts.time_step(50) == 10 and charts.time_step(40_000) == 7200
    for empty in (charts.line_chart({}, 0, "x"), charts.histogram({}, "x"), charts.bar_chart([])):
        assert "<svg" in empty


def test_slots() -> None:
    assert [slot_of(w) for w in ("w1-3f9a", "hand-12ab", "alone")] == ["w1", "hand-12ab", "alone"]
