"""The tables' cells against the logs that they are made of."""

from __future__ import annotations

import dataclasses

import pytest

from tests.observe.report.made_logs import HOSTILE
from workers.observe.report import tables
from workers.observe.report.figures import RunEvent, RunFigures
from workers.observe.report.tables import HeadlineMetric, facts_of, tables_of


def test_every_table_with_rows_is_there(figures: RunFigures) -> None:
    assert [table.title for table in tables_of(figures)] == [
        *("Records", "Model", "Speculative decoding", "Time by phase"),
        *("Dead letters by reason", "Events"),
    ]
    for table in tables_of(figures):
        assert {len(row) for row in table.rows} == {len(table.head)}, table.title


def test_records_and_the_models_work(figures: RunFigures) -> None:
    assert tables.outcomes(figures).rows == [
        ["data_filter", "30", "0", "0", "0", "0.027", "5s"],
        ["data_structurer", "0", "0", "0", "0", "0", "-"],
    ]
    work = ["3", "400", "25%", "100", "20%", "66.7", "6", "0.5s"]
    assert tables.model_work(figures).rows == [
        ["data_filter", *work],
        ["data_structurer", *work],
    ]


def test_drafts_and_phases(figures: RunFigures) -> None:
    assert tables.drafting(figures).rows[:2] == [
        ["data_filter", "grammar", "5", "10", "10", "100%", "2"],
        ["data_filter", "suffix", "10", "40", "16", "40%", "1.60"],
    ]
    assert tables.phases(figures).rows == [
        ["decode", "1m00s", "40%"],
        ["other", "30s", "20%"],
        ["no worker", "1m00s", "40%"],
        ["all", "2m30s", "100%"],
    ]


def test_events_hold_all_but_dead_letters_and_nothing_unprintable(figures: RunFigures) -> None:
    found = tables.events(figures)
    assert [row[:2] for row in found.rows] == [
        *(["40s", "w1"], ["1m02s", "w1"], ["2m00s", "coordinator"])
    ]
    assert "killed by signal 9" in found.rows[0][2] and found.words
    assert found.rows[2][2].isprintable() and HOSTILE[:20] in found.rows[2][2]


def test_a_long_list_says_that_it_was_cut(figures: RunFigures) -> None:
    marks = [RunEvent(n, "w1", "death", "gone") for n in range(60)]
    cut = tables.events(dataclasses.replace(figures, marks=marks))
    assert len(cut.rows) == 50 and cut.note == "the first 50 of 60"


def test_facts_at_the_top(figures: RunFigures) -> None:
    assert facts_of(figures) == [
        HeadlineMetric("30", "records in"),
        HeadlineMetric("0", "results"),
        HeadlineMetric("0", "removed"),
        HeadlineMetric("0", "dead letters"),
        HeadlineMetric("2m30s", "run time"),
        HeadlineMetric("1.33", "generated tokens/s"),
        HeadlineMetric("52%", "of drafted tokens accepted"),
        HeadlineMetric("60%", "of worker time was work"),
    ]
    figures.totals.stages.clear()
    assert not any("token" in fact.label for fact in facts_of(figures))


def test_a_table_over_time_has_the_means_of_each_twelfth() -> None:
    points = [(at + 0.5, float(at)) for at in range(24)]
    found = tables.over_time("Speed", {"a": points, "b": points[-1:]}, 24.0, "records/s")
    assert found.head == ("from", "a", "b")
    assert found.rows[0] == ["0s", "0.50", "-"] and found.rows[-1] == ["22s", "22.5", "23"]
    assert len(found.rows) == 12 and found.note.startswith("records/s")


@pytest.mark.parametrize("seconds", [0.0, 1e300])
def test_a_table_over_any_time(seconds: float) -> None:
    found = tables.over_time("Speed", {"a": [(0.0, 1.0)]}, seconds, "records/s")
    assert [row[1] for row in found.rows] == ["1"]
