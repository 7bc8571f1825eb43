"""Requests for embeddings: a vector for each text, or an error that names the field."""

from __future__ import annotations

import array
import asyncio
import base64
from typing import Any

import orjson
import pytest

from stages.base import RecordError, Result
from stages.completions import Embedding, NoEmbeddingsError
from stages.requests.parse import parse_request
from stages.requests.problems import BadRequest
from stages.requests.stage import Requests
from stages.requests.vectors import EMBEDDINGS, AskedVectors


class Lengths:
    """Makes a vector of a text's length; has the interface of a stage's model."""

    model_name = "lengths"

    async def choose(self, question: Any, text: str) -> Any: ...

    async def generate(self, prompt: Any, schema: Any = None) -> Any: ...

    async def embed(self, text: str) -> Embedding:
        if text == "none":
            raise NoEmbeddingsError("model x is not made for embeddings")
        if text == "long":
            raise RecordError("9 tokens don't fit")
        return Embedding((float(len(text)), 0.5), len(text))


def line(body: dict[str, Any]) -> dict[str, Any]:
    request = {"custom_id": "a", "method": "POST", "url": EMBEDDINGS, "body": body}
    return {"line": 3, "request": orjson.dumps(request).decode()}


def answered(body: dict[str, Any], llm: Any = None) -> dict[str, Any]:
    outcome = asyncio.run(Requests().process(line(body), llm or Lengths()))
    assert isinstance(outcome, Result)
    found: dict[str, Any] = outcome.records[0]["body"]
    return found


def test_a_vector_for_each_text_in_their_order() -> None:
    body = answered({"input": ["abc", "d"], "model": "any", "user": "me"})
    assert (body["object"], body["model"]) == ("list", "lengths")
    shown = [(one["object"], one["index"], one["embedding"]) for one in body["data"]]
    assert shown == [("embedding", 0, [3.0, 0.5]), ("embedding", 1, [1.0, 0.5])]
    assert body["usage"] == {"prompt_tokens": 4, "total_tokens": 4}


def test_in_base64_they_are_float32() -> None:
    body = answered({"input": "abc", "encoding_format": "base64"})
    assert list(array.array("f", base64.b64decode(body["data"][0]["embedding"]))) == [3.0, 0.5]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "invalid_request: body.input: must be a text, or a list"),
        ({"input": []}, "invalid_request: body.input: must be a text, or a list"),
        ({"input": ["a", ""]}, "invalid_request: body.input: must be texts, none of them empty"),
        ({"input": [1, 2]}, "unsupported: body.input: must be texts: another tokenizer's"),
        ({"input": [[1, 2]]}, "unsupported: body.input: must be texts: another tokenizer's"),
        ({"input": "a", "encoding_format": "int8"}, "invalid_request: body.encoding_format: must"),
        ({"input": "a", "dimensions": 8}, "unsupported: body.dimensions: this engine can't"),
        ({"input": "none"}, "unsupported: url: model x is not made for embeddings"),
        ({"input": "long"}, "invalid_request: body.input: 9 tokens don't fit"),
    ],
)
def test_what_is_wrong_is_named(body: dict[str, Any], said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        answered(body)


def test_a_model_of_another_kind_is_refused() -> None:
    with pytest.raises(BadRequest, match="unsupported: url: this engine gives no embeddings"):
        answered({"input": "a"}, object())


def test_what_is_asked_for() -> None:
    asked = parse_request(orjson.loads(line({"input": "a"})["request"]))
    assert asked == AskedVectors("a", ("a",))
