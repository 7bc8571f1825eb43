"""Which model of an endpoint a run takes, and where the key is from."""

from __future__ import annotations

import asyncio

import pytest

from tests.endpoint.odd_server import OddServer
from workers.core.errors import ModelError
from workers.endpoint.load import KEY, client_of, model_at
from workers.settings.values import build_config


def test_the_first_model_that_it_serves_or_the_one_asked_for(server: OddServer) -> None:
    assert model_at(build_config({"endpoint": server.url})) == "odd"
    assert model_at(build_config({"endpoint": server.url, "model": "odd"})) == "odd"
    with pytest.raises(ModelError, match="--model even: .* serves odd"):
        model_at(build_config({"endpoint": server.url, "model": "even"}))


def test_an_endpoint_that_is_not_there_is_an_error_at_once(server: OddServer) -> None:
    server.mood = "html"
    with pytest.raises(ModelError, match=f"--endpoint {server.url}: answers with HTML"):
        model_at(build_config({"endpoint": server.url}))


def test_a_key_with_a_line_end_is_that_key_and_no_other_is_sent_or_shown(
    server: OddServer,
) -> None:
    async def post(key: str) -> None:
        client = client_of(server.url, environ={KEY: key})
        await client.post("/chat/completions", {"messages": []})
        await client.close()

    asyncio.run(post(" sk-secret\r\n"))
    assert server.keys == {"Bearer sk-secret"}
    for key in ("sk-\u00fcber", "sk-secret\r\nHost: other", "sk secret", "sk-\0"):
        with pytest.raises(ModelError) as found:
            asyncio.run(post(key))
        assert str(found.value) == f"{KEY}: must be one word of printable ASCII"


def test_the_key_is_that_of_the_environment(server: OddServer) -> None:
    async def post(environ: dict[str, str]) -> None:
        client = client_of(server.url, environ=environ)
        await client.post("/chat/completions", {"messages": []})
        await client.close()

    asyncio.run(post({KEY: "secret", "OPENAI_API_KEY": "other"}))
    asyncio.run(post({"OPENAI_API_KEY": "other"}))
    assert server.keys == {"Bearer secret", None}
