"""Asking the model itself: how likely is each label's word as its answer to a question.

One forward pass over the prompt, logits at its last place only.  Bias towards some
words is taken out by contextual calibration: scores are read against those of a
content-free text (Zhao et al. 2021, arXiv:2102.09690).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mlx.core as mx
import numpy as np

from stages.base import Question
from workers.generation.hidden_states import body_of
from workers.generation.model import LoadedModel
from workers.generation.prompts import PromptEncoder

_CONTENT_FREE = "N/A"
# Settings by which some architectures change what comes out of the head.
_LOGIT_SCALES = ("final_logit_softcapping", "logits_scaling", "logit_scale", "dim_model_base")


class LabelScores:
    """Log probabilities of a question's label words, for a batch of texts."""

    def __init__(self, loaded: LoadedModel, encoder: PromptEncoder) -> None:
        self._loaded = loaded
        self._encoder = encoder
        self._neutral: dict[str, np.ndarray] = {}

    def words(self, question: Question) -> list[int] | None:
        """The first token of each label's word, or None when two labels share one."""
        first = [self._encoder.encode_data(label.word)[0] for label in question.labels]
        return first if len(set(first)) == len(first) else None

    def scores(self, question: Question, texts: Sequence[str]) -> np.ndarray:
        """Calibrated log probabilities, shape (texts, labels)."""
        if question.name not in self._neutral:
            self._neutral[question.name] = self._raw(question, [_CONTENT_FREE])
        return self._raw(question, texts) - self._neutral[question.name]

    def _raw(self, question: Question, texts: Sequence[str]) -> np.ndarray:
        words = self.words(question)
        assert words is not None, "callers ask `words` first"
        rows = [self._encoder.encode(question.prompt.fill(text=text)).tokens for text in texts]
        width = max(len(row) for row in rows)
        tokens = mx.array([[*row, *[0] * (width - len(row))] for row in rows])
        last = mx.array([len(row) - 1 for row in rows])[:, None, None]
        logits = self._logits_at(tokens, last)
        wanted: Any = logits - mx.logsumexp(logits, axis=-1, keepdims=True)
        return np.array(wanted[:, mx.array(words)].astype(mx.float32))

    def _logits_at(self, tokens: mx.array, last: mx.array) -> mx.array:
        """Logits (rows, vocab) at one place of each row; the head runs there alone if it can."""
        model = self._loaded.model
        head = model.get("lm_head") or getattr(body_of(model)["embed_tokens"], "as_linear", None)
        if head is None or any(hasattr(model.args, name) for name in _LOGIT_SCALES):
            return mx.take_along_axis(model(tokens), last, axis=1)[:, 0]
        states = body_of(model)(tokens)
        return head(mx.take_along_axis(states, last, axis=1)[:, 0])
