"""From what is asked to bodies of OpenAI's API, and from bodies to what came back.

Knows that format.  Invariant: an answer that it returns has a text, or it raises Unavailable; and
texts of requests go out with nothing in them that looks like a control token.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from stages.base import Data, FilledPrompt
from stages.completions import (
    CompletionRequest,
    Embedding,
    Message,
    PlaceLogprobs,
    TextCompletion,
    TokenLogprob,
)
from workers.endpoint.errors import Refused, Unavailable
from workers.endpoint.plain import defused, restored

Json = dict[str, Any]
CHAT, TEXT, MODELS = "/chat/completions", "/completions", "/models"
VECTORS = "/embeddings"
# Servers have words of their own for the two ways in which an answer ends.
_NO_END = ("tool_calls", "function_call", "error", "abort", "cancelled")
_CUT = ("length", "max_tokens")


def messages_of(prompt: FilledPrompt) -> tuple[Message, ...]:
    """The conversation that a stage's prompt is."""
    system = (Message("system", prompt.system),) if prompt.system else ()
    shots = (
        turn
        for shot in prompt.shots
        for turn in (Message("user", shot.user), Message("assistant", shot.answer))
    )
    parts = (part.text if isinstance(part, Data) else part for part in prompt.user)
    return (*system, *shots, Message("user", "".join(parts)))


def body_of(asked: CompletionRequest, model: str) -> Json:
    """The body of a request; what it leaves open is left to the server."""
    settings = {
        "max_tokens": asked.max_tokens,
        "temperature": asked.temperature,
        "top_p": asked.top_p,
        "seed": None if asked.seed is None else asked.seed % 2**63,
        "stop": list(asked.stop) or None,
    }
    if asked.text is not None:
        what: Json = {"prompt": defused(asked.text), "logprobs": asked.top_logprobs}
    else:
        what = {"messages": [_message(one) for one in asked.messages]}
        if asked.top_logprobs is not None:
            what |= {"logprobs": True, "top_logprobs": asked.top_logprobs}
    if asked.schema is not None:
        what["response_format"] = _format(asked.schema)
    everything = {"model": model, **what, **settings, "stream": False}
    return {name: value for name, value in everything.items() if value is not None}


def _message(message: Message) -> Json:
    return {"role": message.role, "content": defused(message.text)}


def _format(schema: Mapping[str, Any]) -> Json:
    named = {"name": "answer", "strict": True, "schema": dict(schema)}
    return {"type": "json_schema", "json_schema": named}


def path_of(asked: CompletionRequest) -> str:
    """Where the request goes."""
    return CHAT if asked.text is None else TEXT


def answer_of(body: Json) -> TextCompletion:
    """The first answer of a response.

    Raises Unavailable for a body that holds none, Refused where server or model won't answer.
    """
    try:
        choice = body["choices"][0]
        text = _text_of(choice)
        reason = choice.get("finish_reason")
        if not isinstance(text, str) or not isinstance(reason, str) or reason in _NO_END:
            raise Unavailable("its answer is not complete")
        done = TextCompletion(restored(text), _end(reason), *_usage(body))
        return replace(done, logprobs=_logprobs(choice.get("logprobs")))
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        raise Unavailable("its answer is not a completion as OpenAI's API has them") from error


def vector_body(text: str, model: str) -> Json:
    """The body of a request for the vector of a text."""
    return {"model": model, "input": defused(text)}


def vector_of(body: Json) -> Embedding:
    """The vector of a response; raises Unavailable for a body that holds none."""
    try:
        vector = tuple(map(float, body["data"][0]["embedding"]))
        read, _, _ = _usage(body)
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        raise Unavailable("its answer holds no embedding") from error
    return Embedding(vector, read)


def _text_of(choice: Json) -> Any:
    """The text of an answer; "" where all of its tokens went into thoughts."""
    message = choice.get("message", {})
    if choice.get("finish_reason") == "content_filter" or message.get("refusal"):
        raise Refused("its content filter, or the model itself, refuses to answer")
    text = message["content"] if "message" in choice else choice["text"]
    if isinstance(text, list):  # of parts, the thoughts among them
        text = "".join(part["text"] for part in text if part["type"] == "text")
    return "" if text is None and _end(str(choice.get("finish_reason"))) == "length" else text


def _end(reason: str) -> str:
    """Why an answer ended: "length" where it was cut off, else "stop"."""
    return "length" if any(word in reason.lower() for word in _CUT) else "stop"


def _usage(body: Json) -> tuple[int, int, int]:
    """Tokens read, written, and of those read the ones that were known; 0 where it isn't said."""
    usage = body.get("usage") or {}
    details = usage.get("prompt_tokens_details") or {}
    found = (usage.get("prompt_tokens"), usage.get("completion_tokens"))
    read, written = (int(count or 0) for count in found)
    return read, written, int(details.get("cached_tokens") or 0)


def _logprobs(given: Any) -> tuple[PlaceLogprobs, ...] | None:
    if not given:
        return None
    if "content" in given:
        return tuple(
            PlaceLogprobs(_token(place), tuple(map(_token, place.get("top_logprobs") or ())))
            for place in given["content"] or ()
        )
    tops: Sequence[Mapping[str, float]] = given.get("top_logprobs") or [{}] * len(given["tokens"])
    return tuple(
        PlaceLogprobs(
            TokenLogprob(token, float(logprob)),
            tuple(TokenLogprob(str(t), float(p)) for t, p in (top or {}).items()),
        )
        for token, logprob, top in zip(given["tokens"], given["token_logprobs"], tops, strict=True)
    )


def _token(place: Any) -> TokenLogprob:
    return TokenLogprob(str(place["token"]), float(place["logprob"]))
