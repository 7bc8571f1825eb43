"""From the engine's tokens to what was asked for: a text, a value, log probabilities by text.

Knows a tokenizer and the messages of the engine.  Invariant: no text that it gives holds a stop
text, and no value misses its schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from stages.base import UnusableAnswer
from stages.completions import PlaceLogprobs, TextCompletion, TokenLogprob
from workers.generation.requests import Completion, GenerateRequest
from workers.generation.tokens.logprobs import Noted
from workers.generation.tokens.schemas import checked

Schema = Mapping[str, Any]


def value_of(completion: Completion, schema: Schema | None, tokenizer: Any) -> Any:
    """The text, or the value that fits a schema; raises UnusableAnswer where there is none."""
    text = tokenizer.decode(list(completion.tokens))
    if schema is None:
        return text.strip()
    cut_at = len(completion.tokens) if completion.cut else None
    return checked(_parsed(text, cut_at), schema)


def text_of(
    request: GenerateRequest, done: Completion, schema: Schema | None, tokenizer: Any
) -> TextCompletion:
    """The answer to a request that brought its own settings."""
    text = tokenizer.decode(list(done.tokens))
    if request.stops is not None:
        text = request.stops.cut(text)
    reason = done.finish_reason
    if schema is not None and not _fits(text, schema):
        reason = "length"  # it was closed before it had all that the schema asks for
    logprobs = None if done.logprobs is None else tuple(_place(n, tokenizer) for n in done.logprobs)
    counts = (len(request.prompt.tokens), len(done.tokens), done.cached)
    return TextCompletion(text, reason, *counts, logprobs)


def fitting_value(done: TextCompletion, schema: Schema) -> Any:
    """The value that an answer's text holds; raises UnusableAnswer when it doesn't fit."""
    return checked(_parsed(done.text, done.completion_tokens), schema)


def _fits(text: str, schema: Schema) -> bool:
    try:
        checked(_parsed(text, None), schema)
    except UnusableAnswer:
        return False
    return True


def _place(noted: Noted, tokenizer: Any) -> PlaceLogprobs:
    def named(token: int, logprob: float) -> TokenLogprob:
        return TokenLogprob(tokenizer.decode([token]), logprob)

    return PlaceLogprobs(named(noted.token, noted.logprob), tuple(named(*one) for one in noted.top))


def _parsed(text: str, cut_at: int | None) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        if cut_at is not None:
            raise UnusableAnswer(
                f"the model's answer was cut off at {cut_at} tokens, before its JSON was complete; "
                "allow more with --max-tokens"
            ) from error
        raise UnusableAnswer(f"the model's answer is not valid JSON: {error}") from error
