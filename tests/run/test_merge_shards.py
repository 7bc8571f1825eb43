"""Shards processed apart and merged: the same bytes as one run, or a refusal that says why."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from stages.base import Failed, Record, Removed, Result
from tests.run_tools import numbered, work_off, write_jsonl
from workers.control.flow import Flow
from workers.control.intake import Intake
from workers.core.errors import PoolError, UsageError
from workers.run.input_files import inspect_inputs
from workers.run.merge import merge
from workers.run.merge_shards import merge_shards, other_findings
from workers.run.run_folder import RunFolder
from workers.run.verify import verify
from workers.settings.values import build_config

STAGES = ("2_data_filter", "3_data_structurer")
COUNT = 3


def decided(record: Record) -> Result | Removed | Failed:
    """By the record alone; some give two records, some are removed, some fail."""
    number = record["n"]
    if number % 7 == 3:
        return Failed(f"number {number}")
    if number % 5 == 1:
        return Removed("by its number", number=number)
    return Result(record, {"n": number + 1000}) if number % 4 == 0 else Result(record)


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., RunFolder]:
    """A finished run of 40 records, or of a shard of them."""
    monkeypatch.chdir(tmp_path)
    source = write_jsonl(tmp_path / "in.jsonl", numbered(40))

    def made(name: str, shard: str | None = None, chunk_size: int = 4, **more: object) -> RunFolder:
        given = {"stages": STAGES, "chunk_size": chunk_size, "disable_llm": True, "shard": shard}
        run = RunFolder.named(name)
        run.create(build_config({**given, "no_dedup": True, **more}), inspect_inputs([source]))
        flow = Flow(run.queues)
        intake = Intake(run, flow.stages[0])
        while not (intake.complete and flow.is_finished):
            intake.advance(1)
            for queue in run.queues:
                work_off(queue, decided)
            list(flow.advance(1.0))
        merge(run)
        return run

    return made


def results(run: RunFolder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in run.results_dir.iterdir()}


def test_merged_shards_are_one_run(make: Callable[..., RunFolder]) -> None:
    one = make("one")
    shards = [make(f"s{n}", f"{n}/{COUNT}", chunk_size=3) for n in (2, 1, 3)]
    assert all(run.manifest.split.records for run in shards)
    assert all(verify(run).problems == [] for run in shards)
    target = RunFolder.named("merged")
    merge_shards(shards, target)
    merge(target)
    assert results(target) == results(one)
    checked = verify(target)
    assert checked.problems == [] and checked.stages[0].entered == 40


def test_without_the_input_the_bytes_are_the_same(
    make: Callable[..., RunFolder], tmp_path: Path
) -> None:
    one = make("one")
    shards = [make(f"s{n}", f"{n}/{COUNT}") for n in (1, 2, 3)]
    (tmp_path / "in.jsonl").unlink()
    target = RunFolder.named("merged")
    merge_shards(shards, target)
    merge(target)
    assert results(target) == results(one)
    assert verify(target).problems == []


def test_a_shard_that_is_missing_or_another_is_refused(make: Callable[..., RunFolder]) -> None:
    first, second = make("s1", "1/3"), make("s2", "2/3")
    target = RunFolder.named("merged")
    for runs, why in (
        ([first, second], "shard 3/3 is missing"),
        ([first, second, second], "shard 3/3 is missing"),
        ([first, make("whole")], "run whole: not a shard"),
        ([first, make("other", "2/2")], "is shard 2/2, but the others have another N"),
        ([first, make("seeded", "2/3", seed=7)], "run seeded: has other settings"),
    ):
        with pytest.raises(UsageError, match=why):
            merge_shards(runs, target)
    assert not target.exists()


def test_shards_of_two_models_of_servers_are_refused(make: Callable[..., RunFolder]) -> None:
    shards = [make(f"s{n}", f"{n}/2") for n in (1, 2)]
    for run, name in zip(shards, ("one", "two"), strict=True):
        said = json.loads(run.manifest_file.read_text())
        said["model"] = {"target": {"name": name, "endpoint": "http://127.0.0.1:1/v1"}}
        run.manifest_file.write_text(json.dumps(said))
    with pytest.raises(UsageError, match="run s2: has other settings, input, model"):
        merge_shards([RunFolder.named("s1"), RunFolder.named("s2")], RunFolder.named("merged"))


def test_what_a_broken_merge_left_is_no_part_of_the_next(
    make: Callable[..., RunFolder], tmp_path: Path
) -> None:
    one = make("one")
    target = RunFolder.named("merged")
    left = target.path / STAGES[0] / "done"
    left.mkdir(parents=True)
    (left / "chunk-000099.jsonl").write_text("{}\n")
    merge_shards([make(f"s{n}", f"{n}/2") for n in (1, 2)], target)
    merge(target)
    assert results(target) == results(one) and verify(target).problems == []


def test_an_unfinished_shard_is_refused(make: Callable[..., RunFolder]) -> None:
    shards = [make(f"s{n}", f"{n}/2") for n in (1, 2)]
    shards[1].dataset_file.unlink()
    with pytest.raises(PoolError, match="run s2: not finished; resume it first"):
        merge_shards(shards, RunFolder.named("merged"))


def test_what_trials_found_is_compared_and_kept(make: Callable[..., RunFolder]) -> None:
    own = {"cluster": "tls://h:1", "workers": 0}
    shards = [make("s1", "1/3", **own), make("s2", "2/3"), make("s3", "3/3")]
    shards[1].trial_file(STAGES[1]).write_text('{"writes": ["question"]}')
    assert other_findings(shards) == []
    shards[2].trial_file(STAGES[1]).write_text('{"writes": []}')
    [told] = other_findings(shards)
    assert "run s3: its trial for 3_data_structurer found something else" in told
    assert "than that of run s2" in told
    target = RunFolder.named("merged")
    merge_shards(shards, target)
    assert json.loads(target.trial_file(STAGES[1]).read_text()) == {"writes": ["question"]}
    config = target.open().config
    assert (config.cluster, config.workers, config.shard) == (None, None, None)
