"""Options from a person's words."""

from __future__ import annotations

from typing import Any

import pytest

from stages.final_assembler.options import AssemblyOptions, parse_options


def test_without_words_the_defaults() -> None:
    assert parse_options() == AssemblyOptions()
    assert parse_options().threshold == 0.85


def test_words_take_their_place() -> None:
    options = parse_options(
        export=["alpaca"], split="80/10/10", cap=["kind=5"], no_dedup=True, ngram=8, system=" Hi. "
    )
    assert [export.name for export in options.exports] == ["alpaca"]
    assert options.shares.shown == "80/10/10"
    assert (options.threshold, options.run, options.system) == (None, 8, "Hi.")
    assert [cap.shown for cap in options.caps] == ["kind=5"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"export": ["xml"]}, "--export xml: no such export"),
        ({"split": "90/20"}, "--split 90/20: must be percentages"),
        ({"cap": ["kind"]}, "--cap kind: must be"),
        ({"dedup_threshold": 0.2}, "--dedup-threshold 0.2: must be from 0.5 to 1"),
        ({"dedup_threshold": float("nan")}, "--dedup-threshold nan"),
        ({"ngram": 1}, "--ngram 1: must be from 2"),
        ({"system": " "}, "--system: must not be empty"),
        ({"title": ""}, "--title: must not be empty"),
    ],
)
def test_wrong_ones_are_named(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError) as error:
        parse_options(**wrong)
    assert str(error.value).startswith(message)
