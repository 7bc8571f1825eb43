"""A generator as one stage sees it: the `LanguageModel` that a stage is handed.

Knows the stage's name only.  Invariant: whatever a stage asks is counted under its name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from stages.base import Choice, FilledPrompt, Question
from stages.completions import CompletionRequest, Embedding, TextCompletion

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


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

    async def embed(self, text: str, stage: str = "") -> Embedding:
        """The vector of a text."""
        ...

    @property
    def model_name(self) -> str:
        """What the model is called."""
        ...


class Generating(Answering, Protocol):
    """An engine as a worker sees it.

    batch_limit: records that may be in flight for now; progress: grows with every step; trouble:
    why it gives no answers now, if it doesn't; note: how it runs where that is not the fast way;
    identity: what answers depend on.
    """

    @property
    def batch_limit(self) -> int: ...

    @property
    def progress(self) -> int: ...

    @property
    def trouble(self) -> str: ...

    @property
    def note(self) -> str: ...

    @property
    def identity(self) -> str: ...

    def prepare(self, questions: Sequence[Question]) -> Sequence[DataclassInstance]:
        """Work out how these are answered before they are first asked; what is known of them."""
        ...

    def for_stage(self, stage: str) -> StageModel:
        """The same as one stage sees it."""
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

    async def embed(self, text: str) -> Embedding:
        """The vector of a text, of a model that makes some."""
        return await self._generator.embed(text, self._stage)

    @property
    def model_name(self) -> str:
        """What the model is called."""
        return self._generator.model_name
