"""Each kind of metric line: what it writes it parses, and a wrong type is named."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from workers.core.json_fields import JsonFields
from workers.metrics.batch_figures import BatchFigures
from workers.metrics.metric_kinds import (
    Body,
    Event,
    ModelBatch,
    PhaseTimes,
    SealedChunk,
    StateChange,
    WorkBlock,
    WorkerDeath,
    parse_body,
)

BODIES: list[Body] = [
    ModelBatch("2_data_filter", BatchFigures(1, 10, 5, 0.5, requests=1)),
    SealedChunk("2_data_filter", "chunk-000001", 4, 2, 1, 1, 3.5, 2.5, 1.0, {"bad": 1}, {"off": 1}),
    SealedChunk("2_data_filter", "chunk-000002", 0, 0, 0, 0, 0.0),
    PhaseTimes(5.0, {"wait": 4.0, "other": 1.0}),
    WorkBlock("parse", 3, 0.25, None, {"source": "feed"}),
    WorkBlock("parse", 1, 0.25, "KeyError"),
    WorkerDeath("w1-0badf00d", "SIGKILL", own_doing=True),
    StateChange("paused", "no room left"),
    StateChange("running"),
    Event("alarm", {"attacks": 3, "deep": {"a": [1]}}),
]


@pytest.mark.parametrize("body", BODIES)
def test_a_body_comes_back_as_it_was(body: Body) -> None:
    fields = orjson.loads(orjson.dumps(body.to_fields()))
    assert parse_body(body.kind, JsonFields(fields, "w1.jsonl line 1")) == body


def test_a_chunk_of_an_older_log_was_busy_all_the_time() -> None:
    old = {"stage": "s", "chunk": "c", "records": 8, "seconds": 4.0}
    body = parse_body("chunk", JsonFields(old, "w1.jsonl line 1"))
    assert isinstance(body, SealedChunk) and body.busy_seconds == 4.0


@pytest.mark.parametrize(
    ("kind", "fields", "problem"),
    [
        ("batch", {}, "no 'stage'"),
        ("chunk", {"stage": "s", "errors": {"x": "1"}}, "'errors' is not a whole number"),
        ("time", {"phases": 7}, "'phases' is not an object"),
        ("work", {"stage": "s", "items": "3"}, "'items' is not a number"),
        ("death", {"of": "w1"}, "no 'cause'"),
        ("state", {"state": None}, "'state' is not text"),
    ],
)
def test_a_wrong_type_is_named(kind: str, fields: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=f"^w1.jsonl line 1: {problem}"):
        parse_body(kind, JsonFields(fields, "w1.jsonl line 1"))
