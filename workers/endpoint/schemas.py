"""Answers under a schema, from servers that heed it and from those that don't.

Knows requests, answers and JSON schemas; asks nothing itself.  Invariant: the text of an answer
that it gives is JSON that fits.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import orjson

from stages.base import UnusableAnswer
from stages.completions import CompletionRequest, Message, TextCompletion
from workers.endpoint.plain import without_thoughts
from workers.generation.tokens.schemas import checked

Schema = Mapping[str, Any]
_FENCE = re.compile(r"\A```[\w-]*\s*\n(.*?)\n?\s*```\s*\Z", re.DOTALL)


class UnfitError(UnusableAnswer):
    """An answer that doesn't fit its schema; `done`: the answer."""

    def __init__(self, reason: str, done: TextCompletion) -> None:
        super().__init__(reason)
        self.done = done


def in_words(asked: CompletionRequest) -> CompletionRequest:
    """The request with its schema among its words, for a server that refuses it as a field."""
    words = f"Answer with JSON alone that fits this schema: {json.dumps(asked.schema)}"
    if asked.text is not None:
        return replace(asked, text=f"{asked.text}\n\n{words}\n", schema=None)
    *before, last = asked.messages
    turns = (*before, Message(last.role, f"{last.text}\n\n{words}"))
    return replace(asked, messages=turns, schema=None)


def once_more(asked: CompletionRequest, unfit: UnfitError) -> CompletionRequest | None:
    """The request with the answer that doesn't fit and what is wrong with it; None where that
    would be of no use: the answer was cut off, or there is no conversation to go on with."""
    if asked.text is not None or unfit.done.finish_reason == "length":
        return None
    words = f"That can't be used: {unfit}. Answer again, with JSON alone that fits the schema."
    turns = (Message("assistant", unfit.done.text), Message("user", words))
    return replace(asked, messages=(*asked.messages, *turns))


def fitting(done: TextCompletion, schema: Schema) -> TextCompletion:
    """The answer with nothing around its JSON: no thoughts, no fences; raises UnfitError."""
    for inner in _inner(without_thoughts(done.text).strip()):
        try:
            value = orjson.loads(inner)
        except orjson.JSONDecodeError as error:
            problem = _no_json(done, error)
            continue
        try:
            checked(value, schema)
        except UnusableAnswer as error:
            raise UnfitError(str(error), done) from error
        return replace(done, text=inner)
    raise UnfitError(problem, done)


def _inner(text: str) -> Iterator[str]:
    """What of an answer may be its JSON: all, what a fence holds, the outermost object or list."""
    yield text
    if fenced := _FENCE.match(text):
        yield fenced[1]
    pairs = [(text.find(begin), text.rfind(end)) for begin, end in ("{}", "[]")]
    yield from (text[begin : end + 1] for begin, end in sorted(pairs) if 0 <= begin < end)


def _no_json(done: TextCompletion, error: ValueError) -> str:
    if done.finish_reason == "length":
        return (
            f"the model's answer was cut off at {done.completion_tokens} tokens, before its JSON "
            "was complete; allow more with --max-tokens"
        )
    return f"the model's answer is not valid JSON: {error}"
