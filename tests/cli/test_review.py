"""The reviewer's command: a run that stops for a person, is reviewed, goes on; and its flags."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.in_process import Ran
from tests.review_help import (
    STAGE,
    command,
    environment,
    pair,
    pairs_file,
    reviewer_command,
    serving,
)
from tests.run_tools import Desk, security_record, wait_for, worker_pids, write_jsonl

STAGES = "data_filter,data_structurer,domain_classifier,manual_reviewer,security_aligner"


def desk_in(folder: Path) -> Desk:
    write_jsonl(folder / "input.jsonl", [security_record(number) for number in range(12)])
    return Desk(folder)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_in(tmp_path)


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that has come to its review."""
    desk = desk_in(tmp_path_factory.mktemp("stopped"))
    assert started(desk).returncode == 4
    return desk.root


@pytest.fixture
def waiting(stopped: Path, tmp_path: Path) -> Desk:
    """A copy of it, to be reviewed."""
    return Desk(shutil.copytree(stopped, tmp_path / "copy"))


def records(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def started(desk: Desk) -> Ran:
    return desk.coordinator(*desk.run_arguments("first", "--stages", STAGES, "--workers", "1"))


def test_a_run_stops_is_reviewed_over_http_resumes_and_verifies(desk: Desk) -> None:
    done = started(desk)
    assert done.returncode == 4, done.stdout + done.stderr
    assert "pairs wait for review: python -m stages.manual_reviewer first" in done.stdout
    assert not worker_pids("first")
    status = json.loads(desk.coordinator("status", "first", "--json").stdout)
    assert status["state"] == "waiting" and "pairs wait for review" in status["message"]
    verdict = json.loads(desk.coordinator("verify", "first", "--json").stdout)
    waiting = {stage["name"]: stage["open"] for stage in verdict["stages"]}[STAGE]
    assert verdict["ok"] and waiting > 4
    with serving(desk.root, "first") as reviewer:  # a part, then a kill
        rows = reviewer.client.rows()
        assert len(rows) == waiting
        for row in rows[:-1]:
            assert reviewer.client.decide(row["id"], 0, "accept") == 200
        reviewer.end(9)
    again = desk.coordinator("resume", "first")
    assert again.returncode == 4 and "1 pair waits for review" in again.stdout
    report = desk.coordinator("report", "first")
    assert report.returncode == 0, report.stderr
    with serving(desk.root, "first") as reviewer:
        [row] = reviewer.client.rows()
        assert reviewer.client.decide(row["id"], 0, "reject", reason="wrong") == 200
        printed = reviewer.end()[1]
    assert "everything is decided; next: python coordinator.py resume first" in printed
    assert reviewer.process.returncode == 0
    finished = desk.coordinator("resume", "first")
    assert finished.returncode == 3, finished.stdout  # records without text are dead letters
    assert desk.coordinator("verify", "first").stdout.endswith("ok\n")
    results = desk.root / "queues" / "first" / "results"
    reviewed = records(results / f"{STAGE}.jsonl")
    assert {one["review"]["decision"] for one in reviewed} == {"accept"}  # type: ignore[index]
    removed = [one for one in records(results / "removed.jsonl") if one["stage"] == STAGE]
    assert [one["reason"] for one in removed] == ["rejected by a reviewer: wrong"]
    last = records(results / "6_security_aligner.jsonl")
    assert any("review" in one for one in last)  # the others are near-duplicates
    status = json.loads(desk.coordinator("status", "first", "--json").stdout)
    assert status["state"] == "finished" and status["message"] is None
    repeated = reviewer_command(desk.root, "first")
    assert repeated.returncode == 0 and "everything is decided" in repeated.stdout
    retried = desk.coordinator("retry", "first")
    assert retried.returncode == 3


def test_a_reviewer_beside_a_live_coordinator_gets_what_comes(desk: Desk) -> None:
    arguments = desk.run_arguments("first", "--stages", STAGES)
    with desk.started(*arguments):
        wait_for(lambda: (desk.root / "queues" / "first" / STAGE / "locks").is_dir(), 30)
        with serving(desk.root, "first") as reviewer:
            wait_for(lambda: len(reviewer.client.rows()) > 2, 30)
            first = reviewer.client.rows()[0]
            assert reviewer.client.decide(first["id"], 0, "accept") == 200
            assert reviewer.end()[0] == 4


def test_rules_and_a_sample_leave_the_rest_to_the_person(waiting: Desk) -> None:
    done = reviewer_command(waiting.root, "first", "--auto-accept", "words>=0")
    assert done.returncode == 0, done.stderr
    assert "everything is decided; next: python coordinator.py resume first" in done.stdout
    finished = waiting.coordinator("resume", "first")
    assert finished.returncode == 3
    path = waiting.root / "queues" / "first" / "results" / f"{STAGE}.jsonl"
    assert {one["review"]["rule"] for one in records(path)} == {"words>=0"}  # type: ignore[index]


def test_pairs_go_out_to_a_file_and_decisions_come_back(waiting: Desk) -> None:
    desk = waiting
    done = reviewer_command(desk.root, "first", "--export", "out.jsonl")
    assert done.returncode == 0 and "pairs written to out.jsonl" in done.stdout
    rows = records(desk.root / "out.jsonl")
    decided = [row | {"decision": "accept"} for row in rows[1:]]
    write_jsonl(
        desk.root / "back.jsonl", [*decided, {**rows[0], "id": "9:9", "decision": "accept"}]
    )
    bad = reviewer_command(desk.root, "first", "--import", "back.jsonl")
    assert bad.returncode == 1 and "pair 9:9 is not here any more" in bad.stdout
    write_jsonl(desk.root / "rest.jsonl", [rows[0] | {"decision": "reject", "reason": "old"}])
    good = reviewer_command(desk.root, "first", "--import", "rest.jsonl", "--reviewer", "bob")
    assert good.returncode == 0, good.stdout
    assert "1 decisions taken" in good.stdout and "resume first" in good.stdout
    assert desk.coordinator("resume", "first").returncode == 3


def test_pairs_of_a_file_are_finished_only_when_all_are_decided(tmp_path: Path) -> None:
    pairs_file(tmp_path, [pair(1), pair(2)])
    given = ("pairs.jsonl", "-o", "out.jsonl")
    assert reviewer_command(tmp_path, *given, "--export", "e.jsonl").returncode == 4
    rows = records(tmp_path / "e.jsonl")
    for row, status in zip(rows, (4, 0), strict=True):
        assert not (tmp_path / "out.jsonl").exists()
        write_jsonl(tmp_path / "back.jsonl", [row | {"decision": "accept"}])
        assert reviewer_command(tmp_path, *given, "--import", "back.jsonl").returncode == status
    assert len(records(tmp_path / "out.jsonl")) == 2


def test_two_reviewers_at_once_share_no_chunk(tmp_path: Path) -> None:
    pairs_file(tmp_path, [pair(1)])
    with serving(tmp_path, "pairs.jsonl", "-o", "out.jsonl"):
        second = reviewer_command(tmp_path, "pairs.jsonl", "-o", "out.jsonl")
        assert second.returncode == 1 and "another coordinator has it" in second.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["first", "second"], "-o/--output: needed to say where"),
        (["pairs.jsonl"], "-o/--output: needed to say where"),
        (["missing"], "run missing: not found"),
        (["missing.jsonl", "-o", "out.jsonl"], "missing.jsonl"),
        (["pairs.jsonl", "-o", "pairs.jsonl"], "is an input file"),
        (["pairs.jsonl", "-o", "o.jsonl", "--sample", "many"], "--sample many: must be a share"),
        (["pairs.jsonl", "-o", "o.jsonl", "--auto-accept", "luck>1"], "no figure 'luck'"),
        (["pairs.jsonl", "-o", "o.jsonl", "--port", "x"], "--port: x: must be from 1"),
        (["pairs.jsonl", "-o", "o.jsonl", "--export", "a", "--import", "b"], "can't be combined"),
        (["pairs.jsonl", "-o", "o.jsonl", "--import", "none.jsonl"], "none.jsonl: No such file"),
    ],
)
def test_wrong_usage_is_one_line_and_changes_nothing(
    tmp_path: Path, arguments: Sequence[str], message: str
) -> None:
    pairs_file(tmp_path, [pair(1)])
    done = reviewer_command(tmp_path, *arguments)
    assert done.returncode in (1, 2) and message in done.stderr, done.stderr
    assert "Traceback" not in done.stderr and not (tmp_path / "o.jsonl").exists()


def test_a_run_without_the_stage_says_how_to_get_one(desk: Desk) -> None:
    assert desk.coordinator(*desk.run_arguments("plain", "--stages", "data_filter")).returncode == 3
    done = reviewer_command(desk.root, "plain")
    assert done.returncode == 2 and "has no manual_reviewer among its stages" in done.stderr


def test_help_names_the_keys_and_the_exit_statuses(tmp_path: Path) -> None:
    done = subprocess.run(
        command("--help"), env=environment(tmp_path), capture_output=True, text=True, check=True
    )
    for words in ("a accept, e edit", "RULE", "4 pairs are left", "--terminal", "PAIRS.jsonl"):
        assert words in done.stdout
