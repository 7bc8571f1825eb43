"""domains.yaml: the domains by their words, keywords and examples."""

from __future__ import annotations

import pytest

from stages.base import Prompt
from stages.recipe.domains import STRONG, WEAK, read_domains
from stages.recipe.nodes import RecipeError, parse

TEXT = """shown_above: 0.3
first_above: 0.2
domains:
  malware: {strong: [worm*], weak: [print], examples: [a, b]}
  zero_day: {word: zero-day, strong: [zero day], weak: [new], examples: [c, d]}
kinds:
  vulnerability: {zero_day: strong, malware: weak}
"""


def test_domains_are_those_of_the_file_in_its_order() -> None:
    found = read_domains(parse(TEXT.encode(), "d"))
    assert (found.names, found.words) == (("malware", "zero_day"), ("malware", "zero-day"))
    assert found.keywords["malware"].strong == ("worm*",)
    assert found.kinds == {"vulnerability": {"zero_day": STRONG, "malware": WEAK}}
    question = found.question(Prompt("s", "u", 4))
    assert question.labels == found.labels and not question.exclusive
    assert dict(question.thresholds) == {"shown above": 0.3, "first above": 0.2}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  malware:", "  Mal ware:", "^d:4: 'Mal ware': must be lower-case letters"),
        ("zero_day: strong", "zeroday: strong", "^d:7: no such key: zeroday; did you mean"),
        ("zero_day: strong", "zero_day: sure", "^d:7: no evidence 'sure'"),
        ("  vulnerability:", "  flaw:", "^d:7: no such key: flaw"),
        ("shown_above: 0.3", "shown_above: 3", "^d:1: must be a number from 0 to 1"),
        ("  malware: {strong: [worm*], weak: [print], examples: [a, b]}\n", "", "two domains"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        read_domains(parse(TEXT.replace(old, new, 1).encode(), "d"))
