"""A model's wording: taken where it passes the gates, keeps everything and has fewer faults."""

from __future__ import annotations

import json
import re

import pytest

from stages.base import Record
from stages.gates.gates import GATES
from stages.gates.instructions import is_instruction
from stages.gates.quality import digest_of
from stages.recipe.recipe import shipped
from stages.security_aligner.rewording import (
    ENHANCEMENT,
    LONGEST_INSTRUCTION,
    LONGEST_RESPONSE,
    faults,
    reworded,
)

NAME = "CVE-2099-0001"
ASKED = f"What is {NAME}?"
DUMP = "Severity: critical. Affected: Foomail before 2.0.8 and its parser of names."
SOURCE = f"{DUMP} A flaw."
PAIR: Record = {"instruction": ASKED, "response": DUMP}
BETTER = "The severity is critical, and Foomail before 2.0.8 and its parser of names are affected."


def given(response: str, instruction: str = ASKED, pair: Record = PAIR) -> Record:
    answer = {"instruction": instruction, "response": response}
    return reworded(pair, answer, NAME, SOURCE, shipped())


def test_a_dump_of_fields_becomes_a_sentence() -> None:
    assert faults(DUMP) == ["dump"] and faults(BETTER) == []
    assert given(BETTER) == PAIR | {"response": BETTER}


@pytest.mark.parametrize(
    "worse",
    ["", "The severity is critical.",  # a fact lost
     "The severity is critical, and Foomail before 2.0.9 and its parser of names are affected.",
     "The severity is not critical, and Foomail before 2.0.8 and its parser of names are affected.",
     "Severity: critical, and Foomail before 2.0.8. Affected: its parser of names and more.",
     "The severity is critical on Windows, Linux and phones, and Foomail before 2.0.8 and its"
     " parser of names are affected worldwide by criminals."],
)  # fmt: skip
def test_a_wording_that_mends_nothing_or_costs_something_is_not_taken(worse: str) -> None:
    assert given(worse) == PAIR


def test_what_a_model_worded_is_measured_anew_and_said_to_be_its_own() -> None:
    quality = {"written_by": "record", "verbatim": 1.0, "spans": [[0, 30]], "note": 1}
    measured = PAIR | {"source_data": {"text": SOURCE}, "quality": quality}
    changed = given(BETTER, pair=measured)["quality"]
    assert (changed["written_by"], changed["note"], changed["checks"]) == ("model", 1, [*GATES])
    assert changed["digest"] == digest_of(ASKED, BETTER, SOURCE) and changed["verbatim"] < 1
    assert all(SOURCE[start:end] in BETTER for start, end in changed["spans"])
    assert given("", pair=measured) == measured


def test_what_has_no_fault_is_not_reworded() -> None:
    good = PAIR | {"response": BETTER}
    other = "Foomail before 2.0.8 and its parser of names are affected; the severity is critical."
    assert given(other, pair=good) == good


@pytest.mark.parametrize("asked", [f"{NAME} is a flaw.", f"So what is {NAME}?", "What is it?"])
def test_an_instruction_that_asks_is_never_touched(asked: str) -> None:
    assert given("", asked) == PAIR


def test_a_broken_instruction_may_become_a_question_and_nothing_else() -> None:
    broken = PAIR | {"instruction": f"The flaw {NAME} in Foomail"}
    mended = given("", f"What is the flaw {NAME} in Foomail?", broken)
    assert is_instruction(mended["instruction"], shipped().bounds.wording)
    for other in (f"The flaw {NAME} in Foomail.", "What is the flaw in Foomail?", ""):
        assert given("", other, broken) == broken


@pytest.mark.parametrize(
    ("text", "found"),
    [("It was so before.", ["points back"]), ("a flaw.", ["lower case"]),
     ("A " + "very " * 50 + "long one.", ["long"]), ("A flaw in Foo.", [])],
)  # fmt: skip
def test_faults_by_name(text: str, found: list[str]) -> None:
    assert faults(text) == found


def test_the_schema_bounds_its_strings() -> None:
    patterns = {name: part["pattern"] for name, part in ENHANCEMENT["properties"].items()}
    assert set(ENHANCEMENT["required"]) == set(patterns) == {"instruction", "response"}
    longest = {"instruction": LONGEST_INSTRUCTION, "response": LONGEST_RESPONSE}
    for name, pattern in patterns.items():
        assert re.fullmatch(pattern, "W" + "x" * (longest[name] - 1))
        assert not re.fullmatch(pattern, "W" + "x" * longest[name])
    for shot in shipped().prompts.rewording.shots:
        answer = json.loads(shot.answer)
        assert all(re.fullmatch(patterns[name], answer[name]) for name in patterns)
