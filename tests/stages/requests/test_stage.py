"""A line in, the body of its response out, whatever model completes it."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest

from stages.base import Failed, RecordError, Result
from stages.completions import (
    CompletionRequest,
    Embedding,
    ServerFailedError,
    TextCompletion,
)
from stages.requests.problems import BadRequest
from stages.requests.stage import RequestOptions, Requests

REQUEST = {
    "custom_id": "a",
    "url": "/v1/chat/completions",
    "body": {"messages": [{"role": "user", "content": "Hello"}], "n": 2, "temperature": 1},
}


class Echo:
    """Completes with the request's seed; has the interface of a stage's model."""

    model_name = "echo"

    async def choose(self, question: Any, text: str) -> Any: ...

    async def generate(self, prompt: Any, schema: Any = None) -> Any: ...

    async def complete(self, request: CompletionRequest) -> TextCompletion:
        if request.schema:
            raise RecordError("schema can't be used")
        return TextCompletion(str(request.seed), "stop", 5, 1)


def processed(record: dict[str, Any], llm: Any = None) -> Any:
    return asyncio.run(Requests().process(record, llm or Echo()))


def line(**changes: Any) -> dict[str, Any]:
    return {"line": 3, "request": orjson.dumps(REQUEST | changes).decode()}


def test_an_answer_for_each_choice_each_with_its_own_seed() -> None:
    outcome = processed(line())
    assert isinstance(outcome, Result)
    [answer] = outcome.records
    assert (answer["line"], answer["custom_id"]) == (3, "a")
    first, second = (choice["message"]["content"] for choice in answer["body"]["choices"])
    assert first == "None" and second != first


def test_a_problem_that_is_known_stays_one() -> None:
    assert processed({"line": 1, "problem": "invalid_json_line: no"}) == Failed(
        "invalid_json_line: no"
    )


def test_what_the_engine_refuses_is_the_requests_fault() -> None:
    form = {"type": "json_object"}
    with pytest.raises(BadRequest, match="invalid_request: body: schema can't be used"):
        processed(line(body={**REQUEST["body"], "response_format": form}))  # type: ignore[dict-item]


def test_what_a_server_failed_at_is_no_fault_of_the_request() -> None:
    class Failing(Echo):
        async def complete(self, request: CompletionRequest) -> TextCompletion:
            raise ServerFailedError("the endpoint failed on this request 5 times")

        async def embed(self, text: str) -> Embedding:
            raise ServerFailedError("the endpoint failed on this request 5 times")

    for changes in ({}, {"url": "/v1/embeddings", "body": {"input": "a"}}):
        with pytest.raises(
            BadRequest, match="server_error: the endpoint failed on this request 5 times"
        ):
            processed(line(**changes), Failing())


def test_another_kind_of_model_is_refused() -> None:
    with pytest.raises(BadRequest, match="takes no requests"):
        processed(line(), object())


def test_without_a_model_there_is_no_such_stage() -> None:
    with pytest.raises(ValueError, match="answered by a model"):
        RequestOptions(use_model=False)
