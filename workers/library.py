"""The engine in a script of your own: `async with open_model(...) as llm: await llm.generate(...)`.

Finds and loads a model and starts the engine that runs use; knows no run and no queue.  Invariant:
what many coroutines ask at once becomes one batch, and leaving the block ends the engine.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stages.base import Choice, Question
from stages.completions import CompletionRequest, Embedding, Message, TextCompletion
from workers.settings.config import DEFAULT_MODEL

if TYPE_CHECKING:
    from workers.generation.batched import BatchedMLXGenerator

Conversation = str | Sequence[Message]


@dataclass(frozen=True)
class OpenModel:
    """A model that answers any number of coroutines at once.

    After its block has ended, whatever is asked raises EngineError.
    """

    _generator: BatchedMLXGenerator

    async def generate(
        self,
        prompt: Conversation,
        schema: Mapping[str, Any] | None = None,
        *,
        max_tokens: int | None = None,
        temperature: float | None = None,
        top_p: float | None = None,
        seed: int | None = None,
        stop: Sequence[str] = (),
    ) -> Any:
        """Answer a question or a conversation: a text, or a value that fits a JSON schema.

        Parameters
            prompt: what a user says, or a conversation, the last turn being the user's.  All of it
                is data: no text in it becomes a control token.
            max_tokens: maximum number of tokens in the answer (None: as the model was opened).
            temperature, top_p, seed: likewise; 0 is greedy decoding.
            stop: texts before which the answer ends.
        Raises
            RecordError: it does not fit the model's window, or the schema can't be used.
            UnusableAnswer: the answer was cut before it had all that the schema asks for.
        """
        from workers.generation.answers import fitting_value

        asked = CompletionRequest(
            _messages(prompt),
            *(None, max_tokens, temperature, top_p, seed, tuple(stop), schema),
        )
        done = await self._generator.answer(asked)
        return done.text.strip() if schema is None else fitting_value(done, schema)

    async def complete(self, request: CompletionRequest) -> TextCompletion:
        """The whole answer to a request: its text, why it ended, tokens, log probabilities.

        Raises RecordError for one that doesn't fit the window, the template or the grammar.
        """
        return await self._generator.answer(request)

    async def embed(self, text: str) -> Embedding:
        """The vector of a text, of a model for embeddings, and the tokens that were read.

        Raises NoEmbeddingsError for another model, and RecordError for a text that doesn't fit the
        window.
        """
        return await self._generator.embed(text)

    async def choose(self, question: Question, text: str) -> Choice:
        """Pick a label for `text`: one forward pass, nothing is generated."""
        return await self._generator.choose(question, text)


@asynccontextmanager
async def open_model(
    model: str = DEFAULT_MODEL,
    *,
    batch_size: int = 32,
    max_tokens: int = 512,
    temperature: float = 0.0,
    top_p: float = 1.0,
    seed: int = 0,
    kv_bits: int | None = None,
) -> AsyncIterator[OpenModel]:
    """Load a model and answer with it until the block ends.

    On a Linux CPU import nothing of MLX before: it would stay with a slow BLAS.

    Parameters
        model: Hugging Face id, folder of an MLX model, or the default model.
        batch_size: maximum batch size; memory may allow fewer.
        max_tokens: maximum number of tokens in an answer that sets none.
        temperature: of answers that set none; 0 is greedy decoding.
        top_p: top-p (nucleus) threshold of answers that set none, above 0 and at most 1.
        seed: random seed, for a temperature above 0.
        kv_bits: 4 or 8 quantizes the KV cache.
    Raises
        ModelError: the model can't be had or loaded.
        UsageError: this model can't be run with these settings.
        ValueError: temperature, top_p or seed is out of bounds.
    """
    from workers.generation import linux_cpu

    linux_cpu.prepare()  # before anything imports mlx
    from workers.generation.build import build_generator
    from workers.generation.model.load import load
    from workers.generation.settings import GenerationSettings
    from workers.generation.tokens.sampling import Sampling
    from workers.model_store import resolve

    settings = GenerationSettings(
        batch_size=batch_size,
        batch_timeout=0.01,
        max_tokens=max_tokens,
        sampling=Sampling(temperature, top_p, seed),
        kv_bits=kv_bits,
    )
    generator = build_generator(load(resolve(model)), settings, more_expected=lambda: False)
    async with generator:
        yield OpenModel(generator)


def _messages(prompt: Conversation) -> tuple[Message, ...]:
    return (Message("user", prompt),) if isinstance(prompt, str) else tuple(prompt)
