"""A batch file by real coordinators and workers with a model: whole, killed on the way, and
refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.run_tools import PROJECT, kill, wait_for, worker_pids

GUIDES = [f"The {name} reads memory outside the buffer. " * 6 for name in ("server", "library")]


def requests(count: int) -> list[dict[str, Any]]:
    """Two long beginnings by turns."""
    return [
        {
            "custom_id": f"r{n}",
            "method": "POST",
            "url": "/v1/chat/completions",
            "body": {
                "messages": [
                    {"role": "system", "content": GUIDES[n % 2]},
                    {"role": "user", "content": f"Question {n}?"},
                ],
                "max_tokens": 24,
            },
        }
        for n in range(count)
    ]


class Batches:
    """A folder to answer batch files in."""

    def __init__(self, root: Path, model: Path) -> None:
        self.root = root
        flags = ["--model", str(model), "--workers", "1", "--chunk-size", "4"]
        self._flags = [*flags, "--batch-size", "4"]

    def write(self, lines: list[Any]) -> None:
        text = "".join(x if isinstance(x, str) else json.dumps(x) + "\n" for x in lines)
        (self.root / "in.jsonl").write_text(text)

    def start(self, run: str, *more: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "workers.batch_file", "in.jsonl", "-o", f"{run}.jsonl"]
        return subprocess.Popen(
            [*command, "--run", run, *self._flags, *more],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def answer(self, run: str, *more: str) -> tuple[int, str]:
        process = self.start(run, *more)
        said, _ = process.communicate(timeout=90)
        return process.returncode, said

    def output(self, run: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.root / f"{run}.jsonl").open()]

    def texts(self, run: str) -> list[str]:
        bodies = [line["response"]["body"] for line in self.output(run)]
        return [body["choices"][0]["message"]["content"] for body in bodies]

    def sealed(self, run: str) -> int:
        return len(list((self.root / "queues" / run / "requests" / "done").glob("*.jsonl")))


@pytest.fixture(scope="module")
def batches(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Batches:
    """One undisturbed run of some requests."""
    batches = Batches(tmp_path_factory.mktemp("batches"), tiny_model)
    batches.write(requests(24))
    status, said = batches.answer("calm")
    assert status == 0, said
    return batches


def test_what_many_begin_with_is_read_once(batches: Batches) -> None:
    used = [line["response"]["body"]["usage"] for line in batches.output("calm")]
    read = [use["prompt_tokens"] - use["prompt_tokens_details"]["cached_tokens"] for use in used]
    assert sum(read) < 0.4 * sum(use["prompt_tokens"] for use in used)


def test_every_request_is_answered_once_whoever_is_killed(batches: Batches) -> None:
    for kills in range(3):
        with batches.start("killed") as process:
            wait_for(lambda: batches.sealed("killed") > kills, seconds=60)  # noqa: B023
            if kills == 1:
                kill(worker_pids("killed")[0])
                wait_for(lambda: batches.sealed("killed") > kills + 1, 60)  # noqa: B023
            process.send_signal(signal.SIGINT if kills == 2 else signal.SIGKILL)
            process.communicate(timeout=30)
        assert not (batches.root / "killed.jsonl").exists()
        wait_for(lambda: not worker_pids("killed"), 10)
    status, said = batches.answer("killed")
    assert status == 0, said
    assert [line["custom_id"] for line in batches.output("killed")] == [f"r{n}" for n in range(24)]
    assert batches.texts("killed") == batches.texts("calm")


def test_bad_requests_are_errors_in_their_place(batches: Batches, tmp_path: Path) -> None:
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
    ]
    batches.write([good, *bad, other])
    status, said = batches.answer("bad")
    batches.write(requests(24))
    assert status == 3 and "answers: bad.jsonl (2 of 7 requests)" in said
    found = batches.output("bad")
    codes = [line["error"] and line["error"]["code"] for line in found]
    asked = "invalid_request"
    wrong = ["invalid_json_line", "duplicate_custom_id", "invalid_url", asked, asked]
    assert codes == [None, *wrong, None]
    assert "window of 2048 tokens" in found[5]["error"]["message"]


@pytest.mark.parametrize(
    ("flags", "said", "status"),
    [
        (["--batch-size", "8"], "run calm was created with --batch-size 4", 2),
        (["-o", "."], "-o .: is a folder", 2),
        (["-o", "in.jsonl"], "-o in.jsonl: is the input file", 2),
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
    batches.write(requests(24))
    assert found == 1 and "holds no requests" in text
