"""The structurer's options: valid or refused with the option's name."""

from __future__ import annotations

import argparse
from typing import Any

import pytest

from stages.data_structurer.options import WRITERS, StructurerOptions, add_flags


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("answers", "nobody", "answers nobody: must be one of auto, record, model"),
        ("min_grounded", 1.5, "min-grounded 1.5: must be a number from 0 to 1"),
        ("max_echo", -0.1, "max-echo -0.1: must be a number"),
        ("max_similarity", "0.5", "max-similarity 0.5: must be a number"),
        ("min_new_words", 2.5, "min-new-words 2.5: must be a whole number from 0 to 1000"),
        ("min_new_words", True, "min-new-words True: must be a whole number"),
    ],
)
def test_a_value_out_of_range_is_refused_by_name(name: str, value: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        StructurerOptions(**{name: value})


@pytest.mark.parametrize("answers", WRITERS)
def test_who_writes(answers: str) -> None:
    assert StructurerOptions(answers=answers, min_grounded=0, max_echo=1).answers == answers


def test_flags_set_what_was_given_and_nothing_else() -> None:
    parser = argparse.ArgumentParser()
    add_flags(parser)
    assert vars(parser.parse_args([])) == {}
    given = parser.parse_args(["--answers", "record", "--min-new-words", "7", "--max-echo", "0.5"])
    assert vars(given) == {"answers": "record", "min_new_words": 7, "max_echo": 0.5}
