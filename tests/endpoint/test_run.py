"""Whole runs over an endpoint: the four stages over llama.cpp's server, and an outage."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from examples import make_input
from tests.endpoint.llama_server import llama_server
from tests.endpoint.odd_server import odd_server
from tests.run_tools import Desk, wait_for, write_jsonl
from workers.endpoint.load import KEY


def test_llama_cpp_serves_the_four_stages(tiny_model: Path, tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    write_jsonl(tmp_path / "input.jsonl", list(make_input.records(3, seed=3)))
    with llama_server(tiny_model, tmp_path) as url:
        flags = ["run", "-i", "input.jsonl", "--run", "first", "--endpoint", url]
        done = desk.coordinator(*flags, "--max-tokens", "48", seconds=120)
    assert done.returncode == 0, done.stdout + done.stderr
    verdict = desk.coordinator("verify", "first", "--json")
    assert verdict.returncode == 0, verdict.stdout
    pairs = desk.results("first")["6_security_aligner.jsonl"].splitlines()
    assert pairs and all(json.loads(pair)["response"] for pair in pairs)
    logs = "".join(p.read_text() for p in (tmp_path / "performance_logs").rglob("*.jsonl"))
    assert '"generated_tokens"' in logs


def test_an_outage_pauses_the_run_and_costs_no_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY, "very-secret")
    desk = Desk(tmp_path)
    write_jsonl(tmp_path / "input.jsonl", list(make_input.records(4, seed=3)))
    status = tmp_path / "queues" / "first" / "status.json"
    with odd_server() as server:
        flags = ["run", "-i", "input.jsonl", "--run", "first", "--stages", "data_filter"]
        server.text = "security"
        with desk.started(*flags, "--endpoint", server.url) as process:
            wait_for(lambda: server.asked, 30)
            server.mood = "busy"
            wait_for(lambda: json.loads(status.read_bytes())["state"] == "paused", 30)
            assert "too many requests" in json.loads(status.read_bytes())["message"]
            server.mood = "good"
            assert process.wait(60) == 0
            said = process.stdout.read() if process.stdout else ""
        assert "does not answer: HTTP 429" in said and "the endpoint answers again" in said
        assert server.keys == {"Bearer very-secret"}
    assert desk.results("first")["failed.jsonl"] == b"[]"
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or b"very-secret" not in path.read_bytes(), path
    assert os.environ[KEY] == "very-secret"
