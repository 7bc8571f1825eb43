"""What the tests of the reviewer share: pairs, a queue of them, and a server that is a process.

Invariant: a server that is started here is ended by the end of its block.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stages.base import Record
from stages.gates.gates import Pair, judge
from stages.gates.measures import SourceText
from stages.recipe.recipe import shipped
from tests.in_process import Ran, run_here
from tests.run_tools import PROJECT, write_jsonl
from workers.cli.review import main
from workers.queue.chunk_queue import ChunkQueue

STAGE = "5_manual_reviewer"
HOSTILE = (
    "</script><script>alert(1)</script> <img src=x onerror=alert(1)> \u202eevil\u202c \x1b[31m\x07"
)


def pair(number: int, **more: Any) -> Record:
    """A pair whose answer is copied from its source, with what the gates measure of it."""
    source = (
        f"Gate {number}\nGate {number} checks no length before it copies a header into a buffer. "
        f"A remote attacker can send a long header to run code as user u{number}. "
        "Update to the fixed version."
    )
    response = f"A remote attacker can send a long header to run code as user u{number}."
    instruction = f"What can an attacker do with Gate {number}?"
    verdict = judge(Pair(instruction, response), SourceText(source), shipped().bounds)
    return {
        "instruction": instruction,
        "response": response,
        "type": "impact",
        "source_data": {
            **{"kind": "vulnerability", "id": f"V-{number}", "name": f"Gate {number}"},
            **{"source": "", "url": "https://example.org", "text": source},
        },
        "quality": {"written_by": "record", **verdict.quality.to_json()},
        "domains": [{"domain": "network_security", "confidence": 0.9}],
        "primary_domain": "network_security",
        **more,
    }


def flagged(number: int) -> Record:
    """A pair that some stage wants a person to see."""
    made = pair(number)
    return made | {"source_data": {**made["source_data"], "review_required": True}}


def hostile_answer(number: int) -> str:
    return f"{HOSTILE} is what a remote attacker sends to run code as user u{number}."


def hostile(number: int) -> Record:
    """A pair that is hostile text throughout, and passes the gates."""
    made = pair(number)
    response = hostile_answer(number)
    source = {
        **made["source_data"],
        "name": HOSTILE,
        "text": f"{HOSTILE * 3}\n{response}",
        "url": "javascript:alert(1)",
    }
    spans = [[0, 30], [20, 10**9], [-1, 5], ["a", 2]]
    return made | {
        **{"instruction": f"What is {HOSTILE}?", "response": response, "primary_domain": HOSTILE},
        **{"source_data": source, "flags": [HOSTILE], "quality": {"spans": spans}},
    }


def review_queue(folder: Path, records: Sequence[Record], per_chunk: int = 4) -> ChunkQueue:
    """A queue of pairs with ids 0:1, 0:2, ..."""
    queue = ChunkQueue(folder / "run" / STAGE)
    queue.create()
    for start in range(0, len(records), per_chunk):
        lines = [
            {"id": f"0:{start + at + 1}", "record": record}
            for at, record in enumerate(records[start : start + per_chunk])
        ]
        queue.publish(f"chunk-{start // per_chunk + 1:06}", lines)
    return queue


@dataclass
class Client:
    """One browser's requests, without a browser."""

    port: int
    token: str

    def send(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, Any], http.client.HTTPResponse]:
        """Status, JSON, and the response with its headers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        given = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body else None
        if data is not None:
            given.setdefault("Content-Type", "application/json")
        connection.request(method, path, data, {k: v for k, v in given.items() if v})
        response = connection.getresponse()
        text = response.read()
        connection.close()
        is_json = response.headers.get_content_type() == "application/json"
        return response.status, json.loads(text) if is_json else {"text": text.decode()}, response

    def get(self, path: str) -> tuple[int, dict[str, Any]]:
        return self.send("GET", f"/api/{path}")[:2]

    def post(self, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
        return self.send("POST", f"/api/{path}", body or {"none": 0})[:2]

    def rows(self, query: str = "sort=order") -> list[dict[str, Any]]:
        return list(self.get(f"list?{query}")[1]["rows"])

    def decide(self, pair_id: str, version: int, action: str, **more: Any) -> int:
        return self.post("decide", id=pair_id, version=version, action=action, **more)[0]


@dataclass
class Reviewer:
    """A running `python -m stages.manual_reviewer`."""

    process: subprocess.Popen[str]
    link: str

    @property
    def client(self) -> Client:
        found = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/#(\S+)", self.link)
        assert found, self.link
        return Client(int(found[1]), found[2])

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal; the exit status, and what it printed since the link."""
        self.process.send_signal(number)
        printed = self.process.communicate(timeout=30)[0]
        return self.process.returncode, printed


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "stages.manual_reviewer", *arguments]


def environment(root: Path) -> dict[str, str]:
    """Queues and logs under a folder, and our modules, wherever the command runs."""
    return {**os.environ, "PYTHONPATH": str(PROJECT), "CYBERLLM_QUEUES": str(root / "queues"),
            "CYBERLLM_LOGS": str(root / "logs")}  # fmt: skip


def reviewer_command(root: Path, *arguments: str) -> Ran:
    """The reviewer, run to its end."""
    queues, logs = str(root / "queues"), str(root / "logs")
    return run_here(main, arguments, root, CYBERLLM_QUEUES=queues, CYBERLLM_LOGS=logs)


@contextmanager
def serving(root: Path, *arguments: str) -> Iterator[Reviewer]:
    """The reviewer's page, served by a process that is killed at the end of the block."""
    process = subprocess.Popen(
        command(*arguments), cwd=root, env=environment(root), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        assert process.stdout
        printed = []
        for line in process.stdout:
            printed.append(line)
            if found := re.search(r"http://\S+", line):
                yield Reviewer(process, found[0])
                break
        else:
            raise AssertionError(f"no link: {printed}")
    finally:
        process.kill()
        process.communicate()


def pairs_file(root: Path, records: Sequence[Record]) -> Path:
    return write_jsonl(root / "pairs.jsonl", list(records))
