"""Choosing among labels without generating: by a linear probe on hidden states, or by asking.

Which of the two, and which layer, is worked out once for a model and kept in the cache folder;
several processes share the questions that are open.  Invariant: one forward pass a text, and
the same text gets the same answer in any batch, but for rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import mlx.core as mx
import numpy as np

from stages.base import Choice, Question
from workers.core.cache import CachedResult
from workers.generation.decisions import fitted
from workers.generation.decisions.calibrate import Calibrator, examples_of, fewer
from workers.generation.decisions.calibration import Calibration, ChoiceSummary
from workers.generation.decisions.label_scores import LabelScores
from workers.generation.decisions.shared_reading import SharedReading
from workers.generation.decisions.texts import Texts, side_by_side
from workers.generation.model.load import LoadedModel
from workers.generation.steps import Begin, Step, silent
from workers.generation.tokens.prompts import PromptEncoder


class Chooser:
    """Answers questions for batches of texts; calibrations are kept in the folder `cache`.

    `begin` hears of a calibration, or of waiting for one, before it begins.  `model` is the
    content hash of the model.
    """

    def __init__(
        self, loaded: LoadedModel, encoder: PromptEncoder, cache: Path, begin: Begin = silent
    ) -> None:
        self._texts = Texts(loaded, encoder)
        self._asking = LabelScores(loaded, encoder)
        self._calibrator = Calibrator(self._texts, self._asking)
        self._cache = cache
        self._begin = begin
        self.model = loaded.fingerprint or str(loaded.path)
        self._calibrations: dict[Question, Calibration] = {}

    def choose(self, question: Question, texts: Sequence[str]) -> list[Choice]:
        """A choice for each text, in order, from one forward pass over all."""
        how = self.calibration(question)
        if how.discriminant is None:
            scores = self._asking.scores(question, [self._texts.beginning(text) for text in texts])
        else:
            scores = how.discriminant.scores(self.features(texts, how.layers))
        return [_choice(question, row) for row in how.scale.probabilities(scores)]

    def fit(self, question: Question, folder: Path) -> Calibration:
        """Calibrated now, on all examples that a question has, to be shipped.

        `folder` keeps what has been read of them.
        """
        ask = partial(self._calibrator.first_asked, question)
        reading = SharedReading(self._texts, examples_of(question), folder, ask)
        return self._calibrator.calibrate(question, reading)

    def features(self, texts: Sequence[str], layers: Sequence[int]) -> np.ndarray:
        """Mean hidden states after layers, side by side: shape (texts, layers x hidden size)."""
        return side_by_side(self._texts.features(texts, layers), layers)

    def length(self, text: str) -> int:
        """How many tokens of a text are looked at."""
        return len(self._texts.tokens(text))

    def summary(self, question: Question) -> ChoiceSummary:
        """How this question is answered, for people and the run's manifest."""
        return self.calibration(question).summary(question, self._texts.depth)

    def prepare(self, questions: Sequence[Question]) -> list[Question]:
        """Calibrate these, each together with whoever is at it; returns all that are ready.

        What others have nearly done by then is waited for when it is asked.
        """
        for question in questions:
            if not self._is_ready(question):
                self._help(question)
        return [question for question in questions if self._is_ready(question)]

    def calibration(self, question: Question) -> Calibration:
        """How this question is answered: remembered, shipped, kept in the cache, or worked out."""
        if question not in self._calibrations and not self._is_shipped(question):
            what = f"for question {question.name}, which another process calibrates"
            self._remember(
                question, self._kept(question).get(lambda: self._begin(Step.WAITING, what))
            )
        return self._calibrations[question]

    def _is_ready(self, question: Question) -> bool:
        """Whether it is calibrated, now if need be; False while another process is at it."""
        if question not in self._calibrations and not self._is_shipped(question):
            found = self._kept(question).get_now()
            if found is not None:
                self._remember(question, found)
        return question in self._calibrations

    def _is_shipped(self, question: Question) -> bool:
        """Whether its calibration came with the program; it is remembered then."""
        found = fitted.shipped(question, self.model)
        if found is not None:
            self._calibrations[question] = found
        return found is not None

    def _remember(self, question: Question, found: Calibration) -> None:
        self._calibrations[question] = found
        self._reading(question).clear()

    def _help(self, question: Question) -> None:
        """Read a share of the examples for the process that calibrates this question."""
        self._begin(Step.CALIBRATING, f"question {question.name}, together with another process")
        self._reading(question).help(self.calibration_file(question).exists)
        self._is_ready(question)

    def _reading(self, question: Question) -> SharedReading:
        folder = self.calibration_file(question).with_suffix(".reading")
        few = fewer(question)
        ask = partial(self._calibrator.first_asked, few)
        return SharedReading(self._texts, examples_of(few), folder, ask)

    def _kept(self, question: Question) -> CachedResult[Calibration]:
        def calibrated() -> Calibration:
            reading = self._reading(question)
            what = f"question {question.name}, on {len(reading.examples)} examples"
            self._begin(Step.CALIBRATING, what)
            return self._calibrator.calibrate(fewer(question), reading)

        return CachedResult(
            self.calibration_file(question),
            calibrated,
            dump=Calibration.to_json,
            load=Calibration.from_json,
        )

    def calibration_file(self, question: Question) -> Path:
        """Where the calibration of this question, as it stands, is kept for this model."""
        key = fitted.key_of(question, self.model, str(mx.default_device()))
        return self._cache / f"{question.name}-{key}.json"


def _choice(question: Question, probabilities: np.ndarray) -> Choice:
    best = int(probabilities.argmax())
    named = {label.name: float(p) for label, p in zip(question.labels, probabilities, strict=True)}
    return Choice(question.labels[best].name, float(probabilities[best]), named)
