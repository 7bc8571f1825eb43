"""Choosing among labels without generating: by example sentences, or by asking.

Which of the two, and which layer, is decided for the loaded model on the question's own
labelled examples, by cross-validation, and kept in the cache folder.  Invariant: one
forward pass a text, and the same text gets the same answer in any batch, but for rounding.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import orjson
from filelock import FileLock

from stages.base import Choice, Question
from workers.generation import prototypes
from workers.generation.hidden_states import HiddenStates
from workers.generation.label_scores import LabelScores
from workers.generation.model import LoadedModel
from workers.generation.prompts import PromptEncoder
from workers.generation.prototypes import Discriminant, Scale

LONGEST = 256  # tokens of a text that are looked at; its subject shows by then
_EXAMPLES_ASKED = 6  # of each label: asking costs a whole prompt for each
_ROWS = 16
_FORMAT = 2  # of the cached files


@dataclass(frozen=True)
class Calibration:
    """How a question is answered with this model, and how well that went on its examples.

    `layer` 0 means asking; `log_loss` and `accuracy` are of held-out examples.
    """

    layer: int
    discriminant: Discriminant | None
    scale: Scale
    log_loss: float
    accuracy: float

    def to_json(self) -> bytes:
        """The bytes that are cached."""
        return orjson.dumps(asdict(self), option=orjson.OPT_SERIALIZE_NUMPY)

    @classmethod
    def from_json(cls, data: bytes) -> Calibration:
        """The inverse of `to_json`."""
        values = orjson.loads(data)
        found = values.pop("discriminant")
        arrays = {name: np.array(value, dtype=np.float64) for name, value in (found or {}).items()}
        scale = Scale(**values.pop("scale"))
        return cls(discriminant=Discriminant(**arrays) if found else None, scale=scale, **values)


class Chooser:
    """Answers questions for batches of texts."""

    def __init__(self, loaded: LoadedModel, encoder: PromptEncoder, cache: Path) -> None:
        self._encoder = encoder
        self._hidden = HiddenStates(loaded.model)
        self._asking = LabelScores(loaded, encoder)
        self._cache = cache
        self._identity = loaded.fingerprint or str(loaded.path)
        self.calibrations: dict[str, Calibration] = {}

    def choose(self, question: Question, texts: Sequence[str]) -> list[Choice]:
        """A choice for each text, in order, from one forward pass over all."""
        how = self.calibration(question)
        if how.discriminant is None:
            scores = self._asking.scores(question, texts)
        else:
            scores = how.discriminant.scores(self._features(texts, (how.layer,))[how.layer])
        return [_choice(question, row) for row in how.scale.probabilities(scores)]

    def calibration(self, question: Question) -> Calibration:
        """How this question is answered: remembered, read from the cache, or worked out."""
        if question.name not in self.calibrations:
            file = self._cache / f"{question.name}-{self._key(question)}.json"
            file.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(file.with_suffix(".lock")):
                if not file.is_file():
                    scratch = file.with_suffix(".tmp")
                    scratch.write_bytes(self._calibrate(question).to_json())
                    scratch.rename(file)
                self.calibrations[question.name] = Calibration.from_json(file.read_bytes())
        return self.calibrations[question.name]

    def _key(self, question: Question) -> str:
        parts = [str(_FORMAT), self._identity, str(mx.default_device()), repr(question)]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]

    def _calibrate(self, question: Question) -> Calibration:
        asked = self._by_asking(question)
        shown = self._by_examples(question)
        return asked if asked is not None and asked.log_loss < shown.log_loss else shown

    def _by_examples(self, question: Question) -> Calibration:
        texts = [text for label in question.labels for text in label.examples]
        truth = _truth(question)
        features = self._features(texts, self._hidden.layers)
        found = [
            self._tried(question, features[layer], truth, layer, shrinkage)
            for layer in self._hidden.layers
            for shrinkage in prototypes.SHRINKAGES
        ]
        return min(found, key=lambda how: how.log_loss)

    @staticmethod
    def _tried(
        question: Question, features: np.ndarray, truth: np.ndarray, layer: int, shrinkage: float
    ) -> Calibration:
        count = len(question.labels)
        held_out = prototypes.held_out_scores(features, truth, count, shrinkage)
        scale, loss = prototypes.fit_scale(held_out, truth, question.exclusive)
        whole = prototypes.fit(features, truth, count, shrinkage)
        return Calibration(layer, whole, scale, loss, _accuracy(held_out, truth))

    def _by_asking(self, question: Question) -> Calibration | None:
        if self._asking.words(question) is None:
            return None
        texts = [text for label in question.labels for text in label.examples[:_EXAMPLES_ASKED]]
        truth = _truth(question, _EXAMPLES_ASKED)
        scores = np.concatenate(
            [self._asking.scores(question, texts[at : at + _ROWS]) for at in _starts(texts)]
        )
        scale, loss = prototypes.fit_scale(scores, truth, question.exclusive)
        return Calibration(0, None, scale, loss, _accuracy(scores, truth))

    def _features(self, texts: Sequence[str], layers: Sequence[int]) -> dict[int, np.ndarray]:
        """Hidden-state means of texts, computed in batches of like length: layer -> (n, size)."""
        rows = [self._encoder.encode_data(text)[:LONGEST] or [0] for text in texts]
        order = sorted(range(len(rows)), key=lambda index: len(rows[index]))
        out: dict[int, Any] = {layer: [None] * len(rows) for layer in layers}
        for at in _starts(rows):
            batch = order[at : at + _ROWS]
            means = self._hidden.means([rows[index] for index in batch], layers)
            for layer in layers:
                for place, index in enumerate(batch):
                    out[layer][index] = means[layer][place]
        return {layer: np.stack(values).astype(np.float64) for layer, values in out.items()}


def _starts(items: Sequence[Any]) -> range:
    return range(0, len(items), _ROWS)


def _truth(question: Question, most: int | None = None) -> np.ndarray:
    return np.array(
        [index for index, label in enumerate(question.labels) for _ in label.examples[:most]]
    )


def _accuracy(scores: np.ndarray, truth: np.ndarray) -> float:
    return float((scores.argmax(axis=1) == truth).mean())


def _choice(question: Question, probabilities: np.ndarray) -> Choice:
    best = int(probabilities.argmax())
    named = {label.name: float(p) for label, p in zip(question.labels, probabilities, strict=True)}
    return Choice(question.labels[best].name, float(probabilities[best]), named)
