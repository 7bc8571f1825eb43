"""Asking the model itself: how likely is each label's word as its answer to a question.

The words are a trie of tokens; a label's score is the sum of its branches' log probabilities
among their siblings, so a token that only one label can have costs and gives nothing, and a
long word is not the less likely for its length.  What remains of bias towards some words is
taken out by contextual calibration: scores are read against those of content-free texts (Zhao
et al. 2021, arXiv:2102.09690).  Invariant: one forward pass, its head only where words branch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import mlx.core as mx
import numpy as np
from mlx_lm.models.cache import KVCache, make_prompt_cache

from stages.base import Question
from workers.generation.architecture import body_of
from workers.generation.model.load import LoadedModel
from workers.generation.tokens.prompts import PromptEncoder

_CONTENT_FREE = ("N/A", "[MASK]", "")
# Settings by which some architectures change what comes out of the head.
_LOGIT_SCALES = ("final_logit_softcapping", "logits_scaling", "logit_scale", "dim_model_base")

Tokens = tuple[int, ...]


@dataclass(frozen=True)
class Branch:
    """A place where words part: the tokens up to it, and the labels behind each next token."""

    path: Tokens
    ways: dict[int, tuple[int, ...]]


def branches(words: Sequence[Tokens]) -> list[Branch]:
    """The places where words, each ended by a token of its own, part from one another."""
    found = []
    for path in dict.fromkeys(word[:size] for word in words for size in range(len(word))):
        ways: dict[int, list[int]] = {}
        for label, word in enumerate(words):
            if word[: len(path)] == path and len(word) > len(path):
                ways.setdefault(word[len(path)], []).append(label)
        if len(ways) > 1:
            found.append(Branch(path, {token: tuple(who) for token, who in ways.items()}))
    return found


class LabelScores:
    """Log probabilities of a question's label words, for a batch of texts."""

    def __init__(self, loaded: LoadedModel, encoder: PromptEncoder) -> None:
        self._loaded = loaded
        self._encoder = encoder
        self._prefixes: dict[Tokens, list[Any]] = {}  # one of each question
        self._neutral: dict[str, np.ndarray] = {}

    def can_ask(self, question: Question) -> bool:
        """Whether the labels' words differ in this model's tokens."""
        words = self._words(question)
        return len(set(words)) == len(words) > 1

    def scores(self, question: Question, texts: Sequence[str]) -> np.ndarray:
        """Calibrated log probabilities, shape (texts, labels)."""
        if question.name not in self._neutral:
            self._neutral[question.name] = self._raw(question, _CONTENT_FREE).mean(axis=0)
        scores: np.ndarray = self._raw(question, texts) - self._neutral[question.name]
        return scores

    def _words(self, question: Question) -> list[Tokens]:
        end = min(self._loaded.eos_token_ids, default=-1)
        return [(*self._encoder.encode_data(label.word), end) for label in question.labels]

    def _raw(self, question: Question, texts: Sequence[str]) -> np.ndarray:
        """Log probabilities, shape (texts, labels): every branch of every text is one row."""
        places = branches(self._words(question))
        prompts = [self._encoder.encode(question.prompt.fill(text=text)) for text in texts]
        shared = prompts[0].tokens[: prompts[0].shared]
        rows = [
            [*prompt.tokens[len(shared) :], *place.path] for prompt in prompts for place in places
        ]
        logits = self._last_logits(shared, rows).reshape(len(texts), len(places), -1)
        scores = np.zeros((len(texts), len(question.labels)))
        for at, place in enumerate(places):
            tokens = list(place.ways)
            wanted = np.array(logits[:, at, mx.array(tokens)].astype(mx.float32), dtype=np.float64)
            shares = wanted - np.logaddexp.reduce(wanted, axis=1, keepdims=True)
            for way, labels in enumerate(place.ways.values()):
                scores[:, list(labels)] += shares[:, way, None]
        return scores

    def _last_logits(self, shared: Tokens, rows: list[list[int]]) -> mx.array:
        """Logits (rows, vocab) after each row; rows are padded on the right and start at the
        KV of the part they share."""
        width = max(len(row) for row in rows)
        tokens = mx.array([[*row, *[0] * (width - len(row))] for row in rows])
        last = mx.array([len(row) - 1 for row in rows])[:, None, None]
        cache = self._forked(shared, len(rows))
        if cache is None and shared:
            front = mx.broadcast_to(mx.array(shared)[None], (len(rows), len(shared)))
            tokens, last = mx.concatenate([front, tokens], axis=1), last + len(shared)
        return self._logits_at(tokens, last, cache)

    def _forked(self, shared: Tokens, rows: int) -> list[Any] | None:
        """The shared prefix for so many rows; None where a cache is not plain keys and values."""
        if not shared:
            return None
        if shared not in self._prefixes:
            self._prefixes[shared] = make_prompt_cache(self._loaded.model)
            body_of(self._loaded.model)(mx.array(shared)[None], cache=self._prefixes[shared])
        kept = self._prefixes[shared]
        if any(type(layer) is not KVCache for layer in kept):
            return None
        return [_fork(layer, rows) for layer in kept]

    def _logits_at(self, tokens: mx.array, last: mx.array, cache: list[Any] | None) -> mx.array:
        """Logits (rows, vocab) at one place of each row; the head runs there alone if it can."""
        model = self._loaded.model
        head = model.get("lm_head") or getattr(body_of(model)["embed_tokens"], "as_linear", None)
        if head is None or any(hasattr(model.args, name) for name in _LOGIT_SCALES):
            return mx.take_along_axis(model(tokens, cache=cache), last, axis=1)[:, 0]
        states = body_of(model)(tokens, cache=cache)
        logits: mx.array = head(mx.take_along_axis(states, last, axis=1)[:, 0])
        return logits


def _fork(layer: Any, rows: int) -> KVCache:
    copy = KVCache()
    copy.keys = mx.repeat(layer.keys[..., : layer.offset, :], rows, axis=0)
    copy.values = mx.repeat(layer.values[..., : layer.offset, :], rows, axis=0)
    copy.offset = layer.offset
    return copy
