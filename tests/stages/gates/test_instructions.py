"""Questions and orders are instructions, in any clause of a first or last sentence; statements are
none."""

from __future__ import annotations

import pytest

from stages.gates.instructions import is_instruction
from stages.recipe.recipe import shipped

WORDING = shipped().bounds.wording


@pytest.mark.parametrize(
    "asked",
    ["What is it?", "By which names is the group X known?", "On which platforms does X run?",
     "Explain X.", "Explain X", "Please describe X.", 'Summarize the report "Y".',
     "In short, what is X?", "X: what is it?", "How does X work", "Can you tell me about X",
     "Create a summary of X.", "Help me understand X.", "Walk me through X.", "Show how X works.",
     "Determine what X does.", "Tell me about X", "In one sentence, describe X.",
     "As an analyst, explain X.", "For CVE-2099-1, describe the impact.", "Summarize X!",
     "Considering the advisory about Foo published in 2030, what is affected?",
     "Given the log below, which technique is it?\n\nfoo.exe started",
     "foo.exe started\n\nWhich technique is it?", "You are an analyst. Explain X.",
     'What does the report "X" by Prof. em. L. Foo say?',
     "Read the text and answer.", "Compare A and B; which is worse?", "¿Qué es X?",
     "何ですか？", "请描述 X。"],
)  # fmt: skip
def test_questions_and_orders(asked: str) -> None:
    assert is_instruction(asked, WORDING)


@pytest.mark.parametrize(
    "asked",
    ["X is a flaw.", "The flaw in X?", "X", "", "Flaws in X are described.", "?", "Explain",
     "This question asks for the flaw in X.", "When it runs, the worm spreads.",
     "The worm, which spreads over SMB, encrypts files.", "How the worm spreads."],
)  # fmt: skip
def test_statements_are_none(asked: str) -> None:
    assert not is_instruction(asked, WORDING)
