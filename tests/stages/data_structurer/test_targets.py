"""Whom malware is aimed at is told whole, or not at all."""

from __future__ import annotations

import asyncio
from typing import Any

from stages.base import Record
from stages.data_structurer.answers import RECORD, Answer
from stages.data_structurer.reading import read
from stages.data_structurer.targets import with_targets
from stages.recipe.recipe import shipped

MAIN = "Gull has been used since 2098, primarily against ports in the north."
SECTORS = "Some sectors targeted include shipping and fishing."


def malware(text: str) -> Record:
    stated: dict[str, Any] = {"external_id": "S9001", "type": "malware", "name": "Gull"}
    return {**stated, "stix_id": "malware--1", "description": text}


def told(text: str) -> str | None:
    """What is told beside the sentence on the sectors."""
    reading = asyncio.run(read(malware(text), shipped(), None, shipped().questions))
    answer = with_targets(Answer(SECTORS, RECORD), reading)
    return answer.text if answer else None


def test_the_main_target_stands_with_the_sectors() -> None:
    """Who reads of the sectors alone looks for it in every port."""
    code = "Gull targets processes of the bell service."
    assert told(f"{MAIN} {code} {SECTORS}") == f"{MAIN} {SECTORS}"
    assert told(f"{code} {SECTORS}") == SECTORS


def test_targets_told_at_length_are_not_told_in_part() -> None:
    more = " ".join(f"In {year} Gull targeted Lark {year}." for year in range(2090, 2098))
    assert told(f"{SECTORS} {more}") is None
