"""What stands above the first sentence of a text, and is told with it or not."""

from __future__ import annotations

import pytest

from tests.stages.data_structurer.test_wholes import ROPES, told


@pytest.mark.parametrize(
    "ahead",
    [
        "Dear Dr. Lind-Rao,\n\n", "Hi team! ", "Posted by Ida Kay, head of the pier\n\n",
        "In this issue:\n\n",
    ],
)  # fmt: skip
def test_a_greeting_or_who_wrote_it_goes(ahead: str) -> None:
    assert told(ahead + ROPES) == ROPES


@pytest.mark.parametrize(
    "ahead",
    [
        "Who took all of them? ",
        "Q: who took the ropes of all of the ships of ours??\n\nA (best answer):\n\n",
        "rope -x $PIER -> any (msg; sid:7)\n\n",
    ],
)
def test_what_is_asked_or_shown_stays(ahead: str) -> None:
    assert told(ahead + ROPES) == ahead + ROPES


@pytest.mark.parametrize("ahead", ['You don\'t need "..". ', "Rope transparency. "])
def test_a_first_sentence_of_a_few_words_stays(ahead: str) -> None:
    assert told(ahead + ROPES) == ahead + ROPES
    assert told(f"Thank you all! {ROPES}") == ROPES


def test_a_heading_stays_where_others_do() -> None:
    headed = f"What happened:\n\n{ROPES}\n\nWhat helped:\n\nThe crew bought chains."
    assert told(headed) == headed
    assert told(f"What happened:\n\n{ROPES}") == ROPES
