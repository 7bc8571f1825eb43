"""What prompts share is found whatever order they come in, and read once."""

from __future__ import annotations

import random
from typing import Any, cast

from workers.generation.beginnings import Beginnings, shared_lengths
from workers.generation.requests import GenerateRequest
from workers.generation.tokens.prompts import EncodedPrompt

SYSTEM = tuple(range(100, 140))
GUIDE, MANUAL = (SYSTEM + tuple(range(base, base + 60)) for base in (200, 300))


def test_one_within_the_other_is_found_in_any_order() -> None:
    prompts = [(*text, n, n) for text in (GUIDE, MANUAL) for n in range(5)]
    prompts += [(*SYSTEM, 7, n) for n in range(3)]
    random.Random(3).shuffle(prompts)
    found = shared_lengths(prompts)
    assert {found[p] for p in prompts if len(p) > 60} == {(40, 100)}
    assert found[(*SYSTEM, 7, 0)] == (40,)


def test_a_few_tokens_alike_by_chance_are_not_kept() -> None:
    assert shared_lengths([(1, 2, 3, 4), (1, 2, 3, 9)]) == {(1, 2, 3, 4): (), (1, 2, 3, 9): ()}


def test_of_the_same_prompt_all_but_one_token_is_shared() -> None:
    assert shared_lengths([SYSTEM, SYSTEM]) == {SYSTEM: (39,)}


def test_a_prompt_alone_shares_nothing() -> None:
    assert shared_lengths([SYSTEM]) == {SYSTEM: ()}


def request(*tokens: int) -> GenerateRequest:
    prompt = EncodedPrompt(tokens, 0, 4)
    nothing = cast(Any, None)
    return GenerateRequest(prompt, 4, "", nothing, nothing, nothing, find_beginning=True)


def test_a_later_request_is_looked_at_where_an_earlier_one_lay_in_memory() -> None:
    """An identity comes again once its object is gone."""
    beginnings, first = Beginnings(), request(*GUIDE, 1)
    beginnings.find([first])
    beginnings.went([first])
    lay = id(first)
    others: list[GenerateRequest] = []
    del first
    while id(later := request(*GUIDE, 2)) != lay and len(others) < 10_000:
        others.append(later)
    beginnings.find([later])
    assert later.prompt.found == (100,)
