"""A session's summary: frozen, and as its schema has it."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import jsonschema
import orjson
import pytest

from workers.metrics.batch_figures import Drafts
from workers.metrics.session_summary import SessionSummary, StageSummary
from workers.metrics.sums import Sums

SCHEMA_FILE = Path(__file__).parents[2] / "docs" / "session_summary.schema.json"
STAGE = StageSummary(
    Sums(batches=2, rows=10, first_tokens=2, first_token_seconds=0.5),
    largest_batch=8,
    slowest_first_token=0.4,
    drafts={"suffix": Drafts(3, 12, 6), "model": Drafts(1, 4, 3)},
    prompt_lengths={"32": 4},
    answer_lengths={"16": 4},
    errors={"line 7: bad": 1},
    reasons={},
)
SUMMARY = SessionSummary("w1", 1e9, 10.0004, 0.01, 2, 60, 800, {"wait": 5.0}, {"restart": 1},
                         {"2_data_filter": STAGE})  # fmt: skip


def test_its_json_fits_the_schema() -> None:
    values = orjson.loads(orjson.dumps(SUMMARY.to_json()))
    jsonschema.validate(values, orjson.loads(SCHEMA_FILE.read_bytes()))
    assert (values["wall_seconds"], values["logging_share"]) == (10.0, 0.001)
    stage = values["stages"]["2_data_filter"]
    assert (stage["mean_batch"], stage["first_token_mean_s"], stage["tokens_saved"]) == (5, 0.25, 9)
    assert stage["drafts"]["suffix"] == {
        "drafts": 3, "proposed": 12, "accepted": 6, "acceptance": 0.5, "mean_length": 2.0,
    }  # fmt: skip


def test_it_never_changes() -> None:
    with pytest.raises(FrozenInstanceError):
        SUMMARY.worker = "w2"  # type: ignore[misc]
    assert replace(SUMMARY, wall_seconds=0.0).logging_share is None
