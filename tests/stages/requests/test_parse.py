"""What a request asks for is read whole, or refused by the name of its field."""

from __future__ import annotations

from typing import Any

import pytest

from stages.completions import CompletionRequest, Message
from stages.requests.parse import CHAT, TEXT, BatchRequest, parse_request
from stages.requests.problems import BadRequest

USER = {"role": "user", "content": "What is a patch?"}


def line(url: str = CHAT, custom_id: str = "a", **body: Any) -> dict[str, Any]:
    given = body if url == TEXT else {"messages": [USER], **body}
    return {"custom_id": custom_id, "method": "POST", "url": url, "body": given}


def test_a_chat_request_with_everything() -> None:
    parts = [{"type": "text", "text": "Be "}, {"type": "text", "text": "short."}]
    turns = [{"role": "developer", "content": parts}, USER]
    settings: dict[str, Any] = {
        "temperature": 1,
        "top_p": 0.5,
        "seed": -1,
        "stop": "x",
        "n": 3,
        "user": "me",
    }
    more: dict[str, Any] = {
        "max_completion_tokens": 9,
        "logprobs": True,
        "top_logprobs": 2,
        "stream": False,
    }
    found = parse_request(line(model="any", messages=turns, **settings, **more))
    assert found == BatchRequest(
        "a",
        CHAT,
        CompletionRequest(
            (Message("system", "Be short."), Message("user", "What is a patch?")),
            *(None, 9, 1.0, 0.5, 2**64 - 1, ("x",)),
            top_logprobs=2,
        ),
        choices=3,
    )


def test_values_that_ask_for_nothing_are_taken() -> None:
    """As files for other engines carry them, and messages that were copied from answers."""
    of_vllm: dict[str, Any] = {
        "repetition_penalty": 1.0,
        "top_k": -1,
        "min_p": 0.0,
        "ignore_eos": False,
    }
    nothing = {**of_vllm, "skip_special_tokens": True, "logprobs": False, "top_logprobs": 0}
    answer = {"role": "assistant", "content": "A fix.", "annotations": [], "tool_calls": []}
    turns = [{**USER, "name": "bob"}, {**answer, "refusal": None}, USER]
    found = parse_request(line(messages=turns, top_p=0, **nothing))
    assert isinstance(found, BatchRequest)
    assert found.completion.top_p == 0 and len(found.completion.messages) == 3


def test_several_prompts_are_more_than_it_can_do() -> None:
    for prompt in (["a", "b"], [1, 2], [[1]]):
        with pytest.raises(BadRequest, match="unsupported: body.prompt: must be one text"):
            parse_request(line(TEXT, prompt=prompt))


def test_a_text_to_continue() -> None:
    asked = parse_request(line(TEXT, prompt=["Once"], max_tokens=4, logprobs=0))
    assert isinstance(asked, BatchRequest)
    found = asked.completion
    assert (found.text, found.max_tokens, found.top_logprobs) == ("Once", 4, 0)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (line("/v1/images"), "invalid_url: url: must be"),
        ({**line(), "method": "GET"}, "method: must be POST"),
        ({**line(), "more": 1}, "unsupported: more"),
        ({"custom_id": "a", "url": CHAT}, "body: is missing"),
        (line(messages=[]), "body.messages: must hold a message"),
        (line(messages=[{"role": "tool", "content": "x"}]), r"messages\[0\].role: must be"),
        (line(messages=[{"role": "user"}]), r"body.messages\[0\].content: must be a text"),
        (line(messages=[{**USER, "audio": "x"}]), r"messages\[0\].audio"),
        (
            line(messages=[{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]),
            r"unsupported: body.messages\[0\].content\[0\].type: this engine reads text only",
        ),
        (line(tools=[{"type": "function"}]), "unsupported: body.tools"),
        (line(frequency_penalty=0.5), "unsupported: body.frequency_penalty"),
        (line(made_up=1), "unsupported: body.made_up"),
        (line(max_tokens=0), "body.max_tokens: 0 is not from 1"),
        (line(temperature="hot"), "body.temperature: must be a number"),
        (line(stop=["a", ""]), "body.stop: must be a text"),
        (line(top_logprobs=2), "body.top_logprobs: needs logprobs"),
        (line(TEXT, prompt=[1, 2]), "body.prompt: must be one text"),
        (line(TEXT, prompt="x", logprobs=True), "body.logprobs: must be a whole number"),
    ],
)
def test_what_can_not_be_heeded_is_refused_by_name(value: Any, said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        parse_request(value)
