"""A question's wordings: counted round, with the record's name as it is."""

from __future__ import annotations

import pytest

from stages.recipe.asks import LEAD, PURPOSE, KindQuestion, Way


def test_wordings_are_counted_round_and_name_the_record() -> None:
    question = KindQuestion(
        "what", ("What is {name}?", "Describe {name}, {x!r}."), (Way(LEAD),), PURPOSE
    )
    asked = [question.worded(number, "{name} {0}") for number in range(3)]
    assert asked == ["What is {name} {0}?", "Describe {name} {0}, {x!r}.", "What is {name} {0}?"]


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("the minutes of the pier", "What do the minutes of the pier say?"),
        ('the release notes "Foo 2"', 'What do the release notes "Foo 2" say?'),
        ("the report on minutes", "What does the report on minutes say?"),
    ],
)
def test_documents_of_a_plural_name_are_asked_for_in_the_plural(name: str, asked: str) -> None:
    question = KindQuestion("what", ("What does {name} say?",), (Way(LEAD),), PURPOSE)
    assert question.worded(0, name) == asked
    assert question.name_in(asked) == name
