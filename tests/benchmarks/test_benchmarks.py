"""The benchmark measures what it says: same requests for all, checked answers, fair ratios."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks import expected, pipeline, plan, rollback, run, tables
from benchmarks.measure import Bench, Measurement, Tokens, canonical
from benchmarks.messages import TokenizedRequest
from benchmarks.plan import Settings
from benchmarks.work import DECISIONS, TEXT, WORKS, BenchmarkRequest, Workload, records
from tests.in_process import run_here
from tests.run_tools import PROJECT
from workers.generation.model.load import load

FULL = Settings(tuple(WORKS), None, 3, False, 0, 28, "m")


def measurement(engine: str, round_number: int, rate: float, **more: Any) -> Measurement:
    known: dict[str, Any] = {
        "work": "schema",
        "rows": 1,
        "requests": 10,
        "prompt_tokens": 0,
        "answer_tokens": 0,
    }
    values = known | {"peak_mb": 1, "seconds": 10 / rate} | more
    return Measurement(engine=engine, round=round_number, **values)


@pytest.fixture(scope="module")
def made() -> dict[str, list[BenchmarkRequest]]:
    """The requests of each work about some records, made once."""
    drawn = records(64, 0)
    return {name: work.make(drawn) for name, work in WORKS.items()}


@pytest.mark.parametrize("work", WORKS.values(), ids=WORKS)
def test_requests_are_the_stages_own_and_none_comes_twice(
    made: dict[str, list[BenchmarkRequest]], work: Workload
) -> None:
    found = made[work.name]
    assert len(found) >= 32
    assert len({repr(request.prompt) for request in found}) == len(found)
    assert all((request.question is not None) == (work.group == DECISIONS) for request in found)


def test_schema_work_mixes_the_stages(made: dict[str, list[BenchmarkRequest]]) -> None:
    found = made["schema"]
    assert len({request.prompt.system for request in found}) == 3
    assert all(request.schema for request in found)


def test_whoever_answers_fewer_answers_the_first_ones() -> None:
    for work in WORKS.values():
        found = plan.entries(work, FULL)
        assert len({entry.key for entry in found}) >= 8
        assert all(entry.requests >= entry.rows for entry in found)


def test_every_work_is_planned_at_all_rows_with_and_without_speculation() -> None:
    for work in WORKS.values():
        found = {entry.key for entry in plan.entries(work, FULL)}
        names = [plan.OURS, plan.LLAMA]
        names += [] if work.group == DECISIONS else [plan.NO_SPECULATION]
        assert found >= {(name, rows) for name in names for rows in (1, 4, 16, 64)}
    sources = {e.name for e in plan.entries(WORKS["schema"], FULL) if "drafts from" in e.name}
    assert len(sources) == 3 and plan.BY_MODEL in sources


def test_on_a_gpu_one_process_each_is_measured_in_every_round() -> None:
    found = plan.entries(WORKS["schema"], replace(FULL, gpu=True))
    assert {entry.layout.engine for entry in found} == {"mlx_lm", "ours"}
    assert all(entry.layout.processes == 1 for entry in found)
    assert plan.later(found, {}) == found


def test_later_rounds_keep_what_was_fastest() -> None:
    found = plan.entries(WORKS["schema"], FULL)
    assert sorted(map(repr, plan.turns(found, 0))) == sorted(map(repr, found))
    rates = {entry.key: 9.0 if entry.rows == 16 else 1.0 for entry in found}
    kept = {entry.key for entry in plan.later(found, rates)}
    assert (plan.BATCH, 16) in kept and (plan.BATCH, 4) not in kept
    assert kept >= {(plan.OURS, 1), (plan.NO_SPECULATION, 1), (plan.ONE_BY_ONE, 1)}
    assert not any("per core" in name and "mlx" in name for name, _ in kept)


def test_a_work_may_have_nothing_to_measure_again() -> None:
    assert plan.turns([], 1) == []


def test_speculation_on_and_off_take_turns_side_by_side() -> None:
    found = plan.later(plan.entries(WORKS["schema"], FULL), {})
    for number in range(3):
        order = [entry.key for entry in plan.turns(found, number)]
        on = order.index((plan.OURS, 4))
        off = order.index((plan.NO_SPECULATION, 4))
        assert off - on == (-1 if number % 2 else 1)


def test_a_ratio_is_taken_within_rounds_and_at_best_rows() -> None:
    found = [measurement(plan.ONE_BY_ONE, number, rate) for number, rate in ((1, 1.0), (2, 4.0))]
    found += [measurement(plan.OURS, 1, 5.0), measurement(plan.OURS, 1, 3.0, rows=4)]
    found += [measurement(plan.OURS_POOL, 2, 24.0, rows=4)]
    [line] = [row for row in expected.table(found).rows if row[1] == plan.ONE_BY_ONE]
    wanted = ["schema, a full queue", plan.ONE_BY_ONE, "5", "5.50", "5.00 to 6.00", "2", "yes"]
    assert line == wanted


def test_an_expectation_that_is_not_met_says_so() -> None:
    found = [measurement(plan.NO_SPECULATION, 1, 1.0), measurement(plan.OURS, 1, 1.4)]
    found.append(measurement(plan.BY_MODEL, 1, 0.98))
    runs = [
        pipeline.PipelineRun(way.name, way.records, seconds, 1, 1, 1, 1)
        for way, seconds in zip(pipeline.ways(40), (10.0, 100.0, 8.0), strict=True)
    ]
    lines = {row[0]: row[2:] for row in expected.table(found, runs).rows}
    assert lines["schema, 1 in flight"] == ["1.5", "1.40", "1.40 to 1.40", "1", "no"]
    by_model = "schema, 1 in flight, drafts from the model itself only"
    assert lines[by_model][-1] == "yes"
    four_stages = ["8", "11.25", "10.00 to 12.50", "2", "yes"]
    assert lines["four stages, 40 records, full pool"] == four_stages


def test_each_model_is_held_to_what_was_asked_of_it() -> None:
    found = [measurement(plan.ONE_BY_ONE, 1, 1.0), measurement(plan.BATCH, 1, 2.0)]
    found += [measurement(plan.OURS, 1, 8.0, rows=16), measurement(plan.NO_SPECULATION, 1, 7.0)]
    asked = {
        model: {row[1]: (row[2], row[-1]) for row in expected.table(found, (), model).rows}
        for model in ("smollm2-135m-instruct", "gemma3-270m", "lab/other")
    }
    default, gemma, other = asked.values()
    assert (default[plan.ONE_BY_ONE], default[plan.BATCH]) == (("5", "yes"), ("1.3", "yes"))
    assert (gemma[plan.ONE_BY_ONE], gemma[plan.BATCH]) == (("10", "no"), ("2.5", "yes"))
    assert set(other.values()) == {("", "")}


def test_peers_can_be_left_out() -> None:
    for work in WORKS.values():
        assert {e.layout.engine for e in plan.entries(work, replace(FULL, only_ours=True))} == {
            "ours"
        }


def test_nothing_is_warmed_up_with_and_measured(
    made: dict[str, list[BenchmarkRequest]], tmp_path: Path
) -> None:
    class Whole(Tokens):
        def __init__(self) -> None:
            pass

        def asked(self, request: BenchmarkRequest) -> TokenizedRequest:
            return TokenizedRequest(request, (), 0, 1, 1)

    settings = replace(FULL, rows=(1,), rounds=2)
    bench = Bench(settings, Whole(), tmp_path / "log")
    bench._made = made
    for work in WORKS.values():
        rounds = [bench._requests(work, number) for number in range(settings.rounds)]
        warm_up = {repr(one.request) for one in rounds[0][0]}
        measured = [repr(one.request) for _, found in rounds for one in found]
        assert len(set(measured)) == len(measured) and warm_up.isdisjoint(measured)
        assert len(warm_up) >= (4 if work.group == TEXT else 8)


def test_the_table_counts_equal_answers_and_broken_ones() -> None:
    found = [measurement(plan.ONE_BY_ONE, 1, 1.0)]
    found += [measurement(plan.OURS, n, 2.0 * n, equal=3, compared=4, broken=n) for n in (1, 2)]
    assert tables.table("schema", found).rows[1][-1] == "6 of 8 equal, 3 no JSON"
    assert "| ours | 1 | 3.00 |" in tables.table("schema", found).markdown()


def test_json_answers_are_compared_without_notation() -> None:
    assert canonical('{"b":1,"a":[2]}') == canonical('{ "a": [2], "b": 1 }')
    assert canonical(' a "b" ') == 'a "b"'


@pytest.mark.parametrize("flags", [["--only", "magic"], ["--rows", "0"], ["--rounds", "x"]])
def test_wrong_flags_are_refused(flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        run.parse(flags)
    assert refused.value.code == 2 and flags[1] in capsys.readouterr().err


def test_it_measures_real_engines_and_prints_the_same_from_its_file(
    tiny_model: Path, tmp_path: Path
) -> None:
    """A model without a GGUF: llama.cpp is left out by name, the others give equal answers."""
    file = tmp_path / "bench.json"
    command = [sys.executable, "-m", "benchmarks.run"]
    flags = ["--model", str(tiny_model), "--only", "schema", "--rows", "2", "--quick"]
    first = subprocess.run(
        [*command, *flags, "-o", str(file)], cwd=PROJECT, capture_output=True, text=True
    )
    assert first.returncode == 0, first.stderr
    found = json.loads(file.read_bytes())
    assert "llama.cpp server, 2 rows" in found["left_out"]
    compared = [m for m in found["measurements"] if m["compared"]]
    assert {m["engine"] for m in compared} >= {plan.OURS, plan.BATCH, plan.NO_SPECULATION}
    assert all(m["equal"] == m["compared"] for m in compared)
    again = run_here(run.main, ["--from", str(file)], tmp_path)
    assert again.returncode == 0
    assert again.stdout == first.stdout and "2 of 2 equal" in again.stdout


def test_both_ways_to_roll_back_are_timed_on_the_same_rounds(tiny_model: Path) -> None:
    cell = rollback.measure(load(tiny_model), rows=2, context=20, draft=3, rounds=4, seed=0)
    assert len(cell.holes) == len(cell.rolled) == 4
    assert min(*cell.holes, *cell.rolled) > 0
    [line] = rollback.table([rollback.Cell(2, 20, [1.0, 2.0, 1.0], [2.0, 2.0, 2.0])], 3).rows
    assert line == ["2", "20", "1000", "1000 to 2000", "2000", "2000 to 2000", "1.50"]
