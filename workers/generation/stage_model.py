"""A generator as one stage sees it: the `LanguageModel` that a stage is handed.

Knows the stage's name only.  Invariant: whatever a stage asks is counted under its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from stages.base import Choice, FilledPrompt, Question
from stages.completions import CompletionRequest, TextCompletion


class Answering(Protocol):
    """What answers for any stage."""

    async def choose(self, question: Question, text: str, stage: str = "") -> Choice:
        """Pick a label for `text`."""
        ...

    async def generate(
        self, prompt: FilledPrompt, schema: Mapping[str, Any] | None = None, stage: str = ""
    ) -> Any:
        """Answer a prompt."""
        ...

    async def answer(self, asked: CompletionRequest, stage: str = "") -> TextCompletion:
        """Answer a request that brings its own settings."""
        ...

    @property
    def model_name(self) -> str:
        """What the model is called."""
        ...


class StageModel:
    """A generator under a stage's name: a `LanguageModel` and a `CompletionModel` of stages."""

    def __init__(self, generator: Answering, stage: str) -> None:
        self._generator = generator
        self._stage = stage

    async def choose(self, question: Question, text: str) -> Choice:
        """Pick a label for `text`."""
        return await self._generator.choose(question, text, self._stage)

    async def generate(self, prompt: FilledPrompt, schema: Mapping[str, Any] | None = None) -> Any:
        """Answer a prompt."""
        return await self._generator.generate(prompt, schema, self._stage)

    async def complete(self, request: CompletionRequest) -> TextCompletion:
        """Answer a request that brings its own settings."""
        return await self._generator.answer(request, self._stage)

    @property
    def model_name(self) -> str:
        """What the model is called."""
        return self._generator.model_name
