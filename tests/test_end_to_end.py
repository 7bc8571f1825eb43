"""Real records through all four stages by real coordinators and workers with a model, calm or
killed on the way, to the same dataset."""

from __future__ import annotations

import json
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from examples import make_input
from stages.base import Record
from stages.text.severity import LEVELS
from tests.run_tools import Desk, kill, wait_for, worker_pids, write_jsonl

STAGES = ("2_data_filter", "3_data_structurer", "4_domain_classifier", "6_security_aligner")
FIRST, LAST = STAGES[0], STAGES[-1]
RECORDS = 6


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Desk:
    """Real records and one undisturbed run of them with the tiny model."""
    desk = Desk(tmp_path_factory.mktemp("end-to-end"))
    write_jsonl(desk.root / "input.jsonl", make_input.records(RECORDS, seed=3))
    done = desk.process(*arguments("calm", tiny_model, "--workers", "1"))
    assert done.returncode == 0, done.stdout + done.stderr
    return desk


def arguments(run: str, model: Path, *more: str) -> list[str]:
    """A run of the input with short answers, two records in a chunk."""
    flags = ["run", "-i", "input.jsonl", "--run", run, "--model", str(model)]
    return [*flags, "--chunk-size", "2", "--max-tokens", "64", "--batch-size", "4", *more]


def begun(desk: Desk, run: str, stage: str) -> bool:
    """Whether records of a chunk of this stage are being worked on."""
    claimed = (desk.root / "queues" / run / stage / "claimed").glob("*.journal")
    try:
        return any(b'"begin"' in path.read_bytes() for path in claimed)
    except FileNotFoundError:
        return False


def lines(desk: Desk, run: str, name: str) -> list[Record]:
    return [json.loads(line) for line in desk.results(run)[f"{name}.jsonl"].splitlines()]


def assert_same_as_calm(desk: Desk, run: str) -> None:
    verdict = desk.coordinator("verify", run, "--json")
    assert verdict.returncode == 0, verdict.stdout
    assert desk.results(run) == desk.results("calm")
    assert not worker_pids(run)


def test_every_stage_did_its_part(desk: Desk) -> None:
    verdict: dict[str, Any] = json.loads(desk.coordinator("verify", "calm", "--json").stdout)
    counted = {stage["name"]: stage for stage in verdict["stages"]}
    assert verdict["ok"] and counted[FIRST]["in"] == RECORDS
    kept = lines(desk, "calm", FIRST)
    assert kept and all(record["technical_description"] for record in kept)
    assert {record["risk_level"] for record in kept} <= set(LEVELS)
    pairs = lines(desk, "calm", "4_domain_classifier")
    assert len(kept) < len(pairs) <= 3 * len(kept)  # what a record can't answer is not asked
    assert all(pair["primary_domain"] for pair in pairs)
    dataset = lines(desk, "calm", LAST)
    assert len(dataset) >= len(pairs)
    assert all(pair["instruction"] and pair["response"] for pair in dataset)


def test_a_worker_killed_in_the_middle_costs_nothing(desk: Desk, tiny_model: Path) -> None:
    with desk.started(*arguments("killed", tiny_model, "--workers", "1")) as process:
        for stage in STAGES[:2]:
            wait_for(partial(begun, desk, "killed", stage), seconds=60)
            kill(worker_pids("killed")[0])
        assert process.wait(60) == 0
    assert_same_as_calm(desk, "killed")
    deaths = (desk.root / "queues" / "killed" / "deaths.jsonl").read_text()
    assert deaths.count('"SIGKILL"') >= 2


def test_a_killed_coordinator_is_resumed_with_other_workers(desk: Desk, tiny_model: Path) -> None:
    with desk.started(*arguments("orphan", tiny_model, "--workers", "2")) as process:
        wait_for(lambda: desk.sealed("orphan", FIRST), seconds=60)
        wait_for(lambda: any(begun(desk, "orphan", stage) for stage in STAGES), seconds=10)
        process.kill()
        process.wait()
        wait_for(lambda: not worker_pids("orphan"), seconds=10)
    assert desk.sealed("orphan", LAST) < desk.sealed("calm", LAST)
    assert desk.coordinator("resume", "orphan", "--workers", "1").returncode == 0
    assert_same_as_calm(desk, "orphan")


def test_no_batching_gives_the_same_dataset(desk: Desk, tiny_model: Path) -> None:
    plain = ("--no-batching", "--workers", "1")
    done = desk.coordinator(*arguments("single", tiny_model, *plain))
    assert done.returncode == 0, done.stderr
    assert_same_as_calm(desk, "single")


def test_the_default_model_keeps_what_is_about_security(
    default_model: Path, tmp_path: Path
) -> None:
    """Three techniques and one other text; of a model this small not every answer is of use."""
    techniques = list(islice(make_input.attack_techniques(), 3))
    desk = Desk(tmp_path)
    write_jsonl(tmp_path / "input.jsonl", [*techniques, next(make_input.off_topic())])
    flags = ["--run", "default", "--stages", "data_filter", "--workers", "1"]
    done = desk.coordinator("run", "-i", "input.jsonl", *flags, seconds=240)
    assert done.returncode == 0, done.stdout + done.stderr
    assert desk.coordinator("verify", "default").returncode == 0
    kept = lines(desk, "default", FIRST)
    assert [record["external_id"] for record in kept] == [t["external_id"] for t in techniques]
    shared = [words(r["description"]) & words(r["technical_description"]) for r in kept]
    assert max(map(len, shared)) >= 4
    [removed] = [json.loads(x) for x in desk.results("default")["removed.jsonl"].splitlines()]
    assert "not relevant" in json.dumps(removed)


def words(text: str) -> set[str]:
    return set(text.lower().split())
