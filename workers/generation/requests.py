"""What is asked of the engine and what comes back: plain typed messages.

Knows nothing of MLX.  Invariant: a request is answered or failed exactly once.
"""

from __future__ import annotations

from asyncio import Future
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from stages.base import Choice, Question
from workers.generation.prompts import EncodedPrompt


@dataclass(frozen=True)
class Completion:
    """A finished answer: its tokens without the end token, and why it ended."""

    tokens: tuple[int, ...]
    finish_reason: str  # "stop" or "length"


@dataclass
class GenerateRequest:
    """One row: a prompt, how it may end, and who waits for it.

    `make_processors` gives fresh logits processors, so that a row can start over.
    """

    prompt: EncodedPrompt
    max_tokens: int
    stage: str
    make_processors: Callable[[], list[Any]]
    make_sampler: Callable[[], Any]
    future: Future[Completion]
    tokens: list[int] = field(default_factory=list)

    @property
    def longest(self) -> int:
        """Most tokens this row can hold."""
        return len(self.prompt.tokens) + self.max_tokens


@dataclass
class ChooseRequest:
    """One text to be judged under a question."""

    question: Question
    text: str
    stage: str
    future: Future[Choice]
