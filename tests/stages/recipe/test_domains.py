"""domains.yaml: the domains by their words, keywords and examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from stages.base import Prompt
from stages.recipe.domains import STRONG, WEAK, read_domains
from stages.recipe.files import SHIPPED
from stages.recipe.nodes import RecipeError, parse
from stages.recipe.recipe import load
from tests.stages.recipe.help import assert_refused

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
        ("zero_day: strong", "zero_day: certain", "^d:7: no evidence 'certain'"),
        ("  vulnerability:", "  flaw:", "^d:7: no such key: flaw"),
        ("shown_above: 0.3", "shown_above: 3", "^d:1: must be a number from 0 to 1"),
        ("  malware: {strong: [worm*], weak: [print], examples: [a, b]}\n", "", "two domains"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        read_domains(parse(TEXT.replace(old, new, 1).encode(), "d"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    weak:", "    week:", "no such key: week; did you mean weak?"),
        ("vulnerability_management: sure", "vulnerability: sure", "no such key"),
        ("vulnerability_management: sure", "vulnerability_management: certain",
     "no evidence 'certain'"),
        ("  phishing:\n", "  Phi/shing:\n", "'Phi/shing': must be lower-case letters"),
    ],
)  # fmt: skip
def test_a_fault_in_the_shipped_file_is_said_with_file_and_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert_refused(tmp_path, "domains.yaml", old, new, said)


def test_a_label_without_examples_is_named_where_it_stands(tmp_path: Path) -> None:
    text = (SHIPPED / "domains.yaml").read_text()
    start = text.index("    examples:", text.index("  phishing:"))
    end = text.index("  zero_day:")
    (tmp_path / "domains.yaml").write_text(text[:start] + "    examples: []\n" + text[end:])
    line = text.count("\n", 0, start) + 1
    with pytest.raises(RecipeError, match=rf"domains\.yaml:{line}: must have 2 items"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("domains", "said"),
    [("  one: {}\n", "^d:3: must have two domains"),
     ("  one:\n    strong: [a]\n    weak: [b]\n    examples: []\n  two: {}\n",
      "^d:8: strong is missing")],
)  # fmt: skip
def test_domains_that_hold_too_little(domains: str, said: str) -> None:
    text = f"shown_above: 0\nfirst_above: 0\ndomains:\n{domains}"
    with pytest.raises(RecipeError, match=said):
        read_domains(parse(text.encode(), "d"))
