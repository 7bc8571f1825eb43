"""Parcels: outcomes come out as they are journaled, once each, and none of what was dropped."""

from __future__ import annotations

from pathlib import Path

import pytest

from stages.base import Result
from tests.cluster.conftest import STAGE
from workers.cluster.parcels import Parcels
from workers.core.errors import QueueError, UsageError
from workers.queue.chunk_paths import ChunkState
from workers.queue.envelopes import Envelope
from workers.run.input_files import InputFile
from workers.run.run_folder import RunFolder
from workers.settings.values import build_config


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    config = build_config({"stages": (STAGE,), "disable_llm": True})
    return RunFolder(tmp_path / "there").create(config, [InputFile("in", 0, 0)])


@pytest.fixture
def parcels(run: RunFolder) -> Parcels:
    return Parcels(run)


def lines(*ids: str) -> bytes:
    return b"".join(Envelope(record_id, {"n": 1}).to_bytes() for record_id in ids)


def test_outcomes_come_out_in_small_parts(run: RunFolder, parcels: Parcels) -> None:
    parcels.put(STAGE, lines("0:1", "0:2", "0:3"))
    chunk = run.queue(STAGE).claim("w1")
    assert chunk is not None and parcels.new_outcomes() == []
    chunk.record("0:2", Result({"n": 2}))
    assert [line.id for line in parcels.new_outcomes()] == ["0:2"]
    assert parcels.new_outcomes() == []
    chunk.record("0:1", Result({"n": 1}))
    chunk.record("0:3", Result({"n": 3}))
    chunk.seal()
    assert sorted(line.id for line in parcels.new_outcomes()) == ["0:1", "0:3"]
    assert parcels.in_hand == 0
    left = [path for path in run.queue(STAGE).folder.rglob("*") if path.is_file()]
    assert left == []


def test_a_parcel_is_shared_by_the_workers(run: RunFolder, parcels: Parcels) -> None:
    size = run.manifest.chunk_size
    parcels.put(STAGE, lines(*(f"0:{n}" for n in range(1, size + 2))))
    queue = run.queue(STAGE)
    first, second = queue.claim("w1"), queue.claim("w2")
    assert first is not None and second is not None
    assert (len(first.envelopes), len(second.envelopes)) == (size, 1)
    second.record(f"0:{size + 1}", Result({}))
    second.seal()
    assert [line.id for line in parcels.new_outcomes()] == [f"0:{size + 1}"]
    assert parcels.in_hand == size


def test_nothing_comes_of_what_was_dropped(run: RunFolder, parcels: Parcels) -> None:
    parcels.put(STAGE, lines("0:1"))
    chunk = run.queue(STAGE).claim("w1")
    assert chunk is not None
    parcels.put(STAGE, lines("0:2"))
    parcels.drop()
    chunk.record("0:1", Result({}))
    chunk.seal()
    assert parcels.in_hand == 0 and parcels.new_outcomes() == []
    assert run.queue(STAGE).claim("w1") is None


def test_what_is_no_parcel_is_refused(parcels: Parcels) -> None:
    with pytest.raises(QueueError, match="a parcel of 2_data_filter line 1: damaged"):
        parcels.put(STAGE, b"rubbish\n")
    with pytest.raises(UsageError, match="run there has only 2_data_filter"):
        parcels.put("../../other", lines("0:1"))


def test_a_parcel_is_enough_for_all_workers(run: RunFolder) -> None:
    several = Parcels(run, workers=5)
    several.put(STAGE, lines(*(f"0:{n}" for n in range(1, 13))))
    chunks = [run.queue(STAGE).claim(f"w{n}") for n in range(5)]
    assert [len(chunk.envelopes) for chunk in chunks if chunk] == [3, 3, 3, 3]
    large = run.manifest.chunk_size * 5 * 2
    several.put(STAGE, lines(*(f"0:{n}" for n in range(100, 100 + large))))
    assert len(run.queue(STAGE).names(ChunkState.PENDING)) == 10  # no larger than chunks are
