"""A generator as one stage sees it: the `LanguageModel` that a stage is handed.

Knows the stage's name only.  Invariant: whatever a stage asks is counted under its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from stages.base import Choice, FilledPrompt, Question


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


class StageModel:
    """A generator under a stage's name: a `stages.base.LanguageModel`."""

    def __init__(self, generator: Answering, stage: str) -> None:
        self._generator = generator
        self._stage = stage

    async def choose(self, question: Question, text: str) -> Choice:
        """Pick a label for `text`."""
        return await self._generator.choose(question, text, self._stage)

    async def generate(self, prompt: FilledPrompt, schema: Mapping[str, Any] | None = None) -> Any:
        """Answer a prompt."""
        return await self._generator.generate(prompt, schema, self._stage)
