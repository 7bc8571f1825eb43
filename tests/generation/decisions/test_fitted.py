"""Calibrations that are shipped: for what they were fitted with and nothing else, and robust."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import mlx.core as mx
import numpy as np
import pytest

from benchmarks.calibrations import FOLDERS, Compared, report, shipped_questions
from stages.base import Label, Question
from tests.generation.decisions.test_choosing import QUESTION, TEXTS, chooser
from workers.generation.decisions import fitted
from workers.generation.decisions.calibrate import Calibrator, fewer
from workers.generation.decisions.calibration import Calibration
from workers.generation.decisions.prototypes import Scale
from workers.model_store import fingerprint
from workers.models import gemma3_270m

GEMMA = fitted.SHIPPED / FOLDERS[gemma3_270m.NAME]


def without_an_example(question: Question) -> Question:
    first, *others = question.labels
    cut = replace(first, examples=first.examples[1:], kinds=first.kinds[1:])
    return replace(question, labels=(cut, *others))


def test_one_is_used_for_its_model_and_question_only(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = chooser(tiny_model, tmp_path / "cache")
    found = first.fit(QUESTION, tmp_path / "reading")
    fitted.ship(QUESTION, "of another model", found, tmp_path)
    fitted.ship(without_an_example(QUESTION), first.model, found, tmp_path)
    [file] = tmp_path.glob("*.json")  # the last one takes the other's place
    assert fitted.shipped(QUESTION, first.model, tmp_path) is None
    fitted.ship(QUESTION, first.model, found, tmp_path)
    assert not file.exists()
    assert fitted.shipped(QUESTION, "of another model", tmp_path) is None
    assert fitted.shipped(without_an_example(QUESTION), first.model, tmp_path) is None

    before = first.choose(QUESTION, TEXTS)
    monkeypatch.setattr(fitted, "shipped", partial(fitted.shipped, folder=tmp_path))
    monkeypatch.setattr(Calibrator, "calibrate", lambda *_: pytest.fail("worked out again"))
    second = chooser(tiny_model, tmp_path / "empty")
    assert second.prepare([QUESTION]) == [QUESTION]
    for ours, theirs in zip(second.choose(QUESTION, TEXTS), before, strict=True):
        assert ours.probability == pytest.approx(theirs.probability, abs=1e-4)
    assert not (tmp_path / "empty").exists()


@pytest.mark.skipif(mx.default_device() != mx.cpu, reason="the default model is another one there")
def test_each_question_of_the_recipe_has_one_for_the_default_model(default_model: Path) -> None:
    """After a change of examples or prompts: python -m benchmarks.calibrations --write"""
    model = fingerprint(default_model).sha256
    questions = list(shipped_questions())
    names = {fitted.file_name(one, model) for one in questions}
    assert {path.name for path in fitted.SHIPPED.glob("*.json")} == names
    for question in questions:
        assert fitted.shipped(question, model) is not None
        assert fitted.shipped(without_an_example(question), model) is None


@pytest.mark.skipif(not GEMMA.is_dir(), reason="none is shipped for it")
def test_each_question_of_the_recipe_has_one_for_gemma() -> None:
    """After a change of examples or prompts: python -m benchmarks.calibrations --write"""
    names = {fitted.file_name(one, gemma3_270m.CONTENT) for one in shipped_questions()}
    assert {path.name for path in GEMMA.iterdir()} == names


def test_those_of_one_model_stay_when_anothers_are_written(tmp_path: Path) -> None:
    scale = Scale(1.0, 0.0, True)
    found = Calibration((1,), 0.5, None, scale, 0.1, 1.0)
    fitted.ship(QUESTION, "one", found, tmp_path)
    for log_loss in (0.2, 0.3):
        better = replace(found, log_loss=log_loss)
        fitted.ship(QUESTION, "other", better, tmp_path / "other")
    one, other = (fitted.shipped(QUESTION, name, tmp_path) for name in ("one", "other"))
    assert one == found and other == replace(found, log_loss=0.3)


def test_features_of_another_machine_hardly_change_an_answer() -> None:
    """Float32 sums in another order differ by some 1e-5 of a feature; here it is 1e-3."""
    draw = np.random.default_rng(7)
    files = list(fitted.SHIPPED.rglob("*.json"))
    assert files
    for file in files:
        how = Calibration.from_json(file.read_bytes())
        assert how.discriminant is not None
        near = how.discriminant.center + draw.normal(size=(200, len(how.discriminant.center))) * 0.3
        other = near * (1 + draw.normal(size=near.shape) * 1e-3)
        one, two = (
            how.scale.probabilities(how.discriminant.scores(features)) for features in (near, other)
        )
        assert np.abs(one - two).max() < 0.02, file.name


def test_a_model_without_one_reads_a_share_of_every_label_and_kind() -> None:
    kinds = {"x": tuple(f"x{n}" for n in range(300)), "y": tuple(f"y{n}" for n in range(120))}
    other = Label("b", "b", tuple(f"b{n}" for n in range(180)))
    many = Question("topic", QUESTION.prompt, (Label.of_kinds("a", "a", kinds), other))
    few = fewer(many, most=100)
    assert [len(label.examples) for label in few.labels] == [70, 30]
    first = few.labels[0]
    assert first.kinds.count("x") == 50 and first.kinds.count("y") == 20
    assert all(text[0] == kind for text, kind in zip(first.examples, first.kinds, strict=True))
    assert first.examples[-1] > "y110" and fewer(few, most=100) == few


def test_what_is_missing_or_far_off_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert report([Compared("a", 0.01), Compared("b", 0.0)]) == 0
    assert report([Compared("a", 0.01), Compared("b", 0.03)]) == 1
    assert report([Compared("c", None)]) == 1
    assert "c           none is shipped" in capsys.readouterr().out
