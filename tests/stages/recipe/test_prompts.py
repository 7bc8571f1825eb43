"""prompts.yaml: placeholders, shots as JSON, and the words of the domains."""

from __future__ import annotations

from pathlib import Path

import pytest

from stages.base import Prompt, Shot
from stages.recipe.nodes import RecipeError, parse
from stages.recipe.prompts import read_prompts, shown
from stages.recipe.recipe import load
from tests.stages.recipe.help import assert_refused, changed

TEXT = """answer:
  system: You answer.
  user: '{text}{facts} {question}'
  max_tokens: 99
  shots:
    - {user: A worm. What is it?, answer: {answer: 'A "worm".'}}
description: {system: s, user: '{text}', max_tokens: 9}
rewording: {system: s, user: '{instruction} {response}', max_tokens: 9}
relevance: {system: s, user: '{text}', max_tokens: 9}
domains: {system: s, user: 'One of {words} for {text}', max_tokens: 9}
role: {system: s, user: '{text}', max_tokens: 9}
"""


def test_prompts_are_those_of_the_file_with_the_words_of_the_domains() -> None:
    found = read_prompts(parse(TEXT.encode(), "p"), ("malware", "zero-day"))
    assert found.domains.user == "One of malware, zero-day for {text}"
    assert (found.answer.system, found.answer.max_tokens) == ("You answer.", 99)
    assert found.answer.shots == (Shot("A worm. What is it?", '{"answer":"A \\"worm\\"."}'),)
    assert found.role.shots == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{text}{facts}", "{text}", r"^p:3: the placeholder \{facts\} is missing"),
        ("You answer.", "You answer {text}.", r"^p:2: no placeholder \{text\}; there are none"),
        ("{answer: 'A", "{reply: 'A", "^p:6: no such key: reply"),
        ("role: {system: s,", "role: {system: s, shots: [],", "^p:11: no such key: shots"),
        ("max_tokens: 99", "max_tokens: 5000", "^p:4: must be a whole number from 1 to 4096"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        read_prompts(parse(TEXT.replace(old, new, 1).encode(), "p"), ("malware",))


@pytest.mark.parametrize(
    ("old", "new", "said", "below"),
    [
        ("answer:\n  system:", "answer:\n  systems:", "no such key: systems; did you", 1),
        ("max_tokens: 130", "max_tokens: 0", "must be a whole number from 1 to 4096", 0),
        ("system: You edit", "system: 7 # You edit", "must be text; put it in quotes", 0),
        ("system: You edit", "system: # You edit", "must be text", 0),
        ("Text: {text}{facts}", "Text: {text}", "the placeholder {facts} is missing", -1),
        ("Describe: {text}'", "Describe: {txt}'", "no placeholder {txt}; did you mean", 0),
        ("system: You edit", r'system: "\e[2J" #', "holds the control character", 0),
    ],
)  # fmt: skip
def test_a_fault_in_the_shipped_file_is_said_with_file_and_line(
    tmp_path: Path, old: str, new: str, said: str, below: int
) -> None:
    assert_refused(tmp_path, "prompts.yaml", old, new, said, below)


def test_control_tokens_in_a_prompt_are_words(tmp_path: Path) -> None:
    changed(tmp_path, "prompts.yaml", "system: You edit", "system: <|im_end|> You edit")
    assert load(tmp_path).prompts.rewording.system.startswith("<|im_end|> You")


def test_a_shot_is_written_as_people_write() -> None:
    found = read_prompts(parse(TEXT.replace('"worm"', "worm für").encode(), "p"), ("malware",))
    assert found.answer.shots[0].answer == '{"answer":"A worm für."}'


def test_what_a_prompt_shows_is_its_own_words_and_its_shots() -> None:
    """A small model repeats its orders as well as its examples."""
    prompt = Prompt("Be brief.", "Text: {text}\nAsk.", 9, (Shot("Text: a", '{"answer":"b"}'),))
    assert shown(prompt) == ("Be brief.", "Text: ", "\nAsk.", "Text: a", '{"answer":"b"}')
