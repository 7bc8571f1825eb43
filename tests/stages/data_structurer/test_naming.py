"""What stands for a record gets its name, where it can only be meant."""

from __future__ import annotations

import asyncio

from stages.data_structurer.answers import RECORD, Answer
from stages.data_structurer.naming import is_of_one
from stages.data_structurer.reading import read
from stages.recipe.recipe import shipped
from tests.stages.data_structurer.own_answers_help import answer

CAUSE = "This vulnerability is due to a static password of the lamp, which was left in the tower."


def advisory(*cves: str) -> dict[str, object]:
    text = f"Two flaws in Lark Lamp let strangers in.\n\n{CAUSE}"
    return {"id": "LK-SA-2099-1", "title": "Lark Lamp flaws", "kind": "advisory", "text": text,
            "aliases": [*cves]}  # fmt: skip


def test_the_cause_of_one_of_several_flaws_is_not_told_as_that_of_all() -> None:
    """The other one has another, and stays open."""
    roles = {"Two": "effect", "This": "cause"}
    assert answer(advisory("CVE-2099-1", "CVE-2099-2"), "advisory_cause", roles) is None
    assert answer(advisory("CVE-2099-1"), "advisory_cause", roles) == CAUSE


def test_the_names_of_a_group_are_no_flaws() -> None:
    """The origin of every group with aliases was left out."""
    group = {"name": "Gull", "description": "Gull is a group.", "aliases": ["Gull", "Lark", "Rope"]}
    reading = asyncio.run(read(group, shipped(), None))
    assert not is_of_one(Answer("Gull is a state-sponsored group.", RECORD), reading)
