"""Of a YARA rule its own description is prose, and the rest is code."""

from __future__ import annotations

import time

import pytest

from stages.text.record_text import read_record
from stages.text.yara import description_of_rule
from tests.stages.data_structurer.test_stage import pairs_of

SAID = "Finds the rope cutter by two of its strings"
RULE = f"""rule Rope_Cutter : tool
{{
    meta:
        description = "{SAID}"
        author = "Ida"
    strings:
        $a = "cut the rope" wide
        $b = {{ 4D 5A 90 }}
    condition:
        uint16(0) == 0x5A4D and all of them
}}
"""


@pytest.mark.parametrize("before", ["", "// Ropes\n", '/* {rule} */\nimport "pe"\n\nprivate '])
def test_a_rule_is_read_as_what_it_says_that_it_is_for(before: str) -> None:
    """Its last lines, "uint16(0) == ...", were told to be what it describes."""
    assert description_of_rule(before + RULE) == f"{SAID}."
    assert read_record({"title": "Ropes", "content": before + RULE}).bodies == (f"{SAID}.",)


@pytest.mark.parametrize(
    "text",
    [f"The rule is this one:\n{RULE}", f"{RULE}\nIt needs YARA 4.", RULE + RULE, f"{SAID}.",
     RULE.replace(SAID, "Ropes"), RULE.replace("description", "reference"),
     "rule of thumb { condition }", ""],
)  # fmt: skip
def test_what_is_more_or_less_than_a_rule_is_a_text(text: str) -> None:
    assert description_of_rule(text) == ""


def test_a_rule_is_told_by_its_description_and_whole() -> None:
    """It had no pair."""
    said = pairs_of({"title": "Rope cutter", "content": RULE})["text_summary"]["response"]
    assert said == f"This rule finds{SAID[5:]}.\n\nRule:\n{RULE.strip()}"


@pytest.mark.timing
@pytest.mark.parametrize("text", ["rule a :", "rule a", "//\n", "/*", "rule a {condition\n", "\n"])
def test_long_texts_take_no_time(text: str) -> None:
    begun = time.monotonic()
    for filler in (" ", "\n", "a ", text):
        description_of_rule(f"{text}{filler * 50_000}condition: x")
        description_of_rule(f"{RULE}{filler * 50_000}}}")
    assert time.monotonic() - begun < 5
