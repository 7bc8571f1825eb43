"""Questions with an accepted answer: asked as they stand, where both can stand alone."""

from __future__ import annotations

import pytest

from stages.base import Record
from tests.stages.data_structurer.test_stage import pairs_of

ASKED = "How can a harbour keep thieves from its ropes by night?"
SAID = "Lock the gate of each pier, and keep two lamps lit. Count the ropes in the morning."
OTHER = "Buy new ropes each week, which was enough for the crew of our ship."


def asked_of(record: Record) -> tuple[str, str]:
    pair = pairs_of(record)["text_summary"]
    return pair["instruction"], pair["response"]


@pytest.mark.parametrize(
    "record",
    [
        {"question": ASKED, "answer": SAID},
        {"title": ASKED, "body": "Thieves stole ropes of ours twice in May.",
         "answers": [{"body": OTHER, "score": 7}, {"body": SAID, "is_accepted": True}]},
        {"title": "Ropes", "question": ASKED, "accepted_answer": {"text": SAID, "by": "Ida"}},
        {"messages": [{"role": "system", "content": "You are a helpful assistant."},
                      {"role": "user", "content": ASKED},
                      {"role": "assistant", "content": SAID}]},
        {"conversations": [{"from": "human", "value": ASKED}, {"from": "gpt", "value": SAID}]},
    ],
)  # fmt: skip
def test_a_question_with_an_accepted_answer_is_asked_itself(record: Record) -> None:
    """It was asked "Give the content of the report on the question ...", and told all answers."""
    assert asked_of(record) == (ASKED, SAID)


@pytest.mark.parametrize(
    "record",
    [
        {"title": ASKED, "answers": [{"by": "Bo", "body": OTHER}, {"by": "Ida", "body": SAID}]},
        {"question": "How can we keep them from our ropes by night?", "answer": SAID},
        {"question": "Ropes?", "answer": SAID},
        {"question": ASKED, "answer": f"As Bo said, it is the gate. {SAID}"},
        {"question": ASKED, "answer": f"Your code is wrong. {SAID}"},
    ],
)
def test_what_cannot_stand_alone_is_told_as_a_thread(record: Record) -> None:
    """An answer that nobody accepted, or to a question on the asker's own affairs, is no fact."""
    asked, _ = asked_of(record)
    assert asked != record.get("question") and asked != record.get("title")
