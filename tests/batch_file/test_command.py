"""A batch file by real coordinators and workers with a model: whole, killed on the way, and
refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.batch_file.batches import Batches, requests
from tests.batch_file.storm import storm
from tests.endpoint.odd_server import odd_server
from tests.run_tools import worker_pids

COUNT = 24


@pytest.fixture(scope="module")
def batches(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Batches:
    """One undisturbed run of some requests."""
    batches = Batches(tmp_path_factory.mktemp("batches"), tiny_model)
    batches.write(requests(COUNT))
    status, said = batches.answer("calm")
    assert status == 0, said
    return batches


def test_what_many_begin_with_is_read_once(batches: Batches) -> None:
    used = [line["response"]["body"]["usage"] for line in batches.output("calm")]
    read = [use["prompt_tokens"] - use["prompt_tokens_details"]["cached_tokens"] for use in used]
    assert sum(read) < 0.4 * sum(use["prompt_tokens"] for use in used)


def test_every_request_is_answered_once_whoever_is_killed(batches: Batches) -> None:
    storm(batches, "killed", kills=1, seed=1)
    assert not worker_pids("killed")
    found = [line["custom_id"] for line in batches.output("killed")]
    assert found == [f"r{n}" for n in range(COUNT)]
    assert batches.texts("killed") == batches.texts("calm")


def test_bad_requests_are_errors_in_their_place(
    batches: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a byte order mark nor what a run's records are limited to changes that."""
    monkeypatch.setenv("CYBERLLM_LIMIT", "1")
    monkeypatch.setenv("CYBERLLM_SHARD", "1/2")
    good, other = requests(2)
    shape = {
        "type": "json_schema",
        "json_schema": {"schema": {"pattern": "(?=x)", "type": "string"}},
    }
    bad = [
        "nonsense\n",
        {**other, "custom_id": "r0"},
        {**other, "custom_id": "url", "url": "/v1/images"},
        {**other, "custom_id": "shape", "body": {**other["body"], "response_format": shape}},
        {**other, "custom_id": "long", "body": {**other["body"], "max_tokens": 10**6}},
        {**other, "custom_id": "vector", "url": "/v1/embeddings", "body": {"input": "x"}},
    ]
    batches.write(["\ufeff" + json.dumps(good) + "\n", *bad, other])
    status, said = batches.answer("bad")
    batches.write(requests(COUNT))
    assert status == 3 and "answers: bad.jsonl (2 of 8 requests)" in said
    found = batches.output("bad")
    codes = [line["error"] and line["error"]["code"] for line in found]
    asked = "invalid_request"
    wrong = ["invalid_json_line", "duplicate_custom_id", "invalid_url", asked, asked]
    wrong.append("unsupported")
    assert codes == [None, *wrong, None]
    assert "window of 2048 tokens" in found[5]["error"]["message"]
    assert "not made for embeddings" in found[6]["error"]["message"]


def test_a_server_answers_a_batch_file_as_well(batches: Batches) -> None:
    with odd_server() as server:
        batches.write(requests(5))
        status, said = batches.answer("remote", "--endpoint", server.url, "--model", "odd")
        batches.write(requests(COUNT))
    assert status == 0, said
    assert batches.texts("remote") == ["yes"] * 5
    assert {body["max_tokens"] for body in server.asked} == {24}


@pytest.mark.parametrize(
    ("flags", "said", "status"),
    [
        (["--batch-size", "8"], "run calm was created with --batch-size 4", 2),
        (["-o", "."], "-o .: is a folder", 2),
        (["-o", "in.jsonl"], "-o in.jsonl: is an input file", 2),
        (["-o", "no/where.jsonl"], "there is no folder", 2),
    ],
)
def test_what_can_not_be_is_refused_in_a_line(
    batches: Batches, flags: list[str], said: str, status: int
) -> None:
    found, text = batches.answer("calm", *flags)
    assert found == status and said in text and text.count("\n") == 1


def test_other_requests_under_a_runs_name_are_refused(batches: Batches) -> None:
    batches.write(requests(3))
    found, text = batches.answer("calm")
    batches.write([])
    assert found == 1 and "was created from other input" in text
    found, text = batches.answer("none")
    batches.write(requests(COUNT))
    assert found == 1 and "holds no requests" in text
