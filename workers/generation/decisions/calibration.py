"""How a question is answered with a model: the way, its layer, its scale, and how well it does.

Plain data and its JSON; knows nothing of how it was found.  Invariant: the figures in it were
measured on examples that the fit had not seen.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import orjson

from stages.base import Question
from workers.generation.decisions.prototypes import Discriminant, Scale

ASKING: tuple[int, ...] = ()  # in place of layers: the model is asked in words
FORMAT = 5  # of the cached files
_FIGURES = ("center", "weights", "bias")  # of a discriminant


@dataclass(frozen=True)
class ChoiceSummary:
    """What a person may want to know of a calibration, as it stands in the run folder.

    `slope` and `offset` turn scores into probabilities; `log_loss` (nats a decision) and
    `accuracy` are of held-out examples; `thresholds` are the stage's.
    """

    question: str
    way: str  # "examples" or "asking"
    layer: int
    layers: int
    shrinkage: float
    slope: float
    offset: float
    log_loss: float
    accuracy: float
    thresholds: dict[str, float]


@dataclass(frozen=True)
class Calibration:
    """How a question is answered with this model, and how well that went on its examples."""

    layers: tuple[int, ...]  # their features side by side; or ASKING
    shrinkage: float
    discriminant: Discriminant | None
    scale: Scale
    log_loss: float
    accuracy: float

    @property
    def layer(self) -> int:
        """The deepest layer that is looked at, or 0."""
        return max(self.layers, default=0)

    def summary(self, question: Question, layers: int) -> ChoiceSummary:
        """The part that is for people; `layers` is how many the model has."""
        return ChoiceSummary(
            question=question.name,
            way="asking" if self.discriminant is None else "examples",
            layer=self.layer or layers,
            layers=layers,
            shrinkage=self.shrinkage,
            slope=self.scale.slope,
            offset=self.scale.offset,
            log_loss=self.log_loss,
            accuracy=self.accuracy,
            thresholds=dict(question.thresholds),
        )

    def rounded(self) -> Calibration:
        """The same in single precision's digits: as exact as features are, and shorter."""
        found = self.discriminant
        if found is None:
            return self
        arrays = {name: _rounded(getattr(found, name)) for name in _FIGURES}
        return replace(self, discriminant=replace(found, **arrays))

    def to_json(self) -> bytes:
        """The bytes that are cached."""
        return orjson.dumps(asdict(self), option=orjson.OPT_SERIALIZE_NUMPY)

    @classmethod
    def from_json(cls, data: bytes) -> Calibration:
        """The inverse of `to_json`."""
        values = orjson.loads(data)
        found = values.pop("discriminant")
        scale = Scale(**values.pop("scale"))
        layers = tuple(values.pop("layers"))
        return cls(layers, discriminant=found and _probe(found), scale=scale, **values)


def _probe(found: dict[str, list[Any]]) -> Discriminant:
    figures = {name: np.array(found[name], dtype=np.float64) for name in _FIGURES}
    return Discriminant(**figures, firsts=np.array(found["firsts"]))


def _rounded(values: np.ndarray) -> np.ndarray:
    shown: list[str] = [f"{value:.6g}" for value in values.ravel()]
    return np.array(shown, dtype=np.float64).reshape(values.shape)
