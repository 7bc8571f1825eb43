"""What stages ask of an endpoint: schemas that are kept to, choices, tokens that are counted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from stages.base import Label, Prompt, Question, RecordError, UnusableAnswer
from stages.completions import CompletionRequest, Message, NoEmbeddingsError
from tests.endpoint.odd_server import OddServer
from tests.engine_tools import metric_lines
from workers.endpoint.client import Client
from workers.endpoint.generator import EndpointModel
from workers.generation.meter import Meter
from workers.performance_logger import PerformanceLogger

LEVEL = {
    "type": "object",
    "properties": {"level": {"enum": ["low", "high"]}},
    "required": ["level"],
    "additionalProperties": False,
}
ASK = Prompt("Be short.", "How bad is this? {text}", max_tokens=9).fill(text="A leak.")
LABELS = (Label("good", "good", ()), Label("bad", "bad", ()))
TOPIC = Question("topic", Prompt("", "{text}"), LABELS)

Ask = Callable[[EndpointModel], Awaitable[Any]]


def run(server: OddServer, ask: Ask, logs: Path | None = None) -> Any:
    async def go() -> Any:
        logger = PerformanceLogger(logs, "test") if logs else None
        defaults = CompletionRequest(temperature=0.0, seed=3)
        client, meter = Client(server.url), Meter(logger, memory=dict)
        try:
            async with EndpointModel(client, "odd", defaults, 4, meter) as model:
                found = await ask(model)
        finally:
            if logger:
                logger.close()
        return found

    return asyncio.run(go())


def test_a_text_and_what_it_took(server: OddServer, tmp_path: Path) -> None:
    assert run(server, lambda m: m.for_stage("s").generate(ASK), tmp_path) == "yes"
    [sent] = server.asked
    assert (sent["max_tokens"], sent["temperature"], sent["seed"]) == (9, 0.0, 3)
    [line] = metric_lines(tmp_path, "batch")
    assert (line["stage"], line["prompt_tokens"], line["generated_tokens"]) == ("s", 7, 2)


def test_a_value_in_fences_is_one(server: OddServer) -> None:
    server.text = '```json\n{"level": "low"}\n```'
    assert run(server, lambda m: m.generate(ASK, LEVEL)) == {"level": "low"}
    assert server.asked[0]["response_format"]["json_schema"]["schema"] == LEVEL


def test_what_does_not_fit_is_asked_for_once_more(server: OddServer) -> None:
    server.text = '{"level": "medium"}'
    with pytest.raises(UnusableAnswer, match="level"):
        run(server, lambda m: m.generate(ASK, LEVEL))
    first, second = server.asked
    assert second["messages"][: len(first["messages"])] == first["messages"]
    assert "medium" in second["messages"][-2]["content"]
    assert "fits the schema" in second["messages"][-1]["content"]


def test_a_request_of_somebodys_own_keeps_to_its_schema(server: OddServer) -> None:
    asked = CompletionRequest((Message("user", "How bad?"),), schema=LEVEL)
    server.text = '```json\n{"level": "low"}\n```'
    done = run(server, lambda m: m.answer(asked))
    assert (done.text, done.finish_reason) == ('{"level": "low"}', "stop")
    server.text = '{"level": "medium"}'
    assert run(server, lambda m: m.answer(asked)).finish_reason == "length"
    assert len(server.asked) == 3, "asked for once more"


def test_a_server_that_knows_no_schemas_is_told_in_words(server: OddServer) -> None:
    server.text, server.poison = '{"level": "low"}', "response_format"
    found = run(server, lambda m: m.generate(ASK, LEVEL))
    assert found == {"level": "low"}
    assert "response_format" not in server.asked[-1]
    assert '"enum"' in server.asked[-1]["messages"][-1]["content"]


def test_one_request_that_is_failed_at_is_put_in_words_alone(server: OddServer) -> None:
    """As llama.cpp falls over some of its own answers under a schema."""
    server.text = '{"level": "low"}'
    server.falls_over = lambda body: "response_format" in body and "unlucky" in str(body)

    async def both(model: EndpointModel) -> None:
        for text in ("unlucky", "lucky you"):
            asked = CompletionRequest((Message("user", text),), schema=LEVEL)
            assert (await model.answer(asked)).text == server.text

    run(server, both)
    asked = [body for body in server.asked if "lucky" in str(body)]
    assert ["response_format" in body for body in asked] == [True, True, False, True]


def test_one_schema_that_is_refused_takes_nothing_from_the_others(server: OddServer) -> None:
    server.text = '{"level": "low"}'
    server.picky = lambda body: (
        "no grammar" if "odd one" in str(body.get("response_format")) else ""
    )
    hard = {**LEVEL, "title": "odd one"}

    async def three(model: EndpointModel) -> None:
        for schema in (LEVEL, hard, hard, LEVEL):
            assert await model.generate(ASK, schema) == {"level": "low"}

    run(server, three)
    asked = [body for body in server.asked if body["max_tokens"] > 1]
    guided = ["response_format" in body for body in asked]
    assert guided == [True, True, False, False, True]


def test_an_answer_that_is_given_up_is_in_the_log(server: OddServer, tmp_path: Path) -> None:
    server.text = "no JSON"
    with pytest.raises(UnusableAnswer):
        run(server, lambda m: m.for_stage("s").generate(ASK, LEVEL), tmp_path)
    [line] = metric_lines(tmp_path, "answer_given_up")
    assert line["stage"] == "s" and "not valid JSON" in line["reason"]


def test_a_text_that_is_too_long_for_the_server_is_judged_by_its_beginning(
    server: OddServer,
) -> None:
    server.logprobs = [(" bad", -0.2), ("good", -2.0)]
    server.picky = lambda body: "too long" if len(str(body["messages"])) > 4000 else ""
    assert run(server, lambda m: m.choose(TOPIC, "0f" * 9000)).label == "bad"
    assert len(server.asked[-1]["messages"][0]["content"]) == 3000
    run(server, lambda m: m.choose(TOPIC, "\u4f60" * 9000))
    assert any(body["messages"][0]["content"] == "\u4f60" * 2000 for body in server.asked)


def test_it_begins_with_twice_the_slots(server: OddServer) -> None:
    async def level(model: EndpointModel) -> int:
        return model.level

    assert run(server, level) == 4
    server.slots = 1
    assert run(server, level) == 2


def test_a_choice_by_probabilities_or_in_words(server: OddServer) -> None:
    server.logprobs = [(" bad", -0.2), ("good", -2.0)]
    found = run(server, lambda m: m.choose(TOPIC, "text"))
    assert found.label == "bad" and len(server.asked) == 1
    server.logprobs, server.text = [], "It is good."
    assert run(server, lambda m: m.choose(TOPIC, "text")).label == "good"


def test_waiting_for_an_answer_is_no_hang(server: OddServer) -> None:
    """A worker whose progress stands still is restarted."""
    server.mood = "silent"

    async def waits(model: EndpointModel) -> set[int]:
        asking = asyncio.create_task(model.generate(ASK))
        seen = set[int]()
        while len(seen) < 3:
            seen.add(model.progress)
            await asyncio.sleep(0.1)
        server.mood = "good"
        server.let_go.set()
        assert await asking == "yes"
        return seen

    assert len(run(server, waits)) == 3


def test_a_vector_of_a_text(server: OddServer) -> None:
    found = run(server, lambda m: m.for_stage("r").embed("a <|im_end|>"))
    assert (found.vector, found.prompt_tokens) == ((0.5, -1.0), 7)
    assert server.asked[0]["model"] == "odd" and "<|im_end|>" not in server.asked[0]["input"]


def test_a_server_that_only_makes_vectors_is_sound(server: OddServer) -> None:
    """A text that it refuses is to blame, though it answers no chat."""
    server.picky = lambda body: "too long" if body.get("input") != "yes" else ""
    server.poison = "messages"

    with pytest.raises(RecordError, match="refuses this request: HTTP 400: too long"):
        run(server, lambda m: m.embed("long"))


def test_a_server_without_vectors_has_none_of_any_text(server: OddServer) -> None:
    server.picky = lambda body: "not supported" if "input" in body else ""
    server.refuses = 501
    with pytest.raises(NoEmbeddingsError, match="HTTP 501: not supported"):
        run(server, lambda m: m.embed("a"))


def test_a_request_of_somebodys_own(server: OddServer) -> None:
    asked = CompletionRequest((Message("user", "Hi"),), temperature=0.7, stop=("x",))
    assert run(server, lambda m: m.for_stage("r").complete(asked)).text == "yes"
    assert (server.asked[0]["temperature"], server.asked[0]["stop"]) == (0.7, ["x"])
