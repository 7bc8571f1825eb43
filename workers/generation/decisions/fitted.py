"""Calibrations that come with the program, so that a first start need not read any example.

Fitted for the questions of the shipped recipe and the default model by `python -m
benchmarks.calibrations --write`.  Knows keys and files.  Invariant: one is used only for the very
model, question and examples it was fitted with.
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
    try:
        return Calibration.from_json(_file(question, model, folder).read_bytes())
    except FileNotFoundError:
        return None


def ship(question: Question, model: str, found: Calibration, folder: Path = SHIPPED) -> Path:
    """Write one to be shipped, in place of the one for this question that was there."""
    for old in folder.glob(f"{question.name}-*.json"):
        old.unlink()
    file = _file(question, model, folder)
    folder.mkdir(exist_ok=True)
    files.replace(file, found.rounded().to_json() + b"\n")
    return file


def _file(question: Question, model: str, folder: Path) -> Path:
    return folder / f"{question.name}-{key_of(question, model)}.json"
