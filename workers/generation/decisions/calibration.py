"""How a question is answered with a model: the way, its layer, its scale, and how well it does.

Plain data and its JSON; knows nothing of how it was found.  Invariant: the figures in it were
measured on examples that the fit had not seen.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

import numpy as np
import orjson

from stages.base import Question
from workers.generation.decisions.prototypes import Discriminant, Scale

ASKING: tuple[int, ...] = ()  # in place of layers: the model is asked in words
FORMAT = 4  # of the cached files


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
        arrays = {name: _rounded(values) for name, values in asdict(found).items()} if found else {}
        return replace(self, discriminant=Discriminant(**arrays) if found else None)

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
        layers = tuple(values.pop("layers"))
        probe = Discriminant(**arrays) if found else None
        return cls(layers, discriminant=probe, scale=scale, **values)


def _rounded(values: np.ndarray) -> np.ndarray:
    shown: list[str] = [f"{value:.6g}" for value in values.ravel()]
    return np.array(shown, dtype=np.float64).reshape(values.shape)
