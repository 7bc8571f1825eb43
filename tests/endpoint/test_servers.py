"""Servers as their documentation has them: what each answers, refuses and lists.

The shapes are made by hand.  Invariant: they come through real HTTP.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from stages.base import Label, Prompt, Question, RecordError
from stages.completions import CompletionRequest
from tests.endpoint.odd_server import OddServer
from workers.core.errors import ModelError
from workers.endpoint.client import Client
from workers.endpoint.generator import EndpointModel
from workers.endpoint.load import model_at
from workers.generation.meter import Meter
from workers.settings.values import build_config

LABELS = (Label("good", "good", ()), Label("bad", "bad", ()))
TOPIC = Question("topic", Prompt("", "{text}"), LABELS)
ASK = Prompt("", "How bad is this? {text}", max_tokens=9).fill(text="A leak.")
LEVEL = {
    "type": "object",
    "properties": {"level": {"enum": ["low", "high"]}},
    "required": ["level"],
}


def run(server: OddServer, ask: Callable[[EndpointModel], Awaitable[Any]]) -> Any:
    async def go() -> Any:
        defaults = CompletionRequest(temperature=0.0)
        client, meter = Client(server.url), Meter(None, memory=dict)
        async with EndpointModel(client, "m", defaults, 4, meter) as model:
            return await ask(model)

    return asyncio.run(go())


def answer(server: OddServer, message: dict[str, Any], reason: str, **more: Any) -> None:
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": reason}
    usage = {"prompt_tokens": 4, "completion_tokens": 2, "prompt_tokens_details": None}
    whole: dict[str, Any] = {
        "object": "chat.completion",
        "choices": [{**choice, **more}],
        "usage": usage,
    }
    server.completion = lambda body: whole  # type: ignore[method-assign]


def test_lm_studio_tells_no_probabilities(server: OddServer) -> None:
    answer(server, {"content": '{"answer": "bad"}'}, "stop", logprobs=None)
    found = run(server, lambda m: asyncio.gather(*(m.choose(TOPIC, "x") for _ in range(2))))
    assert {one.label for one in found} == {"bad"}
    kinds = [body["response_format"]["type"] for body in server.asked if "response_format" in body]
    assert kinds == ["json_schema"] * 2


def test_ollama_tells_them_as_openai_does(server: OddServer) -> None:
    top = [{"token": t, "logprob": p, "bytes": [1]} for t, p in ((" bad", -0.1), ("good", -3))]
    answer(
        server,
        {"content": " bad"},
        "length",
        logprobs={"content": [{**top[0], "top_logprobs": top}]},
    )
    assert run(server, lambda m: m.choose(TOPIC, "x")).label == "bad"


def test_an_empty_answer_says_nothing_of_the_server(server: OddServer) -> None:
    async def twice(model: EndpointModel) -> str:
        answer(server, {"content": ""}, "stop", logprobs=None)
        await model.choose(TOPIC, "x")
        assert "logprobs" not in server.asked[-1]
        return (await model.choose(TOPIC, "x")).label

    run(server, twice)
    assert ["top_logprobs" in body for body in server.asked] == [True, False, True, False]


def test_vllm_may_be_set_to_tell_fewer(server: OddServer) -> None:
    server.logprobs = [(" bad", -0.2), ("good", -2.0)]
    server.picky = lambda body: (
        "Requested sample logprobs of 20, which is greater than max allowed: 5"
        if body.get("top_logprobs", 0) > 5
        else ""
    )

    async def twice(model: EndpointModel) -> list[str]:
        return [(await model.choose(TOPIC, "x")).label for _ in range(2)]

    assert run(server, twice) == ["bad", "bad"]
    asked = [body["top_logprobs"] for body in server.asked if "top_logprobs" in body]
    assert asked == [20, 5, 5]


def test_a_server_that_refuses_log_probabilities_is_asked_in_words(server: OddServer) -> None:
    server.text = '{"answer": "bad"}'
    server.picky = lambda body: "logprobs is not supported" if "logprobs" in body else ""

    async def twice(model: EndpointModel) -> list[str]:
        return [(await model.choose(TOPIC, "x")).label for _ in range(2)]

    assert run(server, twice) == ["bad", "bad"]
    assert "logprobs" not in server.asked[-1] and "logprobs" not in server.asked[-2]


def test_a_text_that_is_refused_says_nothing_of_the_server(server: OddServer) -> None:
    server.logprobs = [(" bad", -0.2)]
    server.picky = lambda body: "too long" if "long" in str(body["messages"]) else ""

    async def both(model: EndpointModel) -> str:
        with pytest.raises(RecordError, match="too long"):
            await model.choose(TOPIC, "long")
        return (await model.choose(TOPIC, "x")).label

    assert run(server, both) == "bad"
    assert server.asked[-1]["top_logprobs"] == 20


@pytest.mark.parametrize(
    "message",
    [
        {"content": '<think>It is {bad}.</think>\n{"level": "low"}'},
        {"content": '{"level": "low"}', "reasoning_content": "It is {bad}."},
        {"content": '{"level": "low"}', "reasoning": "It is {bad}."},
    ],
)
def test_thoughts_are_no_part_of_an_answer(server: OddServer, message: dict[str, Any]) -> None:
    answer(server, message, "stop")
    assert run(server, lambda m: m.generate(ASK, LEVEL)) == {"level": "low"}


@pytest.mark.parametrize("text", [None, "", "<think>Let me see: good or"])
def test_a_model_that_only_thinks_names_no_label(server: OddServer, text: str | None) -> None:
    answer(server, {"content": text, "reasoning_content": "Let me see"}, "length")
    with pytest.raises(RecordError, match="if it thinks before it answers, turn that off"):
        run(server, lambda m: m.choose(TOPIC, "x"))


@pytest.mark.parametrize(
    ("message", "reason"),
    [({"content": ""}, "content_filter"), ({"content": None, "refusal": "I can't."}, "stop")],
)
def test_what_a_model_refuses_is_that_records_matter(
    server: OddServer, message: dict[str, Any], reason: str
) -> None:
    plain = server.completion
    refused = {"choices": [{"message": message, "finish_reason": reason}]}
    small = "Say yes."
    server.completion = lambda body: (  # type: ignore[method-assign]
        plain(body) if body["messages"][0]["content"] == small else refused
    )
    with pytest.raises(RecordError, match="refuses to answer"):
        run(server, lambda m: m.generate(ASK))
    assert len(server.asked) == 2


def test_the_models_that_servers_list(server: OddServer) -> None:
    def chosen(*names: str, **settings: Any) -> str:
        server.models = list(names)
        return model_at(build_config({"endpoint": server.url, **settings}))

    assert chosen("text-embedding-nomic-embed-text-v1.5", "qwen3-8b") == "qwen3-8b"
    assert chosen("nomic-embed-text:latest") == "nomic-embed-text:latest"
    assert chosen("b:latest", "llama3.2:latest", model="llama3.2") == "llama3.2:latest"
    assert chosen(model="any") == "any"
    with pytest.raises(ModelError, match="names no model; give --model"):
        chosen()


def test_an_address_without_its_path_is_said(server: OddServer) -> None:
    server.mood = "no_such_path"
    url = server.url.removesuffix("/v1")
    with pytest.raises(ModelError, match="Unexpected endpoint .*; most servers want /v1"):
        model_at(build_config({"endpoint": url}))


def test_a_server_that_lists_no_models_is_asked_for_the_one_given(server: OddServer) -> None:
    server.mood = "refused"
    assert model_at(build_config({"endpoint": server.url, "model": "mine"})) == "mine"
