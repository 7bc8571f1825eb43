"""When a model is asked at all."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from stages.data_structurer.answers import Answer
from stages.data_structurer.model_answers import may_ask

OWN = Answer("The decoder trusts a length.", "record", "")


def question(by_model: bool, kind: str) -> Any:
    """What is looked at of a question."""
    return SimpleNamespace(by_model=by_model, ways=(SimpleNamespace(kind=kind),))


@pytest.mark.parametrize(
    ("by_model", "kind", "own", "asked"),
    [
        (True, "role", OWN, True),
        (True, "role", None, False),
        (True, "fields", None, False),
        (True, "lead", None, True),
        (True, "clause", None, True),
        (False, "lead", OWN, False),
        (False, "lead", None, False),
    ],
)
def test_a_model_is_asked_what_the_text_or_the_record_answers(
    by_model: bool, kind: str, own: Answer | None, asked: bool
) -> None:
    assert may_ask(question(by_model, kind), own) is asked
