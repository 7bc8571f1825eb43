"""A question's wordings: counted round, with the record's name as it is."""

from __future__ import annotations

from stages.recipe.asks import LEAD, PURPOSE, KindQuestion, Way


def test_wordings_are_counted_round_and_name_the_record() -> None:
    question = KindQuestion(
        "what", ("What is {name}?", "Describe {name}, {x!r}."), (Way(LEAD),), PURPOSE
    )
    asked = [question.worded(number, "{name} {0}") for number in range(3)]
    assert asked == ["What is {name} {0}?", "Describe {name} {0}, {x!r}.", "What is {name} {0}?"]
