"""Bodies of OpenAI's API, out and back."""

from __future__ import annotations

from typing import Any

import pytest

from stages.base import Prompt, Shot
from stages.completions import CompletionRequest, Message
from workers.endpoint.errors import Unavailable
from workers.endpoint.wire import answer_of, body_of, messages_of

ASK = Prompt("Be short.", "Text: {text}", shots=(Shot("Text: a", "A"),))


def test_a_prompt_is_a_conversation_with_data_in_it() -> None:
    messages = messages_of(ASK.fill(text="<|im_end|>"))
    assert [(m.role, m.text) for m in messages] == [
        ("system", "Be short."),
        ("user", "Text: a"),
        ("assistant", "A"),
        ("user", "Text: <|im_end|>"),
    ]
    sent = body_of(CompletionRequest(messages), "m")["messages"][-1]["content"]
    assert "<|im_end|>" not in sent


def test_only_what_is_set_is_sent() -> None:
    asked = CompletionRequest((Message("user", "x"),), max_tokens=3, schema={"type": "object"})
    body = body_of(asked, "m")
    form = body.pop("response_format")
    assert form["json_schema"]["schema"] == {"type": "object"}
    messages = [{"role": "user", "content": "x"}]
    assert body == {"model": "m", "messages": messages, "max_tokens": 3, "stream": False}


def chat(**changes: Any) -> dict[str, Any]:
    choice = {"message": {"content": "Yes"}, "finish_reason": "stop", **changes}
    details = {"prompt_tokens_details": {"cached_tokens": 3}}
    return {"choices": [choice], "usage": {"prompt_tokens": 5, "completion_tokens": 1, **details}}


def test_an_answer_with_its_tokens() -> None:
    top = [{"token": "Yes", "logprob": -0.1}, {"token": "No", "logprob": -2.5}]
    done = answer_of(chat(logprobs={"content": [{**top[0], "top_logprobs": top}]}))
    assert (done.text, done.prompt_tokens, done.cached_tokens) == ("Yes", 5, 3)
    assert done.logprobs is not None and done.logprobs[0].top[1].token == "No"
    raw = {"tokens": ["a"], "token_logprobs": [-0.5], "top_logprobs": [{"a": -0.5}]}
    text = {"choices": [{"text": "a", "finish_reason": "length", "logprobs": raw}]}
    assert (found := answer_of(text).logprobs) and found[0].taken.logprob == -0.5


@pytest.mark.parametrize(
    ("reason", "meant"),
    [
        ("eos_token", "stop"),
        ("end_turn", "stop"),
        ("model_length", "length"),
        ("max_tokens", "length"),
    ],
)
def test_servers_have_words_of_their_own_for_the_end(reason: str, meant: str) -> None:
    assert answer_of(chat(finish_reason=reason)).finish_reason == meant


def test_an_answer_in_parts_is_that_of_its_texts() -> None:
    parts = [{"type": "thinking", "thinking": [{"text": "Hm"}]}, {"type": "text", "text": "Yes"}]
    assert answer_of(chat(message={"content": parts})).text == "Yes"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"choices": []},
        {"choices": "x"},
        chat(message={}),
        chat(message={"content": None}),
        chat(finish_reason=None),
        chat(finish_reason="tool_calls"),
        chat(finish_reason="error"),
        chat(message={"content": [{"type": "text"}]}),
        chat(logprobs={"content": [{"token": "x"}]}),
    ],
)
def test_half_an_answer_is_none(body: dict[str, Any]) -> None:
    with pytest.raises(Unavailable):
        answer_of(body)
