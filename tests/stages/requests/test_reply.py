"""Bodies of responses: an answer for each choice, and the tokens of all."""

from __future__ import annotations

from stages.completions import CompletionRequest, PlaceLogprobs, TextCompletion, TokenLogprob
from stages.requests.parse import CHAT, TEXT, BatchRequest
from stages.requests.reply import body_of

PLACES = tuple(
    PlaceLogprobs(TokenLogprob(token, -0.5), (TokenLogprob(token, -0.5), TokenLogprob("x", -2.0)))
    for token in ("Yes", "\N{REPLACEMENT CHARACTER}")
)
ANSWER = TextCompletion("Yes", "stop", 30, 2, 20, PLACES)


def test_a_chat_answer_with_two_choices() -> None:
    body = body_of(BatchRequest("a", CHAT, CompletionRequest(), 2), [ANSWER, ANSWER], "tiny", 7)
    assert (body["id"], body["object"], body["model"]) == ("chatcmpl-7", "chat.completion", "tiny")
    assert [choice["index"] for choice in body["choices"]] == [0, 1]
    first, second = body["choices"][0]["logprobs"]["content"]
    assert (first["token"], first["bytes"], len(first["top_logprobs"])) == ("Yes", [*b"Yes"], 2)
    assert second["bytes"] is None  # a part of a character
    counts = {"prompt_tokens": 30, "completion_tokens": 4, "total_tokens": 34}
    assert body["usage"] == {**counts, "prompt_tokens_details": {"cached_tokens": 20}}


def test_a_text_answer() -> None:
    [choice] = body_of(BatchRequest("a", TEXT, CompletionRequest()), [ANSWER], "tiny", 1)["choices"]
    assert choice["text"] == "Yes" and choice["finish_reason"] == "stop"
    assert choice["logprobs"]["text_offset"] == [0, 3]
    assert choice["logprobs"]["top_logprobs"][0] == {"Yes": -0.5, "x": -2.0}
