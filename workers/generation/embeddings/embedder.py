"""Vectors of texts: the hidden states behind a model's last norm, pooled as its folder says.

Knows a model and its pooling; queues nothing.  Invariant: a text has the same vector in any batch,
but for rounding, and no text in it is a control token.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import mlx.core as mx

from stages.base import RecordError
from stages.completions import NoEmbeddingsError
from workers.generation.decisions.layers import text_caches
from workers.generation.embeddings.pooling import NoPoolingError, Pooling, pooling_of
from workers.generation.model.load import LoadedModel
from workers.generation.requests import EmbedRequest
from workers.generation.tokens.prompts import PromptEncoder

_ROWS = 8  # texts in a batch
_TOKENS = 4096  # of a batch, padding among them, where it holds more than one text
_STEP = 512  # tokens of each text in one pass: what a pass needs of memory stays small


class Embedder:
    """Makes vectors with one model."""

    def __init__(self, loaded: LoadedModel, encoder: PromptEncoder) -> None:
        self._loaded = loaded
        self._encoder = encoder

    @cached_property
    def _pooling(self) -> Pooling:
        if self._loaded.parts.tap is None:
            raise NoPoolingError("the model's hidden states can't be read")
        return pooling_of(self._loaded.path)

    @cached_property
    def _around(self) -> tuple[list[int], list[int]]:
        """The tokens that the tokenizer puts before and behind every text."""
        encode = self._loaded.tokenizer.encode
        whole, inner = encode("a"), encode("a", add_special_tokens=False)
        at = next((n for n in range(len(whole)) if whole[n : n + len(inner)] == inner), 0)
        return whole[:at], whole[at + len(inner) :]

    def tokens(self, text: str) -> tuple[int, ...]:
        """The tokens of a text.

        Raises NoEmbeddingsError for a model that makes none, RecordError for a text that can't
        be read.
        """
        try:
            before, behind = self._around if self._pooling else ([], [])
        except NoPoolingError as error:
            raise NoEmbeddingsError(str(error)) from error
        inner = self._encoder.encode_data(self._pooling.before + text)
        if not inner:
            raise RecordError("there is nothing to read: the text has no tokens")
        found, window = (*before, *inner, *behind), self._loaded.facts.window
        if len(found) > window:
            raise RecordError(f"{len(found)} tokens don't fit the model's window of {window}")
        return found

    def vectors(self, rows: Sequence[Sequence[int]]) -> list[tuple[float, ...]]:
        """A vector for each text's tokens, in their order."""
        width, lengths = max(map(len, rows)), mx.array([len(row) for row in rows])
        states = self._states(mx.array([[*row, *[0] * (width - len(row))] for row in rows]))
        if self._pooling.last:
            found = states[mx.arange(len(rows)), lengths - 1]
        else:
            real = (mx.arange(width)[None] < lengths[:, None])[..., None]
            found = mx.where(real, states, 0).sum(axis=1) / lengths[:, None]
        if self._pooling.normalized:
            found = found / mx.maximum(mx.linalg.norm(found, axis=1, keepdims=True), 1e-12)
        vectors: Any = found.tolist()
        return [tuple(vector) for vector in vectors]

    def _states(self, tokens: mx.array) -> mx.array:
        """States (texts, tokens, size) in float32, behind the last norm.

        The head would run for what is handed on, a place of each text, but nobody evaluates it.
        Causal attention keeps the padding on the right from touching what stands before it.
        """
        seen: list[mx.array] = []

        def note(states: mx.array) -> mx.array:
            seen.append(states.astype(mx.float32))
            return states[:, :1]

        caches = text_caches(self._loaded)
        for at in range(0, tokens.shape[1], _STEP):
            self._loaded.parts.logits(tokens[:, at : at + _STEP], caches, note)
            mx.eval(seen[-1])
        return mx.concatenate(seen, axis=1)


def batch_of(waiting: Iterable[EmbedRequest], most: int) -> list[EmbedRequest]:
    """The oldest request and those nearest in length: little is padded."""
    first, *others = waiting
    others.sort(key=lambda request: abs(len(request.tokens) - len(first.tokens)))
    taken, width = [first], len(first.tokens)
    for request in others[: min(most, _ROWS) - 1]:
        width = max(width, len(request.tokens))
        if width * (len(taken) + 1) > _TOKENS:
            break
        taken.append(request)
    return taken
