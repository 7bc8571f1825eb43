"""What a request is answered with: the body of a response, as OpenAI's API has it.

Knows that format and typed answers; asks nothing.  Invariant: a body holds an answer for each
choice, in their order, and counts the prompt once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from stages.completions import PlaceLogprobs, TextCompletion, TokenLogprob
from stages.requests.parse import CHAT, BatchRequest

Body = dict[str, Any]


def body_of(
    asked: BatchRequest, answers: Sequence[TextCompletion], model: str, number: int
) -> Body:
    """The body of a response; `number` is that of the request's line."""
    kind, prefix, choice = _KINDS[asked.url == CHAT]
    return {
        "id": f"{prefix}-{number}",
        "object": kind,
        "created": int(time.time()),
        "model": model,
        "choices": [
            {"index": index, "finish_reason": answer.finish_reason, **choice(answer)}
            for index, answer in enumerate(answers)
        ],
        "usage": _usage(answers),
    }


def _usage(answers: Sequence[TextCompletion]) -> Body:
    prompt = answers[0].prompt_tokens
    written = sum(answer.completion_tokens for answer in answers)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": written,
        "total_tokens": prompt + written,
        "prompt_tokens_details": {"cached_tokens": answers[0].cached_tokens},
    }


def _chat_choice(answer: TextCompletion) -> Body:
    message = {"role": "assistant", "content": answer.text, "refusal": None}
    places = answer.logprobs
    content = None if places is None else {"content": [_chat_place(p) for p in places]}
    return {"message": message, "logprobs": content}


def _chat_place(place: PlaceLogprobs) -> Body:
    return {**_token(place.taken), "top_logprobs": [_token(one) for one in place.top]}


def _token(one: TokenLogprob) -> Body:
    whole = "\N{REPLACEMENT CHARACTER}" not in one.token  # else a part of a character
    known = list(one.token.encode()) if whole else None
    return {"token": one.token, "logprob": one.logprob, "bytes": known}


def _text_choice(answer: TextCompletion) -> Body:
    return {
        "text": answer.text,
        "logprobs": None if answer.logprobs is None else _text_logprobs(answer.logprobs),
    }


def _text_logprobs(places: Sequence[PlaceLogprobs]) -> Body:
    taken = [place.taken for place in places]
    ends = [0]
    for one in taken:
        ends.append(ends[-1] + len(one.token))
    return {
        "tokens": [one.token for one in taken],
        "token_logprobs": [one.logprob for one in taken],
        "top_logprobs": [{one.token: one.logprob for one in place.top} for place in places],
        "text_offset": ends[:-1],
    }


_Choice = Callable[[TextCompletion], Body]
_KINDS: Mapping[bool, tuple[str, str, _Choice]] = {
    True: ("chat.completion", "chatcmpl", _chat_choice),
    False: ("text_completion", "cmpl", _text_choice),
}
