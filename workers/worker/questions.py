"""What a worker's stages let the model choose, calibrated stage by stage when it is needed.

On a fresh cache the first records need not wait for what only later stages ask.  Knows the
stages' questions and the generator that calibrates them.  Invariant: no record of a stage is
started before that stage's questions were prepared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Protocol

from stages.base import Question, Stage
from workers.run.run_folder import RunFolder

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class Calibrates(Protocol):
    """The part of a generator that this needs."""

    def prepare(self, questions: Sequence[Question]) -> Sequence[DataclassInstance]:
        """Work out how these are answered; returns what is known of them now."""


class StageQuestions:
    """The questions of a worker's stages; what comes of them all is written into the run."""

    def __init__(self, stages: Iterable[Stage], generator: Calibrates, run: RunFolder) -> None:
        by_name = sorted(stages, key=lambda stage: stage.name)
        self._asked = {stage.name: stage.questions() for stage in by_name}
        self._open = [name for name, questions in self._asked.items() if questions]
        self._generator = generator
        self._run = run

    @property
    def next(self) -> str:
        """The first stage whose questions were not prepared yet, or ""."""
        return self._open[0] if self._open else ""

    def is_open(self, stage: str) -> bool:
        """Whether a stage has questions that were not prepared yet."""
        return stage in self._open

    def prepare(self, stage: str) -> None:
        """Calibrate what this stage asks, or help whoever does; raises what goes wrong there."""
        if self.is_open(stage):
            self._generator.prepare(self._asked[stage])
            self._open.remove(stage)
            if not self._open:
                self._keep()

    def _keep(self) -> None:
        """Write down how they are answered, unless another worker is still at one of them: it
        will then."""
        every = [question for questions in self._asked.values() for question in questions]
        summaries = self._generator.prepare(every)
        if len(summaries) == len(every):
            self._run.keep_calibration([asdict(summary) for summary in summaries])
