"""The filter's options: valid or refused with the option's name; flags not given set nothing."""

from __future__ import annotations

import argparse
from typing import Any

import pytest

from stages.data_filter.options import FilterOptions, add_flags


@pytest.mark.parametrize(
    ("languages", "kept", "removed"),
    [
        ("en", ["en", ""], ["de", "fr"]),
        (" EN , de ", ["en", "de", ""], ["fr"]),
        ("all", ["en", "de", "xx", ""], []),
        ("auto", ["en", ""], ["de", "fr"]),
    ],
)
def test_which_languages_stay(languages: str, kept: list[str], removed: list[str]) -> None:
    options = FilterOptions(languages=languages)
    assert all(map(options.keeps, kept)) and not any(map(options.keeps, removed))


def test_auto_is_what_was_decided_else_what_there_are_questions_in() -> None:
    assert FilterOptions().keeps("de", ("en", "de")) and not FilterOptions().keeps("fr", ("en",))
    decided = FilterOptions(decided_languages="en,fr")
    assert decided.keeps("fr", ("en", "de")) and not decided.keeps("de", ("en", "de"))
    assert not FilterOptions(languages="en", decided_languages="en,fr").keeps("fr")
    with pytest.raises(ValueError, match="^decided-languages en,all: must be codes among"):
        FilterOptions(decided_languages="en,all")


@pytest.mark.parametrize("languages", ["", "english", "en;de", "en,xx", "en,", "auto,de", None, 7])
def test_what_is_no_language_is_refused_by_name(languages: Any) -> None:
    with pytest.raises(
        ValueError, match=f"languages {languages}: must be auto, all, or codes among"
    ):
        FilterOptions(languages=languages)


@pytest.mark.parametrize("tokens", [0, 199, True, 500.0, "500"])
def test_parts_that_are_too_small_or_no_number_are_refused_by_name(tokens: Any) -> None:
    with pytest.raises(ValueError, match=f"part-tokens {tokens}: must be 200 or more"):
        FilterOptions(part_tokens=tokens)
    assert FilterOptions(part_tokens=200).part_tokens == 200


def test_flags_set_what_was_given_and_nothing_else() -> None:
    parser = argparse.ArgumentParser()
    add_flags(parser)
    assert vars(parser.parse_args([])) == {}
    given = parser.parse_args(["--languages", "en,es", "--part-tokens", "300"])
    assert vars(given) == {"languages": "en,es", "part_tokens": 300}
