"""The calibrations that the program ships with: fitted anew, and compared or written.

`python -m benchmarks.calibrations` fits each question of the shipped recipe on all of its examples,
with the default model and with Gemma 3 270M where that is here, and says how far the shipped
calibration is from that; `--write` puts the new one in its place.  Invariant: exit status 1 if one
is missing, or answers an example otherwise.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.predictions import load_chooser
from stages import DEFAULT_STAGES
from stages.base import Question
from workers.model_store import gemma_path
from workers.models import gemma3_270m
from workers.settings.chosen_stages import make_stage
from workers.settings.config import DEFAULT_MODEL, RunConfig

if TYPE_CHECKING:
    from workers.generation.decisions.calibration import Calibration
    from workers.generation.decisions.choosing import Chooser

FARTHEST = 0.02  # a probability may be off by that much on another machine
TOLD_APART = 200  # examples that both calibrations are asked about

# The models that calibrations are shipped for, and the folders of those within what is shipped.
FOLDERS: Mapping[str, str] = {DEFAULT_MODEL: ".", gemma3_270m.NAME: gemma3_270m.NAME}


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
        raise SystemExit("this calibration asks in words: those that are shipped go by examples")
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
    parser.add_argument(
        "--model", nargs="+", choices=FOLDERS, help="only for these (all that are on this machine)"
    )
    names = [question.name for question in shipped_questions()]
    parser.add_argument("--only", choices=names, help="this question alone")
    options = parser.parse_args(arguments)
    asked = [one for one in shipped_questions() if options.only in (None, one.name)]
    models = options.model or _here()
    return max(report(_fitted(name, asked, options.write)) for name in models)


def _here() -> list[str]:
    """The models that are on this machine; says which one is left out."""
    if gemma_path().is_dir():
        return list(FOLDERS)
    print(f"{gemma3_270m.NAME} is left out: it was not fetched")
    return [DEFAULT_MODEL]


def _fitted(model: str, asked: Sequence[Question], write: bool) -> list[Compared]:
    """The questions, fitted with a model anew, against what is shipped or now written for it."""
    print(model)
    chooser, found = load_chooser(model), []
    from workers.generation.decisions import fitted  # imports mlx, which comes after its BLAS

    for question in asked:
        with tempfile.TemporaryDirectory() as folder:
            here = chooser.fit(question, Path(folder))
        if write:
            fitted.ship(question, chooser.model, here, fitted.SHIPPED / FOLDERS[model])
        found.append(compared(chooser, question, here, fitted.shipped(question, chooser.model)))
    return found


if __name__ == "__main__":
    sys.exit(main())
