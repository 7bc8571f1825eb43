"""A record that became a result is found again, with what the stage was given of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from stages.base import Failed, Outcome, Record, Removed, Result
from tests.run_tools import STAGES, make_run, numbered, publish_all, work_off
from workers.queue.chunk_paths import ChunkState
from workers.run.run_folder import RunFolder
from workers.worker.known_result import known_result

FIRST, SECOND = STAGES


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    """Of 12 records in three chunks."""
    return make_run(tmp_path, numbered(12))


def from_the_fourth_on(record: Record) -> Outcome:
    if record["n"] < 4:
        return Removed("early") if record["n"] % 2 else Failed("early")
    return Result({"made of": record["n"]}) if record["n"] > 5 else Removed("fifth")


def test_before_anything_is_done_there_is_none(run: RunFolder) -> None:
    assert known_result(run, FIRST) is None and known_result(run, SECOND) is None


def test_of_the_first_stage_it_comes_from_the_input(run: RunFolder) -> None:
    work_off(run.queues[0], from_the_fourth_on)
    assert known_result(run, FIRST) == {"n": 6}


def test_of_a_later_stage_it_comes_from_the_one_before(run: RunFolder) -> None:
    work_off(run.queues[0], from_the_fourth_on)
    publish_all(run)
    work_off(run.queues[1], lambda record: Result({"end": 1}))
    assert known_result(run, SECOND) == {"made of": 6}


def test_where_nothing_became_a_result_there_is_none(run: RunFolder) -> None:
    work_off(run.queues[0], lambda record: Removed("all"))
    assert known_result(run, FIRST) is None


def test_what_can_not_be_read_again_is_passed_over(run: RunFolder) -> None:
    work_off(run.queues[0], from_the_fourth_on)
    done = run.queues[0].folder / ChunkState.DONE
    (done / "chunk-000002.jsonl").write_text("garbage\n")
    assert known_result(run, FIRST) == {"n": 8}
    Path(run.manifest.inputs[0].path).unlink()
    assert known_result(run, FIRST) is None
