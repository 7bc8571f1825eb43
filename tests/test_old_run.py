"""Files that version 0.1.0 wrote before its records were typed: read, and written the same.

The files in tests/old_run were written by that version: a run that was killed, the outcomes
and the logs of another one.  Invariant: no test changes them.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import orjson
import pytest

from stages.base import Failed, Removed, Result
from tests.run_tools import work_off
from workers.metrics.metric_kinds import Event, ModelBatch, SealedChunk, WorkBlock, WorkerDeath
from workers.metrics.metric_lines import DamagedLines, parse_metric_line, read_metrics
from workers.observe.read_status import read_status
from workers.observe.report.figures import read_run
from workers.observe.status import RunStatus
from workers.queue.deaths import Death, append_death, read_deaths
from workers.queue.envelopes import parse_envelopes
from workers.queue.journal import encode_line, read_journal
from workers.queue.journal_entries import OutcomeRecorded
from workers.queue.sealed import parse_sealed
from workers.run.merge import merge
from workers.run.run_folder import RunFolder
from workers.run.verify import verify

OLD = Path(__file__).parent / "old_run"
LOGS = sorted((OLD / "logs").glob("*.jsonl"))
FILTER = "2_data_filter"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    """A copy of the killed run, with the folders that were empty."""
    shutil.copytree(OLD / "run", tmp_path / "queues" / "open")
    shutil.copytree(OLD / "logs", tmp_path / "logs" / "open")
    monkeypatch.setenv("CYBERLLM_LOGS", str(tmp_path / "logs"))
    run = RunFolder(tmp_path / "queues" / "open").open()
    for queue in run.queues:
        queue.create()
    run.workers_dir.mkdir(exist_ok=True)
    return run


def test_the_manifest_with_a_seed_of_its_own_opens(run: RunFolder) -> None:
    assert "seed" in orjson.loads(run.manifest_file.read_bytes())
    assert run.config.seed == 0 and run.manifest.split.records == 5


@pytest.mark.parametrize(
    "file", ["sealed.jsonl", f"run/{FILTER}/done/chunk-000002.jsonl",
             f"run/{FILTER}/failed/chunk-000002.jsonl"]
)  # fmt: skip
def test_sealed_lines_are_written_the_same_again(file: str) -> None:
    data = (OLD / file).read_bytes()
    lines = parse_sealed(data, file)
    assert b"".join(line.to_bytes() for line in lines) == data
    if file == "sealed.jsonl":
        assert {type(line.outcome) for line in lines} == {Result, Removed, Failed}


@pytest.mark.parametrize("state", ["pending/chunk-000003", "claimed/chunk-000001"])
def test_envelopes_are_written_the_same_again(state: str) -> None:
    data = (OLD / "run" / FILTER / f"{state}.jsonl").read_bytes()
    assert b"".join(e.to_bytes() for e in parse_envelopes(data, state)) == data


def test_a_journal_is_written_the_same_again() -> None:
    path = OLD / "run" / FILTER / "claimed" / "chunk-000001.journal"
    entries = read_journal(path).entries
    assert b"".join(map(encode_line, entries)) == path.read_bytes()
    assert len(entries) == 6 and isinstance(entries[2], OutcomeRecorded)


def test_deaths_are_written_the_same_again(tmp_path: Path) -> None:
    old = OLD / "run" / "deaths.jsonl"
    deaths = list(read_deaths(old).values())
    assert deaths[0] == Death("w1-b536495a", 19365, "exit 0", counts=False)
    for death in deaths:
        append_death(tmp_path / "deaths.jsonl", death)
    assert (tmp_path / "deaths.jsonl").read_bytes() == old.read_bytes()


def test_a_status_is_written_the_same_again() -> None:
    data = (OLD / "run" / "status.json").read_bytes()
    status = RunStatus.parse(data, "status.json")
    assert status.to_bytes() == data
    assert status.workers[0].pid == 19426 and status.stages[0].chunks.failed == 1


@pytest.mark.parametrize("path", LOGS, ids=lambda path: path.stem)
def test_metric_lines_are_written_the_same_again(path: Path) -> None:
    for number, data in enumerate(path.read_bytes().splitlines(), 1):
        line = parse_metric_line(data, f"{path} line {number}")
        again, before = line.to_fields(), orjson.loads(data)
        if isinstance(line.body, SealedChunk | WorkBlock):
            # It was reckoned from seconds with more digits than the line has.
            assert again.pop("items_per_s") == pytest.approx(before.pop("items_per_s"), rel=0.1)
        assert orjson.dumps(again) == orjson.dumps(before)


def test_every_kind_of_line_is_among_them() -> None:
    damaged = DamagedLines()
    lines = list(read_metrics(OLD / "logs", damaged))
    kinds = {line.kind for line in lines}
    assert {"start", "state", "death", "end", "batch", "chunk", "time", "work"} <= kinds
    assert damaged.count == 0
    bodies = {type(line.body) for line in lines}
    assert {ModelBatch, SealedChunk, WorkBlock, WorkerDeath, Event} <= bodies


def test_the_killed_run_is_shown_verified_resumed_and_merged(run: RunFolder) -> None:
    assert read_status(run).state == "unfinished"
    found = verify(run)
    assert found.ok and found.stages[0].open == 3 and "input" in found.notes[0]
    chunk = run.queues[0].claim("w3-0badf00d")
    assert chunk is not None and chunk.outcomes["0:2"].outcome == Removed(
        "not relevant", score=0.0, why="é \u2028"
    )
    assert chunk.groups() == [["0:1"]]
    chunk.release()
    work_off(run.queues[0])
    assert merge(run).stages[0].ends.total == 5 and verify(run).stages[0].open == 0


def test_its_logs_are_reported(run: RunFolder) -> None:
    figures = read_run(run)
    assert figures.sums.generated_tokens == 100 and figures.damaged.count == 0
    reasons = figures.stages[FILTER].errors
    assert reasons.total == 2  # their numbers were replaced when they were written
