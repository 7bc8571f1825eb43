"""Calibrations that come with the program, so that a first start need not read any example.

Fitted for the questions of the shipped recipe and the models that `models fetch` knows by `python
-m benchmarks.calibrations --write`.  Knows keys and files: those of the default model, and a folder
for each other one.  Invariant: one is used only for the very model, question and examples it was
fitted with.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from stages.base import Question
from workers.core import files
from workers.generation.decisions.calibration import FORMAT, Calibration
from workers.generation.decisions.texts import LONGEST

SHIPPED = Path(__file__).with_name("shipped")


def key_of(question: Question, model: str, *others: str) -> str:
    """What a calibration depends on, as a short hash; `model` is the content hash of one."""
    asked = (question.prompt, question.labels, question.exclusive)
    parts = [str(FORMAT), str(LONGEST), model, *others, repr(asked)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def shipped(question: Question, model: str, folder: Path = SHIPPED) -> Calibration | None:
    """The one that comes with the program for this model and this question as it stands."""
    file = next(folder.rglob(file_name(question, model)), None)
    return None if file is None else Calibration.from_json(file.read_bytes())


def ship(question: Question, model: str, found: Calibration, folder: Path = SHIPPED) -> Path:
    """Write one to be shipped into a model's folder, in place of the one for this question."""
    folder.mkdir(exist_ok=True)
    for old in folder.glob(f"{question.name}-*.json"):
        old.unlink()
    file = folder / file_name(question, model)
    files.replace(file, found.rounded().to_json() + b"\n")
    return file


def file_name(question: Question, model: str) -> str:
    """The name of the file that the calibration of a question for a model is shipped in."""
    return f"{question.name}-{key_of(question, model)}.json"
