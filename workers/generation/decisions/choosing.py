"""Choosing among labels without generating: by example texts, or by asking.

Which of the two, and which layer, is decided for the loaded model on the question's own
labelled examples, by cross-validation, and kept in the cache folder.  Invariant: one
forward pass a text, and the same text gets the same answer in any batch, but for rounding.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
from filelock import FileLock

from stages.base import Choice, Question
from workers.generation.decisions import prototypes
from workers.generation.decisions.calibration import ASKING, FORMAT, Calibration, ChoiceSummary
from workers.generation.decisions.hidden_states import HiddenStates
from workers.generation.decisions.label_scores import LabelScores
from workers.generation.model.load import LoadedModel
from workers.generation.tokens.prompts import PromptEncoder

LONGEST = 64  # tokens of a text that are looked at: more tell no more (docs/log.md)
_CHARACTERS = 16 * LONGEST  # tokenized at most: no tokenizer needs more for that many tokens
_ASKED = 42  # examples to try asking on: each costs a whole prompt
_ROWS = 8  # 16 at once are slower on a CPU (docs/log.md)
_GOOD_ENOUGH = 1.02  # a shallower layer is taken if its loss is that near to the least


class Chooser:
    """Answers questions for batches of texts."""

    def __init__(self, loaded: LoadedModel, encoder: PromptEncoder, cache: Path) -> None:
        self._encoder = encoder
        self._hidden = HiddenStates(loaded)
        self._asking = LabelScores(loaded, encoder)
        self._cache = cache
        self._identity = loaded.fingerprint or str(loaded.path)
        self._calibrations: dict[str, Calibration] = {}

    def choose(self, question: Question, texts: Sequence[str]) -> list[Choice]:
        """A choice for each text, in order, from one forward pass over all."""
        how = self.calibration(question)
        if how.discriminant is None:
            scores = self._asking.scores(question, [self._beginning(text) for text in texts])
        else:
            scores = how.discriminant.scores(self._features(texts, (how.layer,))[how.layer])
        return [_choice(question, row) for row in how.scale.probabilities(scores)]

    def length(self, text: str) -> int:
        """How many tokens of a text are looked at."""
        return len(self._tokens(text))

    def summary(self, question: Question) -> ChoiceSummary:
        """How this question is answered, for people and the run's manifest."""
        return self.calibration(question).summary(question, self._hidden.depth)

    def calibration(self, question: Question) -> Calibration:
        """How this question is answered: remembered, read from the cache, or worked out."""
        if question.name not in self._calibrations:
            file = self._cache / f"{question.name}-{self._key(question)}.json"
            file.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(file.with_suffix(".lock")):
                if not file.is_file():
                    scratch = file.with_suffix(".tmp")
                    scratch.write_bytes(self._calibrate(question).to_json())
                    scratch.rename(file)
                self._calibrations[question.name] = Calibration.from_json(file.read_bytes())
        return self._calibrations[question.name]

    def _key(self, question: Question) -> str:
        asked = (question.prompt, question.labels, question.exclusive)
        parts = [str(FORMAT), str(LONGEST), self._identity, str(mx.default_device()), repr(asked)]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]

    def _calibrate(self, question: Question) -> Calibration:
        shown, asked = self._by_examples(question), self._by_asking(question)
        return asked if asked is not None and asked.log_loss < shown.log_loss else shown

    def _by_examples(self, question: Question) -> Calibration:
        texts = [text for label in question.labels for text in label.examples]
        features = self._features(texts, self._hidden.layers)
        found = [
            self._tried(question, features[layer], layer, shrinkage)
            for layer in self._hidden.layers
            for shrinkage in prototypes.SHRINKAGES
        ]
        least = min(how.log_loss for how in found)
        near = [how for how in found if how.log_loss <= least * _GOOD_ENOUGH]
        return min(near, key=lambda how: (how.layer, how.log_loss))

    @staticmethod
    def _tried(
        question: Question, features: np.ndarray, layer: int, shrinkage: float
    ) -> Calibration:
        truth, kinds, count = _truth(question), _kinds(question), len(question.labels)
        held_out = prototypes.held_out_scores(features, truth, kinds, count, shrinkage)
        scale, loss = prototypes.fit_scale(held_out, truth, question.exclusive)
        whole = prototypes.fit(features, truth, count, shrinkage)
        return Calibration(layer, shrinkage, whole, scale, loss, _accuracy(held_out, truth))

    def _by_asking(self, question: Question) -> Calibration | None:
        if not self._asking.can_ask(question):
            return None
        most = max(3, _ASKED // len(question.labels))
        some = [_spread(label.examples, most) for label in question.labels]
        texts = [text for examples in some for text in examples]
        truth = np.array([index for index, examples in enumerate(some) for _ in examples])
        scores = np.concatenate(
            [self._asking.scores(question, texts[at : at + _ROWS]) for at in _starts(texts)]
        )
        scale, loss = prototypes.fit_scale(scores, truth, question.exclusive)
        return Calibration(ASKING, 1.0, None, scale, loss, _accuracy(scores, truth))

    def _features(self, texts: Sequence[str], layers: Sequence[int]) -> dict[int, np.ndarray]:
        """Hidden-state means of texts, computed in batches of like length: layer -> (n, size)."""
        rows = [self._tokens(text) for text in texts]
        order = sorted(range(len(rows)), key=lambda index: len(rows[index]))
        out: dict[int, Any] = {layer: [None] * len(rows) for layer in layers}
        for at in _starts(rows):
            batch = order[at : at + _ROWS]
            means = self._hidden.means([rows[index] for index in batch], layers)
            for layer in layers:
                for place, index in enumerate(batch):
                    out[layer][index] = means[layer][place]
        return {layer: np.stack(values).astype(np.float64) for layer, values in out.items()}

    def _tokens(self, text: str) -> list[int]:
        return self._encoder.encode_data(text[:_CHARACTERS])[:LONGEST] or [0]

    def _beginning(self, text: str) -> str:
        """About as much of a text as the other way looks at."""
        short = text[:_CHARACTERS]
        share = LONGEST / max(1, len(self._encoder.encode_data(short)))
        return short if share >= 1 else short[: round(len(short) * share)]


def _starts(items: Sequence[Any]) -> range:
    return range(0, len(items), _ROWS)


def _spread(examples: Sequence[str], most: int) -> list[str]:
    """So many of the examples, from all over them."""
    return list(examples[:: max(1, len(examples) // most)])[:most]


def _truth(question: Question) -> np.ndarray:
    return np.array([index for index, label in enumerate(question.labels) for _ in label.examples])


def _kinds(question: Question) -> list[str]:
    """The kind of each example; one that names none is of its own."""
    return [
        kind
        for label in question.labels
        for kind in (label.kinds or map(str, range(len(label.examples))))
    ]


def _accuracy(scores: np.ndarray, truth: np.ndarray) -> float:
    return float((scores.argmax(axis=1) == truth).mean())


def _choice(question: Question, probabilities: np.ndarray) -> Choice:
    best = int(probabilities.argmax())
    named = {label.name: float(p) for label, p in zip(question.labels, probabilities, strict=True)}
    return Choice(question.labels[best].name, float(probabilities[best]), named)
