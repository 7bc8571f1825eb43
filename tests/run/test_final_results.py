"""The pairs of runs and files, with their places; and what is refused."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from stages.base import Record
from stages.gating import gate
from stages.recipe.recipe import load
from tests.dataset_help import finished_run, lines, pair, write_lines
from tests.stages.recipe.help import changed
from workers.core.errors import InputError, PoolError, QueueError, UsageError
from workers.queue.envelopes import Envelope
from workers.run.final_results import pair_inputs
from workers.run.input_files import inspect_inputs
from workers.run.manifest import SplitState
from workers.run.run_folder import RunFolder
from workers.settings.values import build_config


@pytest.fixture(autouse=True)
def queues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CYBERLLM_QUEUES", str(tmp_path))
    return tmp_path


def records(name: str, partial: bool = False) -> list[Record]:
    return [given.record for one in pair_inputs([name], partial) for given in one.pairs]


def test_the_pairs_of_a_run_are_those_of_its_dataset_file(queues: Path) -> None:
    """Also without the ones that the last stage's screen left out."""
    pairs = [pair(number) for number in range(5)] + [pair(2)]
    run = finished_run(queues, "first", pairs)
    assert records("first") == lines(run.dataset_file) == pairs[:5]
    assert records(str(run.path)) == pairs[:5]


def test_each_knows_its_run_file_and_record(queues: Path) -> None:
    finished_run(queues, "first", [pair(1), pair(2)])
    (found,) = pair_inputs(["first"], partial=False)
    assert found.facts.name == "first"
    assert found.facts.settings["stages"] == ["6_security_aligner"]
    origins = [given.origin for given in found.pairs]
    assert [(one.id, one.file, one.record) for one in origins] == [
        ("0:1", "first.input.jsonl", 1),
        ("0:2", "first.input.jsonl", 2),
    ]


def test_the_pairs_of_a_run_are_judged_by_its_own_recipe(queues: Path) -> None:
    changed(queues / "own", "wording.yaml", "polite: [", "polite: [opisz, ")
    asked = pair(1, instruction="Opisz describe CVE-2030-10001.")
    finished_run(queues, "first", [asked], recipe=load(queues / "own"))
    write_lines(queues / "pairs.jsonl", [asked])
    for name, why in (("first", ""), ("pairs.jsonl", "not a question")):
        (found,) = pair_inputs([str(queues / name)], partial=False)
        (given,) = found.pairs
        removed = gate(given.record, given.recipe, given.origin.reviewed)
        assert why in str(removed) if why else removed is None


def test_a_file_of_pairs_counts_its_lines(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "own.jsonl", [pair(1), pair(2)])
    (found,) = pair_inputs([str(path)], partial=False)
    assert [given.origin.record for given in found.pairs] == [1, 2]
    assert found.facts.name == "own"


def test_inputs_of_one_name_get_names_of_their_own(tmp_path: Path) -> None:
    paths = [tmp_path / folder / "own.jsonl" for folder in "abc"]
    for path in paths:
        path.parent.mkdir()
        write_lines(path, [pair(1)])
    found = pair_inputs([str(path) for path in paths], partial=False)
    assert [one.facts.name for one in found] == ["own", "own-2", "own-3"]


def test_a_run_that_is_not_finished_is_taken_only_on_demand(queues: Path) -> None:
    finished_run(queues, "half", [pair(1)], merged=False)
    with pytest.raises(UsageError, match="run half: is not finished.*resume half.*--partial"):
        records("half")
    assert records("half", partial=True) == [pair(1)]
    assert not pair_inputs(["half"], partial=True)[0].facts.finished


def test_a_run_that_waits_for_a_person_says_so(queues: Path) -> None:
    source = write_lines(queues / "raw.jsonl", [{"text": "x"}])
    config = build_config({"stages": ["manual_reviewer"], "disable_llm": True})
    state = SplitState(complete=True, records=1, chunks=1)
    run = RunFolder(queues / "waits").create(config, inspect_inputs([source]), split=state)
    run.queues[0].publish("chunk-000001", [Envelope("0:1", pair(1))])
    told = "1 pair waits for review: python -m stages.manual_reviewer waits.*or --partial"
    with pytest.raises(UsageError, match=told):
        records("waits")


def test_why_records_were_removed_before_is_counted(queues: Path) -> None:
    finished_run(queues, "first", [pair(1), pair(1), pair(1)])
    (found,) = pair_inputs(["first"], partial=False)
    assert found.facts.removed == {"6_security_aligner: duplicate": 2}


def test_the_recipe_is_named_where_the_manifest_has_one(queues: Path) -> None:
    run = finished_run(queues, "first", [pair(1)])
    manifest = orjson.loads(run.manifest_file.read_bytes())
    named = manifest | {"recipe": {"sha256": "0123456789abcdef", "files": {}}}
    run.manifest_file.write_bytes(orjson.dumps(named))
    assert pair_inputs(["first"], partial=False)[0].facts.recipe == "sha256 0123456789ab"


def test_what_is_named_wrongly_is_refused(queues: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    own = write_lines(tmp_path / "own.jsonl", [pair(1)])
    for names, problem in (
        (["nowhere"], "run nowhere: not found"),
        (["nowhere.jsonl"], "no such run or file"),
        ([str(tmp_path / "folder")], "not a run's"),
        ([str(own), str(own)], "is named twice"),
    ):
        with pytest.raises(UsageError, match=problem):
            pair_inputs(names, partial=False)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b'{"instruction": ', "not valid JSON"),
        (b"[1]", "not a JSON object"),
        (b'{"a":' + b"[" * 300 + b"]" * 300 + b"}", "nested more than"),
    ],
)
def test_a_damaged_line_is_named(tmp_path: Path, line: bytes, problem: str) -> None:
    path = write_lines(tmp_path / "own.jsonl", [pair(1)])
    path.write_bytes(path.read_bytes() + line)
    with pytest.raises(InputError, match=f"own.jsonl line 2: {problem}"):
        records(str(path))


def test_a_damaged_chunk_is_named_with_its_line(queues: Path) -> None:
    run = finished_run(queues, "first", [pair(1), pair(2)])
    chunk = run.queues[0].folder / "done" / "chunk-000001.jsonl"
    chunk.write_bytes(chunk.read_bytes().replace(b'"id":"0:2"', b'"id":"0;2"'))
    with pytest.raises(QueueError, match="chunk-000001.jsonl line 2"):
        records("first")
    assert issubclass(QueueError, PoolError)
