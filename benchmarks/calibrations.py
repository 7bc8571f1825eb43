"""The calibrations that the program ships with: fitted anew, and compared or written.

`python -m benchmarks.calibrations` fits each question of the shipped recipe with the default model
on all of its examples and says how far the shipped calibration is from that; `--write` puts the
new one in its place.  Invariant: exit status 1 if one is missing, or answers an example otherwise.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.decisions import load_chooser
from stages import DEFAULT_STAGES
from stages.base import Question
from workers.settings.chosen_stages import make_stage
from workers.settings.config import DEFAULT_MODEL, RunConfig

if TYPE_CHECKING:
    from workers.generation.decisions.calibration import Calibration
    from workers.generation.decisions.choosing import Chooser

FARTHEST = 0.02  # a probability may be off by that much on another machine
TOLD_APART = 200  # examples that both calibrations are asked about


@dataclass(frozen=True)
class Compared:
    """A question, and the greatest difference between a shipped and a fitted probability."""

    question: str
    farthest: float | None  # None: nothing is shipped for it

    @property
    def agrees(self) -> bool:
        """Whether the shipped calibration answers as the fitted one does."""
        return self.farthest is not None and self.farthest <= FARTHEST


def shipped_questions() -> Iterator[Question]:
    """What the stages of the shipped recipe let a model choose."""
    for name in DEFAULT_STAGES:
        yield from make_stage(RunConfig(), name).questions()


def compared(
    chooser: Chooser, question: Question, here: Calibration, shipped: Calibration | None
) -> Compared:
    """How far a shipped calibration is from one that was fitted here, on some examples."""
    if shipped is None:
        return Compared(question.name, None)
    every = [text for label in question.labels for text in label.examples]
    texts = every[:: max(1, len(every) // TOLD_APART)]
    apart = _chances(chooser, here, texts) - _chances(chooser, shipped, texts)
    return Compared(question.name, float(np.abs(apart).max()))


def _chances(chooser: Chooser, how: Calibration, texts: Sequence[str]) -> np.ndarray:
    if how.discriminant is None:
        raise SystemExit("the default model answers by examples, and this one does not")
    return how.scale.probabilities(how.discriminant.scores(chooser.features(texts, how.layers)))


def report(found: Sequence[Compared]) -> int:
    """Print them; 1 if one of them does not agree."""
    for one in found:
        said = "none is shipped" if one.farthest is None else f"{one.farthest:.4f} at most"
        print(f"{one.question:12}{said}")
    return 0 if all(one.agrees for one in found) else 1


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibrations", description=__doc__)
    parser.add_argument("--write", action="store_true", help="ship what is fitted here")
    asked = {question.name: question for question in shipped_questions()}
    parser.add_argument("--only", choices=asked, help="this question alone")
    options = parser.parse_args(arguments)
    chooser = load_chooser(DEFAULT_MODEL)
    from workers.generation.decisions import fitted

    found = []
    for question in [asked[options.only]] if options.only else asked.values():
        with tempfile.TemporaryDirectory() as folder:
            here = chooser.fit(question, Path(folder))
        if options.write:
            fitted.ship(question, chooser.model, here)
        shipped = fitted.shipped(question, chooser.model)
        found.append(compared(chooser, question, here, shipped))
    return report(found)


if __name__ == "__main__":
    sys.exit(main())
