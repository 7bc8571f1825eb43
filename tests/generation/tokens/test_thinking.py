"""Thoughts before an answer: bounded, closed whatever the model does, and no part of the answer."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import mlx.core as mx
import pytest

from stages.base import Prompt, RecordError
from stages.completions import CompletionRequest, Message, TextCompletion
from tests.tiny_model import CHAT_TEMPLATE
from workers.generation.build import build_generator
from workers.generation.model.load import LoadedModel, load
from workers.generation.settings import GenerationSettings
from workers.generation.tokens.thinking import Thoughts, thoughts_of

PROMPT = Prompt("Answer in short.", "What is this?\n\n{text}", max_tokens=24).fill(text="a mail")
SCHEMA = {
    "type": "object",
    "properties": {"level": {"enum": ["low", "high"]}},
    "required": ["level"],
    "additionalProperties": False,
}
THINKS = CHAT_TEMPLATE.replace(
    "message['content'] +",
    "(('<think>\\n' + message['reasoning_content'] + '\\n</think>\\n\\n') "
    "if message['reasoning_content'] else '') + message['content'] +",
)
# Thoughts that end with a control token, as gpt-oss's do.
CONTROL = THINKS.replace("</think>", "<|endoftext|>")


@pytest.fixture(scope="module")
def thinking(tiny_model: Path) -> LoadedModel:
    return load(tiny_model, chat_template=THINKS)


def thoughts(loaded: LoadedModel) -> Thoughts:
    found = thoughts_of(loaded.tokenizer)
    assert found is not None
    return found


def answer(loaded: LoadedModel, schema: Any = None, **settings: Any) -> Any:
    async def go() -> Any:
        async with build_generator(loaded, GenerationSettings(**settings)) as generator:
            return await generator.generate(PROMPT, schema)

    return asyncio.run(go())


def completed(loaded: LoadedModel, asked: CompletionRequest, **settings: Any) -> TextCompletion:
    async def go() -> TextCompletion:
        async with build_generator(loaded, GenerationSettings(**settings)) as generator:
            return await generator.answer(asked)

    return asyncio.run(go())


def test_a_prompt_ends_where_thoughts_begin(thinking: LoadedModel) -> None:
    shown = thinking.tokenizer.decode(list(thoughts(thinking).prompt(PROMPT).tokens))
    assert shown.endswith("a mail<|im_end|>\n<|im_start|>assistant\n<think>\n")


@pytest.mark.parametrize(
    ("template", "thought"),
    [
        (THINKS, "so it is bread"),
        (THINKS, "so it is bread\n</think>"),
        (CONTROL, "so it is bread<|endoftext|>"),
    ],
    ids=["cut", "ended", "ended by a token"],
)
def test_thoughts_are_closed_once(tiny_model: Path, template: str, thought: str) -> None:
    loaded = load(tiny_model, chat_template=template)
    how, tokenizer = thoughts(loaded), loaded.tokenizer
    begun = how.prompt(PROMPT)
    closed = how.closed(begun, tuple(tokenizer.encode(thought, add_special_tokens=False)))
    shown = tokenizer.decode(list(closed.tokens[len(begun.tokens) :]))
    before, ended, after = shown.partition(how.end)
    assert before.strip() == "so it is bread" and ended and after == "\n\n"
    assert closed.shared == begun.shared and closed.max_tokens == 24


def plain(loaded: LoadedModel, tokens: list[int], most: int, stop: str | None) -> list[int]:
    """What the model writes by passes of its own, one after the other."""
    new: list[int] = []
    while len(new) < most and not (stop and stop in loaded.tokenizer.decode(new)):
        last: Any = mx.argmax(loaded.model(mx.array([tokens + new]))[0, -1]).item()
        token = int(last)
        if token in loaded.eos_token_ids:
            break
        new.append(token)
    return new


def test_the_answer_is_that_of_the_model_behind_its_thoughts(thinking: LoadedModel) -> None:
    """What a plain run writes from the same tokens on, with and without batches."""
    how = thoughts(thinking)
    begun = how.prompt(PROMPT)
    thought = plain(thinking, list(begun.tokens), 12, how.end)
    closed = how.closed(begun, tuple(thought))
    wanted = thinking.tokenizer.decode(plain(thinking, list(closed.tokens), 24, None)).strip()
    assert wanted
    for no_batching in (False, True):
        assert answer(thinking, thinking=12, no_batching=no_batching) == wanted
    assert answer(thinking, SCHEMA, thinking=12)["level"] in ("low", "high")


def test_a_conversation_of_somebody_else_is_thought_over_too(thinking: LoadedModel) -> None:
    """As a batch file's; what was thought counts as written, and is no part of the text."""
    asked = CompletionRequest((Message("user", "What is this?"),), max_tokens=24)
    how = thoughts(thinking)
    begun = how.encoder.encode_messages(asked.messages)
    thought = plain(thinking, list(begun.tokens), 12, how.end)
    closed = how.closed(begun, tuple(thought))
    wanted = plain(thinking, list(closed.tokens), 24, None)
    found = completed(thinking, asked, thinking=12)
    assert found.text.strip() == thinking.tokenizer.decode(wanted).strip() != ""
    assert found.prompt_tokens == len(begun.tokens)
    assert found.completion_tokens >= len(thought) + len(wanted)
    text = CompletionRequest(text="An attacker", max_tokens=8)
    assert completed(thinking, text, thinking=12) == completed(thinking, text)


def test_a_model_without_a_place_for_it_says_so_and_answers(tiny_model: Path) -> None:
    loaded = load(tiny_model)
    generator = build_generator(loaded, GenerationSettings(thinking=12))
    assert "no thinking with this model" in generator.note
    assert answer(loaded, thinking=12) == answer(loaded)


def test_thoughts_that_leave_no_room_are_refused(thinking: LoadedModel) -> None:
    with pytest.raises(RecordError, match="don't fit the model's window of 2048 tokens"):
        answer(thinking, thinking=2000)


def test_a_model_whose_template_never_shows_thoughts_thinks_in_its_tokenizers_tags(
    tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = load(tiny_model)
    monkeypatch.setattr(loaded.tokenizer, "_think_start", "<think>")
    monkeypatch.setattr(loaded.tokenizer, "_think_end", "</think>")
    how = thoughts(loaded)
    shown = loaded.tokenizer.decode(list(how.prompt(PROMPT).tokens))
    assert shown.endswith("<|im_start|>assistant\n<think>\n") and how.end == "</think>"
    assert not build_generator(loaded, GenerationSettings(thinking=12)).note
    assert answer(loaded, SCHEMA, thinking=12)["level"] in ("low", "high")
