"""What a server refuses by name is worded otherwise, and nothing else is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.endpoint.odd_server import OddServer
from workers.endpoint.adaptive_client import AdaptiveClient
from workers.endpoint.client import Client
from workers.endpoint.errors import Refused
from workers.endpoint.wire import CHAT

BODY = {"messages": [], "max_tokens": 5, "temperature": 0.0, "seed": 3}


def posted(server: OddServer, count: int = 1) -> str:
    """Post the body so many times at once; the note that is left."""

    async def go() -> str:
        dialect = AdaptiveClient(Client(server.url))
        try:
            await asyncio.gather(*(dialect.post(CHAT, BODY) for _ in range(count)))
            return dialect.note
        finally:
            await dialect.close()

    return asyncio.run(go())


def refusing(field: str, reason: str) -> Callable[[dict[str, Any]], str]:
    return lambda body: reason if field in body else ""


def test_the_newer_name_for_the_longest_answer(server: OddServer) -> None:
    server.picky = refusing(
        "max_tokens",
        "Unsupported parameter: 'max_tokens' is not supported with this model. "
        "Use 'max_completion_tokens' instead.",
    )
    assert posted(server, 4) == ""
    assert server.asked[-1] == {
        "messages": [],
        "temperature": 0.0,
        "seed": 3,
        "max_completion_tokens": 5,
    }


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("temperature", "Unsupported value: 'temperature' does not support 0.0 with this model."),
        ("seed", "[{'loc': ['body', 'seed'], 'msg': 'Extra inputs are not permitted'}]"),
    ],
)
def test_a_field_that_is_not_taken_is_left_out_and_said(
    server: OddServer, field: str, reason: str
) -> None:
    server.picky = refusing(field, reason)
    assert f"does not accept {field}" in posted(server)
    assert server.asked[-1].keys() == BODY.keys() - {field}


@pytest.mark.parametrize("reason", ["the prompt is too long", "no 'messages': unsupported", "seed"])
def test_other_refusals_are_refusals(server: OddServer, reason: str) -> None:
    server.picky = lambda body: reason
    with pytest.raises(Refused):
        posted(server)
    assert len(server.asked) == 1
