"""Messages of the engine: what a request may hold, and which choices are made together."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from stages.base import Label, Prompt, Question
from tests.engine_tools import unasked
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


def test_a_bound_that_nobody_asked_for_is_planned_for_step_by_step() -> None:
    request = unasked(prompt=10, most=5000, expected=100)
    planned = [request.planned(written) for written in (0, 99, 100, 399, 400, 4900)]
    assert planned == [110, 110, 210, 410, 810, 5010]
    assert request.given_back(250) is request and request.planned() == 410
    assert request.given_back(3) is request and request.planned() == 410, "it never falls"
    asked = replace(request, expected=None)
    assert asked.planned() == asked.given_back(7).planned() == asked.longest == 5010
