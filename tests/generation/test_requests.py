"""Messages of the engine: what a request may hold, and which choices are made together."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from stages.base import Label, Prompt, Question
from workers.generation.requests import ChooseRequest, Completion, alike

QUESTION = Question("topic", Prompt("", "{text}"), (Label("a", "a", ("x",)),))


def test_a_batch_is_the_oldest_and_those_of_like_length() -> None:
    other = replace(QUESTION, name="other")
    waiting = [
        ChooseRequest(question, str(length), length, "", asyncio.Future(loop=loop))
        for loop in [asyncio.new_event_loop()]
        for question, length in (
            (QUESTION, 50),
            (other, 50),
            (QUESTION, 9),
            (QUESTION, 44),
            (QUESTION, 128),
            (QUESTION, 57),
        )  # fmt: skip
    ]
    assert [request.length for request in alike(waiting, 3)] == [50, 44, 57]
    assert all(request.question is QUESTION for request in alike(waiting, 9))


@pytest.mark.parametrize(("reason", "cut"), [("stop", False), ("length", True)])
def test_an_answer_that_may_not_be_longer_is_cut(reason: str, cut: bool) -> None:
    assert Completion((1, 2), reason).cut is cut
