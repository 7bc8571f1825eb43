"""Asking the model itself: the log-likelihood of each label's word as its answer (a verbalizer).

The words are a trie of tokens; a label's score is the sum of its branches' log probabilities
among their siblings, so a token that only one label can have costs and gives nothing, and there
is no length bias.  What remains of bias towards some words is taken out by contextual
calibration: scores are read against those of content-free texts (Zhao et al. 2021,
arXiv:2102.09690).  Invariant: one forward pass, its head only where words branch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import mlx.core as mx
import numpy as np

from stages.base import Question
from workers.generation.decisions.layers import TextLayer, text_layers
from workers.generation.model.load import LoadedModel
from workers.generation.tokens.prompts import PromptEncoder

_CONTENT_FREE = ("N/A", "[MASK]", "")

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
        self._parts = loaded.parts
        self._encoder = encoder
        self._prefixes: dict[Tokens, list[TextLayer] | None] = {}  # one of each question
        self._neutral: dict[Question, np.ndarray] = {}

    def can_ask(self, question: Question) -> bool:
        """Whether the labels' words differ in this model's tokens."""
        words = self.words(question)
        return len(set(words)) == len(words) > 1

    def scores(self, question: Question, texts: Sequence[str]) -> np.ndarray:
        """Calibrated log probabilities, shape (texts, labels)."""
        if question not in self._neutral:
            neutral = self.log_probabilities(question, _CONTENT_FREE)
            self._neutral[question] = neutral.mean(axis=0)
        scores: np.ndarray = self.log_probabilities(question, texts) - self._neutral[question]
        return scores

    def words(self, question: Question) -> list[Tokens]:
        """Each label's word in tokens, ended by an end token."""
        end = self._encoder.turn_end(self._loaded.eos_token_ids)
        return [(*self._encoder.encode_data(label.word), end) for label in question.labels]

    def log_probabilities(self, question: Question, texts: Sequence[str]) -> np.ndarray:
        """Log probabilities, (texts, labels), not calibrated; a branch of a text is one row."""
        places = branches(self.words(question))
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
        return self._parts.logits(
            tokens, cache, lambda x: mx.take_along_axis(x, last, axis=1)[:, 0]
        )

    def _forked(self, shared: Tokens, rows: int) -> list[TextLayer] | None:
        """The shared prefix for so many rows; None where a cache is not plain keys and values."""
        if not shared:
            return text_layers(self._loaded.model, self._loaded.kernels.attention)
        if shared not in self._prefixes:
            self._prefixes[shared] = self._prefix(shared)
        kept = self._prefixes[shared]
        return kept and [layer.repeated(rows) for layer in kept]

    def _prefix(self, shared: Tokens) -> list[TextLayer] | None:
        layers = text_layers(self._loaded.model, self._loaded.kernels.attention)
        if layers is not None:
            self._parts.model(mx.array(shared)[None], cache=layers)  # its logits are never computed
        return layers
