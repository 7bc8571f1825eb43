"""What a prompt leaves open is closed; what was said, and what stands before answers, is not."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from workers.generation.tokens.openings import Tags, closing_of, tags_of

CHANNEL = Tags("<|channel>thought", "<channel|>")


@dataclass
class Tokenizer:
    think_start: str | None = None
    think_end: str | None = None


@pytest.mark.parametrize(
    ("found", "before", "tags", "behind", "closes"),
    [
        ("hi<a><think>\n", "hi<a>", None, 2, "\n</think>\n\n"),
        ("hi<a><think>\n", "", None, 2, "\n</think>\n\n"),
        ("hi<a><think>\n\n</think>\n\n", "hi<a>", None, 2, ""),
        ("go on <think><a>", "go on <think><a>", None, 13, ""),
        ("go on <think><a>", "", None, None, ""),
        ("hi<a><note>", "hi<a>", None, None, "\n</note>\n\n"),
        ("hi<a><final><note>", "hi<a><final>", None, 2, "\n</note>\n\n"),
        ("hi<think>", "hi<final>", None, 2, "\n</think>\n\n"),
        ("hi<note>", "hi<other>", None, 2, "\n</note>\n\n"),
        ("hi[THINK]", "hi", None, 2, "[/THINK]"),
        ("hi<model>", "hi<|bot|>", None, 2, ""),
        ("hi<|channel>thought\n", "hi", CHANNEL, 2, "<channel|>"),
        ("hi<|channel>thought\n<channel|>", "hi", CHANNEL, 2, ""),
        ("hi", "hi", CHANNEL, 2, ""),
    ],
)
def test_what_closes_a_part(
    found: str, before: str, tags: Tags | None, behind: int | None, closes: str
) -> None:
    assert closing_of(found, before, tags, behind) == closes


def test_tags_are_those_that_a_tokenizer_names() -> None:
    assert tags_of(Tokenizer("<think>", "</think>")) == Tags("<think>", "</think>")
    assert tags_of(Tokenizer()) is None and tags_of(object()) is None
