"""Both ways to answer a question, and how soon the one that is hopeless is given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stages.base import Label, Prompt, Question
from workers.generation.decisions.calibrate import Calibrator, examples_of
from workers.generation.decisions.calibration import ASKING
from workers.generation.decisions.label_scores import LabelScores
from workers.generation.decisions.shared_reading import SharedReading
from workers.generation.decisions.texts import ROWS, Texts
from workers.generation.model.load import LoadedModel, load
from workers.generation.tokens.prompts import PromptEncoder

SECURE = tuple(f"An attacker sends a crafted request to server {n}." for n in range(40))
BREAD = tuple(f"A recipe for bread number {n}: flour, water and salt." for n in range(40))
QUESTION = Question(
    "topic",
    Prompt("", "What is it about?\n\n{text}\n\nTopic:"),
    (Label("security", "malware", SECURE), Label("bread", "bread", BREAD)),
)


@pytest.fixture(scope="module")
def loaded(tiny_model: Path) -> LoadedModel:
    return load(tiny_model)


class Asking(LabelScores):
    """Knows the answer of a share of the texts, and notes how many it was asked about."""

    def __init__(self, loaded: LoadedModel, encoder: PromptEncoder, knows: float) -> None:
        super().__init__(loaded, encoder)
        self.asked: list[str] = []
        self._knows, self._random = knows, np.random.default_rng(3)

    def scores(self, question: Question, texts: Sequence[str]) -> np.ndarray:
        self.asked += texts
        truth = np.array([text.startswith("A recipe") for text in texts], dtype=float)
        guess = self._random.random(len(texts))
        sure = np.where(self._random.random(len(texts)) < self._knows, truth, guess)
        return 3 * np.stack([1 - sure, sure], axis=1)


def calibrator(loaded: LoadedModel, knows: float) -> tuple[Calibrator, Asking]:
    encoder = PromptEncoder(loaded.tokenizer)
    asking = Asking(loaded, encoder, knows)
    return Calibrator(Texts(loaded, encoder), asking), asking


def reading(loaded: LoadedModel, question: Question, folder: Path) -> SharedReading:
    calibrating, _ = calibrator(loaded, knows=0.0)
    texts = Texts(loaded, PromptEncoder(loaded.tokenizer))
    ask = partial(calibrating.first_asked, question)
    return SharedReading(texts, examples_of(question), folder, ask)


def test_the_better_way_is_taken(
    loaded: LoadedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calibrating, _ = calibrator(loaded, knows=1.0)
    examples = reading(loaded, QUESTION, tmp_path)
    shown = calibrating.by_examples(QUESTION, examples)
    for loss, way in ((10.0, ASKING), (0.0, shown.layers)):
        result = replace(shown, log_loss=loss)
        monkeypatch.setattr(Calibrator, "by_examples", lambda *_, result=result: result)
        assert calibrating.calibrate(QUESTION, examples).layers == way


def test_asking_is_given_up_after_a_few_examples_when_it_is_hopeless(loaded: LoadedModel) -> None:
    calibrating, asking = calibrator(loaded, knows=0.0)
    assert calibrating.by_asking(QUESTION, to_beat=0.1) is None
    assert ROWS <= len(asking.asked) < 40
    assert {text.startswith("A recipe") for text in asking.asked[:ROWS]} == {True, False}


def test_asking_that_is_near_is_tried_on_all(loaded: LoadedModel) -> None:
    for knows, to_beat in ((0.0, 0.69), (1.0, 0.01)):
        calibrating, asking = calibrator(loaded, knows)
        assert calibrating.by_asking(QUESTION, to_beat) is not None
        assert len(asking.asked) == 42


def test_equal_words_are_not_asked_for(loaded: LoadedModel) -> None:
    calibrating, asking = calibrator(loaded, knows=1.0)
    same: Any = replace(QUESTION, labels=tuple(replace(x, word="yes") for x in QUESTION.labels))
    assert calibrating.by_asking(same) is None and not asking.asked


def test_a_probe_is_judged_on_kinds_it_had_not_seen(loaded: LoadedModel, tmp_path: Path) -> None:
    """Labels that say nothing look perfect when examples of a kind are on both sides."""
    texts = tuple(text for text in SECURE[:5] for _ in range(4))
    alike = tuple(str(number) for number in range(5) for _ in range(4))
    by_kind = Question(
        "kinds",
        QUESTION.prompt,
        (Label("a", "a", texts, alike), Label("b", "b", texts[::-1], alike)),
    )
    calibrating, _ = calibrator(loaded, knows=1.0)
    shown = calibrating.by_examples(by_kind, reading(loaded, by_kind, tmp_path))
    assert shown.accuracy <= 0.6
