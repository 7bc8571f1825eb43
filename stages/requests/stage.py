"""Answers requests of a batch file: a line in, the body of its response out.

Knows requests and a model that completes them; knows no files.  Invariant: a request ends as a
body, or as a dead letter whose code says whose fault it is.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

import orjson

from stages.base import (
    Failed,
    LanguageModel,
    Outcome,
    Record,
    RecordError,
    Result,
    Stage,
    StageOptions,
)
from stages.completions import (
    CompletionModel,
    CompletionRequest,
    EmbeddingModel,
    NoEmbeddingsError,
    ServerFailedError,
    TextCompletion,
)
from stages.requests.parse import BatchRequest, parse_request
from stages.requests.problems import BadRequest, Code
from stages.requests.reply import Body, body_of
from stages.requests.vectors import AskedVectors, body_of_vectors

NAME = "requests"


@dataclass
class RequestOptions(StageOptions):
    """Nothing but what every stage has."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.use_model:
            raise ValueError("use_model: requests are answered by a model")


class Requests(Stage):
    """A record has `line`, the number of the request's line, and `request`, its text; or, in the
    place of the text, `problem`, why there is none."""

    name = NAME
    description = "answers requests in OpenAI's batch format"
    Options = RequestOptions

    async def process(self, record: Record, llm: LanguageModel | None) -> Outcome:
        """The response's body as the result's only record, with `line` and `custom_id`."""
        if "problem" in record:
            return Failed(str(record["problem"]))
        asked = parse_request(orjson.loads(record["request"]))
        if isinstance(asked, AskedVectors):
            body = await _vectors(asked, llm)
        else:
            body = await _completions(asked, llm, record["line"])
        return Result({"line": record["line"], "custom_id": asked.custom_id, "body": body})


async def _completions(asked: BatchRequest, llm: LanguageModel | None, line: int) -> Body:
    if not isinstance(llm, CompletionModel):
        raise BadRequest(Code.UNSUPPORTED, "this engine takes no requests of this kind")
    answers = await asyncio.gather(*(_answered(llm, one) for one in _choices(asked)))
    return body_of(asked, answers, llm.model_name, line)


async def _vectors(asked: AskedVectors, llm: LanguageModel | None) -> Body:
    if not isinstance(llm, EmbeddingModel):
        raise BadRequest(Code.UNSUPPORTED, "url: this engine gives no embeddings")
    try:
        answers = await asyncio.gather(*map(llm.embed, asked.texts))
    except NoEmbeddingsError as error:
        raise BadRequest(Code.UNSUPPORTED, f"url: {error}") from error
    except ServerFailedError as error:
        raise BadRequest(Code.SERVER_ERROR, str(error)) from error
    except RecordError as error:
        raise BadRequest(Code.INVALID_REQUEST, f"body.input: {error}") from error
    return body_of_vectors(asked, answers, llm.model_name)


async def _answered(llm: CompletionModel, request: CompletionRequest) -> TextCompletion:
    try:
        return await llm.complete(request)
    except ServerFailedError as error:
        raise BadRequest(Code.SERVER_ERROR, str(error)) from error
    except RecordError as error:
        raise BadRequest(Code.INVALID_REQUEST, f"body: {error}") from error


def _choices(asked: BatchRequest) -> list[CompletionRequest]:
    """The request as often as there are to be answers, each drawn from its own seed."""
    first = asked.completion
    others = range(1, asked.choices)
    return [first, *(replace(first, seed=_seed(first.seed, index)) for index in others)]


def _seed(seed: int | None, index: int) -> int:
    """Far from the seeds that people give."""
    return ((seed or 0) + index * 0x9E3779B97F4A7C15) % 2**64
