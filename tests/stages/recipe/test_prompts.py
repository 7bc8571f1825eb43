"""prompts.yaml: placeholders, shots as JSON, and the words of the domains."""

from __future__ import annotations

import pytest

from stages.base import Shot
from stages.recipe.nodes import RecipeError, parse
from stages.recipe.prompts import read_prompts

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
