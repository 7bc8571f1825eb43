"""Pairs kept and left out, counted from merged results of any shape."""

from __future__ import annotations

import json
from typing import Any

from workers.observe.report.figures import read_run
from workers.observe.report.tables import kept_pairs, left_out_pairs, tables_of
from workers.run.run_folder import RunFolder


def _pair(type_: str, by: str, verbatim: float, **more: Any) -> dict[str, Any]:
    quality = {"written_by": by, "grounded": 1.0, "verbatim": verbatim}
    return {"instruction": "Q?", "response": "A.", "type": type_, "quality": quality, **more}


def _write(run: RunFolder, kept: list[Any], removed: list[Any]) -> None:
    run.results_dir.mkdir(exist_ok=True)
    for path, lines in ((run.dataset_file, kept), (run.removed_file, removed)):
        path.write_text("".join(f"{json.dumps(line)}\n" for line in lines) + "no JSON\n")


def test_a_run_that_is_not_merged_has_no_tables_of_pairs(run: RunFolder) -> None:
    figures = read_run(run)
    assert kept_pairs(figures).rows == [] and left_out_pairs(figures).rows == []
    assert not any("Pairs" in table.title for table in tables_of(figures))


def test_pairs_by_type_and_reasons_of_the_rest(run: RunFolder) -> None:
    left_out = {"stage": "3_data_structurer", "left_out": True, "reason": "loops"}
    _write(
        run,
        [
            _pair("b", "record", 1.0),
            _pair("b", "model", 0.5, source_data={"review_required": True}),
            {"instruction": "Q?", "response": "A.", "type": "a", "review_required": True},
            {"text": "no pair"},
            5,
        ],
        [left_out, {**left_out, "left_out": False, "reason": "not relevant"}, [], left_out],
    )
    figures = read_run(run)
    assert kept_pairs(figures).rows == [
        ["a", "1", "0", "0", "0", "-", "-", "1"],
        ["b", "2", "1", "0", "1", "100%", "75%", "1"],
    ]
    assert left_out_pairs(figures).rows == [["data_structurer", "2", "40%", "loops"]]
    assert figures.pairs.told == ()


def test_who_writes_is_told_as_the_trial_found_it(run: RunFolder) -> None:
    _write(run, [_pair("b", "record", 1.0)], [])
    kept, damaged = (run.trial_file(stage) for stage in run.config.stages[:2])
    kept.write_text(json.dumps({"told": "the model writes\x1b[2J none of 7 types"}))
    damaged.write_text('{"told"')
    note = kept_pairs(read_run(run)).note
    assert note.endswith("; the model writes?[2J none of 7 types"), note


def test_hostile_values_are_no_figures(run: RunFolder) -> None:
    damaged: list[object] = [[], "no", {"grounded": "1"}, None]
    odd = [_pair("x", "record", 1.0) | {"quality": q} for q in damaged]
    _write(run, [*odd, {"instruction": "Q?", "type": {"a": 1}}], [{"left_out": True}])
    figures = read_run(run)
    assert [row[:2] for row in kept_pairs(figures).rows] == [["x", "4"], ["{'a': 1}", "1"]]
    assert left_out_pairs(figures).rows[0][-1] == "None"
