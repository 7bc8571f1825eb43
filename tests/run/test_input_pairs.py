"""An input without pairs is refused where a stage takes nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from stages.base import Record
from tests.run_tools import write_jsonl
from workers.core.errors import UsageError
from workers.run.input_files import inspect_inputs
from workers.run.input_pairs import LOOKED_AT, refuse_input_without_pairs
from workers.settings.values import build_config

RAW: Record = {"id": 1, "text": "A buffer overflow."}
PAIR: Record = {"instruction": "What is it?", "response": "A flaw."}
OWN = "examples.own_stage:PersonalData"


def refuse(folder: Path, stages: str, *records: Record) -> None:
    source = write_jsonl(folder / "in.jsonl", list(records))
    config = build_config({"stages": stages.split(",")})
    refuse_input_without_pairs(config, inspect_inputs([source]))


@pytest.mark.parametrize(
    "stages",
    ["security_aligner", "data_filter,security_aligner", "domain_classifier,5_manual_reviewer"],
)
def test_raw_records_are_refused(tmp_path: Path, stages: str) -> None:
    with pytest.raises(UsageError, match="takes pairs .* the first 3 records of the input are not"):
        refuse(tmp_path, stages, RAW, RAW, {**PAIR, "response": " "})
    with pytest.raises(UsageError, match="the first record of the input"):
        refuse(tmp_path, stages, RAW)
    with pytest.raises(UsageError, match=f"first {LOOKED_AT} records"):
        refuse(tmp_path, stages, *[RAW] * LOOKED_AT, PAIR)


def test_pairs_are_taken_and_so_is_what_becomes_pairs(tmp_path: Path) -> None:
    refuse(tmp_path, "data_filter,security_aligner", RAW, PAIR)
    refuse(tmp_path, "security_aligner", *[RAW] * (LOOKED_AT - 1), PAIR)
    for stages in ("data_structurer,security_aligner", "data_filter,domain_classifier"):
        refuse(tmp_path, stages, RAW)


def test_a_stage_of_a_users_own_may_make_pairs(tmp_path: Path) -> None:
    refuse(tmp_path, f"data_filter,{OWN},security_aligner", RAW)
