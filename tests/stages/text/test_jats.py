"""Abstracts in the markup of journals are read without it."""

from __future__ import annotations

import pytest

from stages.text.clean import clean_text


@pytest.mark.parametrize("marks", [("<", ">"), ("&lt;", "&gt;")])
@pytest.mark.parametrize("prefix", ["jats", "ns4"])
def test_an_abstract_in_jats_is_text(prefix: str, marks: tuple[str, str]) -> None:
    """Its tags stood in questions and answers: no reader looked for this prefix."""
    abstract = (
        "<X:title>Abstract</X:title><X:sec><X:title>Method</X:title><X:p>We count"
        " <X:italic>2<X:sup>16</X:sup></X:italic> keys.</X:p></X:sec><X:p>"
        '<X:inline-formula><X:alternatives><X:tex-math>$n$</X:tex-math><mml:math id="m">'
        "<mml:mi>n</mml:mi></mml:math></X:alternatives></X:inline-formula> leak.</X:p>"
    )
    text = abstract.replace("X:", f"{prefix}:").replace("<", marks[0]).replace(">", marks[1])
    assert clean_text(text) == "Method:\nWe count 2^16 keys.\nn leak."


@pytest.mark.parametrize(
    "text", ["Use std::vec<ns1::key> and jats: it reads.", "A <b:c> in </x:y>."]
)
def test_a_text_without_its_tags_stays(text: str) -> None:
    assert clean_text(text) == text
