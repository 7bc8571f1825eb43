"""A conversation or a text to be completed, with settings of its own, and what comes back.

What a stage asks with `generate` goes by the run's settings; a request of somebody else's brings
its own.  Knows no wire format and no engine.  Invariant: every text in a request is data, of which
nothing becomes a control token.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from stages.base import RecordError


@dataclass(frozen=True)
class Message:
    """A turn of a conversation; `role` is "system", "user" or "assistant"."""

    role: str
    text: str


@dataclass(frozen=True)
class CompletionRequest:
    """What to complete, and how; None stands for the setting of the run, or of the engine.

    messages: the conversation that is to be answered; or
    text: a text that is to be continued as it is, without a chat template.
    max_tokens: most tokens of the answer (None: what the model's window has room for).
    temperature: 0 is greedy decoding; top_p: nucleus, from 0 (the likeliest token alone) to 1;
    seed: from 0 to 2**64 - 1.
    stop: texts before which the answer ends.
    schema: JSON schema that the answer fits.
    top_logprobs: how many of the likeliest tokens to tell at each place (None: no log
    probabilities at all).
    """

    messages: tuple[Message, ...] = ()
    text: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    schema: Mapping[str, Any] | None = None
    top_logprobs: int | None = None


@dataclass(frozen=True)
class TokenLogprob:
    """A token's text, and the natural logarithm of its probability."""

    token: str
    logprob: float


@dataclass(frozen=True)
class PlaceLogprobs:
    """At one place of an answer: the token that was taken, and the likeliest ones, best first."""

    taken: TokenLogprob
    top: tuple[TokenLogprob, ...]


@dataclass(frozen=True)
class TextCompletion:
    """An answer: its text, why it ended ("stop" or "length"), and what it took.

    prompt_tokens, completion_tokens: tokens read and written; cached_tokens: those of the prompt
    whose keys and values were there already.
    """

    text: str
    finish_reason: str
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int = 0
    logprobs: tuple[PlaceLogprobs, ...] | None = None


class ServerFailedError(RecordError):
    """Whatever was to answer failed at this request again and again; the request may be sound."""


class NoEmbeddingsError(RecordError):
    """The model makes no vectors of texts: with the reason."""


@dataclass(frozen=True)
class Embedding:
    """What a text means to a model, as a vector, and how many tokens were read for it."""

    vector: tuple[float, ...]
    prompt_tokens: int


@runtime_checkable
class EmbeddingModel(Protocol):
    """A model that makes vectors of texts."""

    @property
    def model_name(self) -> str:
        """What the model is called."""
        ...

    async def embed(self, text: str) -> Embedding:
        """The vector of a text.

        Raises NoEmbeddingsError where the model makes none, and RecordError for a text that
        doesn't fit its window.
        """
        ...


@runtime_checkable
class CompletionModel(Protocol):
    """A model that answers requests with settings of their own."""

    @property
    def model_name(self) -> str:
        """What the model is called."""
        ...

    async def complete(self, request: CompletionRequest) -> TextCompletion:
        """Complete a request.

        Raises RecordError when it doesn't fit the model's window, its schema can't be used, or
        the model's chat template can't hold the conversation.
        """
        ...
