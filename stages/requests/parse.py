"""From a line of a batch file to what is asked of the model.

Knows OpenAI's batch format, the bodies of chat completions and of completions; embeddings are
`vectors`'.  Invariant: a
field that can't be heeded is refused by name; none is passed over in silence that could change an
answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from stages.completions import CompletionRequest, Message
from stages.requests.fields import Fields
from stages.requests.problems import BadRequest, Code
from stages.requests.schema import schema_of
from stages.requests.vectors import EMBEDDINGS, AskedVectors, read_vectors

CHAT, TEXT = "/v1/chat/completions", "/v1/completions"
MOST_CHOICES = 128
_MOST_STOPS, _MOST_TOP, _LONGEST_STOP = 16, 20, 1000
_ROLES = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant"}

# They say who asks, where from, and how it is to be billed or kept.
_OF_NO_EFFECT = tuple(
    "model user metadata service_tier safety_identifier prompt_cache_key store".split()
)
_ONLY: Mapping[str, tuple[Any, ...]] = {
    "stream": (False,),
    "tools": ([],),
    "tool_choice": ("none", "auto"),
    "parallel_tool_calls": (True, False),
    "functions": ([],),
    "logit_bias": ({},),
    "presence_penalty": (0,),
    "frequency_penalty": (0,),
    "modalities": (["text"],),
    "echo": (False,),
    "best_of": (1,),
    "suffix": ("",),
    # What files for vLLM carry.
    "repetition_penalty": (1,),
    "top_k": (-1, 0),
    "min_p": (0,),
    "min_tokens": (0,),
    "ignore_eos": (False,),
    "skip_special_tokens": (True,),
}
# Of a message that was copied from an answer.
_ONLY_OF_A_MESSAGE: Mapping[str, tuple[Any, ...]] = {
    "annotations": ([],),
    "tool_calls": ([],),
    "refusal": ("",),
}


@dataclass(frozen=True)
class BatchRequest:
    """A request for completions: its id and kind, and what is asked, `choices` times."""

    custom_id: str
    url: str
    completion: CompletionRequest
    choices: int = 1


def parse_request(value: Any) -> BatchRequest | AskedVectors:
    """The request of a line's object; raises BadRequest naming the field at fault."""
    line = Fields(value, "")
    custom_id = line.require("custom_id", str)
    method, url = line.take("method", str) or "POST", line.require("url", str)
    body = Fields(line.require("body", dict), "body")
    line.end()
    if method.upper() != "POST":
        raise line.wrong("method", "must be POST")
    made = _made(custom_id, url, body)
    body.pass_over(_OF_NO_EFFECT)
    body.end()
    return made


def _made(custom_id: str, url: str, body: Fields) -> BatchRequest | AskedVectors:
    if url == EMBEDDINGS:
        return read_vectors(custom_id, body)
    completion, choices = _reader_of(url)(body)
    body.allow_only(_ONLY)
    return BatchRequest(custom_id, url, completion, choices)


def _reader_of(url: str) -> Callable[[Fields], tuple[CompletionRequest, int]]:
    if url == CHAT:
        return _chat
    if url == TEXT:
        return _text
    raise BadRequest(Code.INVALID_URL, f"url: must be {CHAT}, {TEXT} or {EMBEDDINGS}")


def _chat(body: Fields) -> tuple[CompletionRequest, int]:
    messages = tuple(_messages(body))
    asked, choices = _settings(body)
    top = body.within("top_logprobs", int, 0, _MOST_TOP)
    wanted = body.take("logprobs", bool)
    if top and not wanted:
        raise body.wrong("top_logprobs", "needs logprobs: true")
    longest = body.within("max_completion_tokens", int, 1, 2**31)
    return replace(
        asked,
        messages=messages,
        max_tokens=longest or asked.max_tokens,
        top_logprobs=(top or 0) if wanted else None,
        schema=schema_of(body),
    ), choices


def _text(body: Fields) -> tuple[CompletionRequest, int]:
    prompt = body.take_any("prompt")
    if isinstance(prompt, list) and len(prompt) == 1:
        [prompt] = prompt
    if isinstance(prompt, list) and prompt:
        raise body.unsupported("prompt", "must be one text; write a line for each")
    if not isinstance(prompt, str):
        raise body.wrong("prompt", "must be one text")
    asked, choices = _settings(body)
    top = body.within("logprobs", int, 0, _MOST_TOP)
    return replace(asked, text=prompt, top_logprobs=top, schema=schema_of(body)), choices


def _settings(body: Fields) -> tuple[CompletionRequest, int]:
    """What both kinds may set, and how many answers are wanted."""
    seed = body.within("seed", int, -(2**63), 2**64 - 1)
    return CompletionRequest(
        max_tokens=body.within("max_tokens", int, 1, 2**31),
        temperature=body.within("temperature", float, 0, 10),
        top_p=body.within("top_p", float, 0, 1),
        seed=None if seed is None else seed % 2**64,
        stop=_stops(body),
    ), body.within("n", int, 1, MOST_CHOICES) or 1


def _stops(body: Fields) -> tuple[str, ...]:
    stop = body.take_any("stop") or []
    texts = [stop] if isinstance(stop, str) else stop
    good = isinstance(texts, list) and len(texts) <= _MOST_STOPS
    if not good or not all(isinstance(x, str) and 0 < len(x) <= _LONGEST_STOP for x in texts):
        raise body.wrong("stop", f"must be a text or up to {_MOST_STOPS} of them, none empty")
    return tuple(texts)


def _messages(body: Fields) -> list[Message]:
    given = body.require("messages", list)
    if not given:
        raise body.wrong("messages", "must hold a message")
    return [_message(value, body.named(f"messages[{n}]")) for n, value in enumerate(given)]


def _message(value: Any, name: str) -> Message:
    fields = Fields(value, name)
    role, content = fields.require("role", str), fields.take_any("content")
    if role not in _ROLES:
        raise fields.unsupported("role", f"must be one of {', '.join(_ROLES)}")
    fields.pass_over(("name",))  # who of several users speaks
    fields.allow_only(_ONLY_OF_A_MESSAGE)
    fields.end()
    if isinstance(content, list):
        parts = [_part(part, f"{name}.content[{n}]") for n, part in enumerate(content)]
        content = "".join(parts)
    if not isinstance(content, str):
        raise fields.wrong("content", "must be a text, or a list of texts")
    return Message(_ROLES[role], content)


def _part(value: Any, name: str) -> str:
    part = Fields(value, name)
    if part.require("type", str) != "text":
        raise part.unsupported("type", "this engine reads text only")
    text = part.require("text", str)
    part.end()
    return text
