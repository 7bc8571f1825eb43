"""Which charts a run gets, and that they show the figures of its logs."""

from __future__ import annotations

import dataclasses
from collections import Counter
from itertools import pairwise

import pytest

from tests.observe.report.made_logs import FILTER, STRUCTURER, spent, window, write_log
from workers.metrics.batch_figures import length_bucket
from workers.observe.report import plots, tables
from workers.observe.report.figures import PHASES, RunFigures, read_run
from workers.observe.report.plots import BUCKETS, MOST_LINES, Figure, figures_of, together
from workers.run.run_folder import RunFolder


@pytest.fixture
def shown(figures: RunFigures) -> dict[str, Figure]:
    return {figure.title: figure for figure in figures_of(figures)}


def test_a_run_with_a_model_has_every_chart(shown: dict[str, Figure]) -> None:
    assert list(shown) == [
        "Records per second, by stage",
        "Generated tokens per second, by stage",
        "Batch size",
        "Time by phase",
        "Workers and events",
        "Draft acceptance",
        "Memory of the workers",
        "Available memory of the machine",
        "Prompt length",
        "Answer length",
    ]


def test_a_run_without_a_model_has_none_of_the_model(run: RunFolder) -> None:
    for path in run.logs_dir.glob("w1-*"):
        path.unlink()
    write_log(run.logs_dir, "w1-00000004", [spent(1050)])
    assert [figure.title for figure in figures_of(read_run(run))] == [
        "Time by phase",
        "Workers and events",
        "Memory of the workers",
        "Available memory of the machine",
    ]


def test_charts_show_the_logs_figures(shown: dict[str, Figure]) -> None:
    speed, lengths = shown["Records per second, by stage"], shown["Prompt length"]
    assert "data_filter 0.20 records/s" in speed.chart.svg  # 4 records in 20 seconds
    assert [key.name for key in speed.chart.keys] == ["data_filter", "stopped and resumed"]
    assert "128\u2013191: 4; 192\u2013255: 2" in lengths.chart.svg
    assert "16,000 MiB" in shown["Available memory of the machine"].chart.svg
    assert "data_filter, suffix: 40% of 40" in shown["Draft acceptance"].chart.svg
    assert "w1 6, w1 limit 16 sequences" in shown["Batch size"].chart.svg
    assert "w1: decode 1m00s" in shown["Time by phase"].chart.svg
    events = shown["Workers and events"].chart
    assert "40s: w1-00000001 ended: killed by signal 9" in events.svg
    assert [key.name for key in events.keys] == [
        *("worker died", "dead letters", "paused", "batch limit changed", "stopped and resumed")
    ]


def test_figures_over_time_are_there_as_a_table(
    shown: dict[str, Figure], figures: RunFigures
) -> None:
    table = shown["Generated tokens per second, by stage"].table
    assert table and table.head == ("from", "data_filter", "data_structurer")
    tokens = sum(float(row[1]) for row in table.rows) * 150 / 12
    assert tokens == pytest.approx(100, rel=0.05)
    assert shown["Time by phase"].table == tables.phases(figures)


def test_a_stage_keeps_its_colour(shown: dict[str, Figure]) -> None:
    records, tokens = (
        {key.name: key.colour for key in figure.chart.keys} for figure in list(shown.values())[:2]
    )
    assert records["data_filter"] == tokens["data_filter"] == "c0"
    assert tokens["data_structurer"] == "c1"


def test_a_stage_that_generated_nothing_has_no_line(run: RunFolder) -> None:
    decisions = {**window(1050, STRUCTURER), "generated_tokens": 0}
    write_log(run.logs_dir, "w1-00000003", [decisions, spent(1060)])
    chart = next(f.chart for f in figures_of(read_run(run)) if "tokens" in f.title)
    assert [key.name for key in chart.keys] == ["data_filter", "stopped and resumed"]


def test_many_workers_are_drawn_as_lowest_mean_and_highest(run: RunFolder) -> None:
    for slot in range(2, MOST_LINES + 2):
        lines = [window(1020, FILTER, rows=slot), spent(1080)]
        write_log(run.logs_dir, f"w{slot}-00000001", lines)
    chart = next(f.chart for f in figures_of(read_run(run)) if f.title == "Batch size")
    assert [key.name for key in chart.keys[:3]] == ["lowest", "mean", "highest"]
    assert "lowest 2, mean 5.56, highest 9" in chart.svg  # w1 has 6, the others 2 to 9


def test_a_phase_that_a_newer_version_writes_has_a_colour(figures: RunFigures) -> None:
    figures.phases["w1"]["teleport"] = 5.0
    (chart,) = (f.chart for f in figures_of(figures) if f.title == "Time by phase")
    colours = {key.name: key.colour for key in chart.keys}
    assert colours["teleport"] == "p-unknown"
    assert colours["decode"] == f"p{PHASES.index('decode')}"


def test_runs_side_by_side_have_a_line_each(figures: RunFigures) -> None:
    other = dataclasses.replace(figures, name="other")
    made = together([figures, other])
    assert [figure.title for figure in made] == [
        *("Records per second, all stages", "Generated tokens per second", "Worker time by phase")
    ]
    assert [key.name for key in made[0].chart.keys] == ["test", "other"]
    assert "test 0.20, other 0.20 records/s" in made[0].chart.svg
    assert plots.distinct(["a", "b", "a"]) == ["a (1)", "b", "a (2)"]


def test_buckets_are_those_of_the_logs() -> None:
    assert BUCKETS[:8] == [0, 16, 32, 48, 64, 96, 128, 192]
    for low, after in pairwise(BUCKETS[:20]):
        assert length_bucket(low) == length_bucket(after - 1) == str(low)


def test_an_empty_bucket_between_others_is_shown(figures: RunFigures) -> None:
    for totals in figures.totals.stages.values():
        totals.prompt_lengths = Counter({"16": 1, "48": 2, "junk": 5})
    (chart,) = (f.chart for f in figures_of(figures) if f.title == "Prompt length")
    assert "16\u201331: 2; 32\u201347: 0; 48\u201363: 4" in chart.svg
