"""The output: a line for each request, in the order of the input, whatever order they ran in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from stages.base import Failed, Result
from workers.batch_file.answers import write_answers
from workers.run.input_files import inspect_file
from workers.run.run_folder import RunFolder
from workers.settings.values import build_config


def answered(line: int) -> Result:
    details = {"prompt_tokens_details": {"cached_tokens": line}}
    body = {"usage": {"prompt_tokens": 10, "completion_tokens": 2, **details}}
    return Result({"line": line, "custom_id": f"id{line}", "body": body})


def sealed_run(root: Path) -> RunFolder:
    """Two chunks with the requests of lines 4, 2 and 1, 3."""
    (root / "input.jsonl").write_text("{}\n")
    config = build_config({"stages": ["requests"], "no_dedup": True})
    run = RunFolder(root / "queues" / "r").create(config, [inspect_file(root / "input.jsonl")])
    [queue] = run.queues
    records: list[list[dict[str, Any]]] = [
        [{"line": 4, "request": '{"custom_id": "id4"}'}, {"line": 2, "request": "{}"}],
        [{"line": 1, "problem": "x", "custom_id": None}, {"line": 3, "request": "{}"}],
    ]
    outcomes = {4: Failed("killed its worker"), 1: Failed("invalid_url: url: must be this")}
    for index, chunk in enumerate(records):
        lines = [{"id": f"0:{2 * index + n}", "record": r} for n, r in enumerate(chunk, 1)]
        queue.publish(f"chunk-{index + 1:06}", lines)
        claimed = queue.claim("w")
        assert claimed is not None
        for line, record in zip(lines, chunk, strict=True):
            claimed.begin([str(line["id"])])
            outcome = outcomes.get(record["line"]) or answered(record["line"])
            claimed.record(str(line["id"]), outcome)
        claimed.seal()
    return run


def test_the_order_is_that_of_the_input(tmp_path: Path) -> None:
    written = write_answers(sealed_run(tmp_path), tmp_path / "out.jsonl")
    lines = [orjson.loads(line) for line in (tmp_path / "out.jsonl").read_bytes().splitlines()]
    assert [line["custom_id"] for line in lines] == [None, "id2", "id3", "id4"]
    assert [line["id"] for line in lines] == [f"batch_req_{n}" for n in (1, 2, 3, 4)]
    wrong, good, _, died = lines
    assert good["error"] is None and good["response"]["status_code"] == 200
    bad = {"code": "invalid_url", "message": "url: must be this", "line": 1}
    assert wrong["response"] is None and wrong["error"] == bad
    assert died["error"]["code"] == "server_error"
    assert (written.answers, written.cached_tokens) == (2, 5)
    assert written.errors == {"invalid_url": 1, "server_error": 1}
