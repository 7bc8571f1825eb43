"""The recount notices every kind of damage that it names, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import orjson
import pytest

from tests.run_tools import decide, make_run, numbered, publish_all, work_off
from workers.run.merge import merge
from workers.run.retry import requeue
from workers.run.run_folder import RunFolder
from workers.run.verify import StageCheck, verify


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    run = make_run(tmp_path, numbered(30))
    work_off(run.queues[0], decide)
    publish_all(run)
    work_off(run.queues[1])
    merge(run)
    return run


def chunk(run: RunFolder, stage: int, state: str, name: str = "chunk-000002") -> Path:
    return run.queues[stage].folder / state / f"{name}.jsonl"


def stages(run: RunFolder) -> tuple[StageCheck, StageCheck]:
    first, second = verify(run).stages
    return first, second


def test_a_finished_run_is_ok(run: RunFolder) -> None:
    verdict = verify(run)
    assert verdict.problems == []
    assert verdict.to_json()["stages"][0] == {
        "name": "2_data_filter",
        "in": 30,
        "results": 20,
        "removed": 6,
        "failed": 4,
        "open": 0,
        "lost": 0,
        "duplicated": 0,
    }


def test_an_unfinished_run_is_ok(tmp_path: Path) -> None:
    run = make_run(tmp_path, numbered(30))
    held = run.queues[0].claim("w0-00000000")
    assert held
    verdict = verify(run)
    assert verdict.ok and verdict.stages[0].open == 30
    held.release()


def test_what_is_sealed_but_not_forwarded_is_open(tmp_path: Path) -> None:
    run = make_run(tmp_path, numbered(30))
    work_off(run.queues[0], decide)
    verdict = verify(run)
    assert verdict.ok and verdict.stages[1].open == 40


@pytest.mark.parametrize("stage", [0, 1])
def test_a_lost_chunk(run: RunFolder, stage: int) -> None:
    chunk(run, stage, "done").unlink()
    assert verify(run).stages[stage].lost > 0
    assert not verify(run).ok


def test_a_lost_line(run: RunFolder) -> None:
    path = chunk(run, 1, "done")
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[1:]))
    assert stages(run)[1].lost == 1
    assert "3_data_structurer: 1 record is lost" in verify(run).problems


def test_a_duplicated_line(run: RunFolder) -> None:
    extra = orjson.loads(chunk(run, 1, "done").read_bytes().splitlines()[0])
    path = chunk(run, 1, "done", "chunk-000003")
    path.write_bytes(path.read_bytes() + orjson.dumps(extra) + b"\n")
    assert stages(run)[1].duplicated == 1
    assert verify(run).problems == ["3_data_structurer: 1 record is duplicated"]


def test_a_chunk_in_two_states(run: RunFolder) -> None:
    shutil.copy(chunk(run, 0, "done"), chunk(run, 0, "pending"))
    assert any("both pending and done" in problem for problem in verify(run).problems)


def test_a_stray_temporary_file(run: RunFolder) -> None:
    (run.queues[0].folder / "done" / ".chunk-000009.jsonl.tmp").write_bytes(b"half")
    (problem,) = verify(run).problems
    assert "stray temporary file" in problem


def test_a_torn_sealed_file_is_named(run: RunFolder) -> None:
    path = chunk(run, 0, "done")
    path.write_bytes(path.read_bytes()[:-20])
    assert any("chunk-000002" in problem for problem in verify(run).problems)


def test_retries_balance(run: RunFolder) -> None:
    requeue(run.queues, run.config.stages)
    assert verify(run).ok and stages(run)[0].open == 4
    work_off(run.queues[0])
    publish_all(run)
    work_off(run.queues[1])
    assert verify(run).ok and stages(run)[0].ends.failed == 0 and stages(run)[1].ends.results == 44


def test_a_retry_that_fails_again_balances(run: RunFolder) -> None:
    for _ in range(2):
        requeue(run.queues, run.config.stages)
        work_off(run.queues[0], decide)
    assert verify(run).ok and stages(run)[0].ends.failed == 4
    assert chunk(run, 0, "done", "chunk-000002.r2").exists()


def test_without_the_input_the_manifest_knows_the_count(run: RunFolder) -> None:
    Path(run.manifest.inputs[0].path).unlink()
    verdict = verify(run)
    assert verdict.ok and verdict.notes
    chunk(run, 0, "done", "chunk-000008").unlink()
    assert stages(run)[0].lost == 2


def test_text_for_people(run: RunFolder) -> None:
    lines = verify(run).text().splitlines()
    assert lines[0] == "2_data_filter: 30 in = 20 results + 6 removed + 4 failed"
    assert lines[-1] == "ok"
    chunk(run, 1, "done").unlink()
    assert verify(run).text().endswith("records are lost\n1 problem")
