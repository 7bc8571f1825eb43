"""Labels by example: linear scores, whole kinds held out, probabilities that can be believed."""

from __future__ import annotations

import numpy as np
import orjson
import pytest

from workers.generation.decisions.prototypes import (
    LEAST_OF_A_KIND,
    Scale,
    _inverse_times,
    fit,
    fit_scale,
    folds,
    held_out_scores,
    log_loss,
)


def clouds(count: int, kinds: int = 6, seed: int = 0) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Features of two labels; texts of a kind lie close together, kinds far apart."""
    draw = np.random.default_rng(seed)
    truth = np.repeat([0, 1], count)
    names = [f"kind {number % kinds}" for number in range(count)] * 2
    centres = {(label, kind): draw.normal(label, 1, 12) for label in (0, 1) for kind in set(names)}
    features = [centres[key] for key in zip(truth.tolist(), names, strict=True)]
    return np.array(features) + draw.normal(0, 0.1, (2 * count, 12)), truth, names


def test_a_kind_is_in_one_fold_and_every_label_in_all() -> None:
    _, truth, kinds = clouds(30)
    fold = folds(truth, kinds)
    for label in (0, 1):
        own = {k: set(fold[[t == label and n == k for t, n in zip(truth, kinds, strict=True)]])
               for k in set(kinds)}  # fmt: skip
        assert all(len(found) == 1 for found in own.values())
        assert set.union(*own.values()) == {0, 1, 2, 3, 4}


def test_held_out_scores_know_nothing_of_the_kind() -> None:
    features, truth, kinds = clouds(30)
    fold = folds(truth, kinds)
    scores = held_out_scores(features, truth, kinds, fold, 0.5)
    moved = features.copy()
    mates = [t == 0 and kind == "kind 2" for t, kind in zip(truth, kinds, strict=True)]
    first = mates.index(True)
    others = [index for index, mate in enumerate(mates) if mate and index != first]
    moved[others] += 100
    assert np.allclose(held_out_scores(moved, truth, kinds, fold, 0.5)[first], scores[first])


def test_holding_out_kinds_is_less_sure_than_holding_out_examples() -> None:
    features, truth, kinds = clouds(30)
    alone = [str(number) for number in range(30)] * 2
    losses = [
        fit_scale(
            held_out_scores(features, truth, kinds, folds(truth, names), 0.5), truth, exclusive=True
        )[1]
        for names in (kinds, alone)
    ]
    assert losses[0] > losses[1] + 0.01


@pytest.mark.parametrize("shrinkage", [1.0, 0.8, 0.2])
@pytest.mark.parametrize("count", [7, 50])
def test_the_inverse_is_applied_with_few_examples_and_with_many(
    shrinkage: float, count: int
) -> None:
    draw = np.random.default_rng(1)
    spread, vectors = draw.normal(size=(count, 20)), draw.normal(size=(2, 20))
    variance = float(np.mean(spread**2))
    whole = shrinkage * variance * np.eye(20) + (1 - shrinkage) * spread.T @ spread / count
    expected = vectors @ np.linalg.inv(whole)
    found = _inverse_times(spread, variance, shrinkage, vectors)
    assert np.allclose(found, expected)
    assert orjson.loads(orjson.dumps(found, option=orjson.OPT_SERIALIZE_NUMPY)) == found.tolist()


def test_the_nearer_label_scores_higher() -> None:
    features, truth, kinds = clouds(30)
    found = fit(features, truth, kinds, 0.5).scores(features)
    assert (found.argmax(axis=1) == truth).mean() > 0.95


def around(*corners: tuple[int, int], each: int) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Texts of a label on the left and the right, one kind each, and of another in between."""
    draw = np.random.default_rng(3)
    features = np.repeat(np.array([*corners, (0, 0)]), each, axis=0).astype(float)
    truth = np.repeat([0] * len(corners) + [1], each)
    names = [f"kind {number}" for number in range(len(corners) + 1) for _ in range(each)]
    return features + draw.normal(0, 0.3, features.shape), truth, names


def test_a_label_between_two_kinds_of_another_is_told_from_both() -> None:
    """Or what lies between papers and incidents, such as operations, is taken for security."""
    features, truth, kinds = around((-2, 0), (2, 0), each=LEAST_OF_A_KIND)
    found = fit(features, truth, kinds, 0.5)
    assert found.firsts.tolist() == [0, 2] and found.scores(features).shape == (len(truth), 2)
    assert (found.scores(features).argmax(axis=1) == truth).mean() > 0.95
    together = fit(features, truth, ["any"] * len(truth), 0.5)
    assert (together.scores(features).argmax(axis=1) == truth).mean() < 0.75


def test_kinds_of_few_examples_have_one_mean_together() -> None:
    """Or a model that reads few examples goes by means of a handful of texts."""
    features, truth, kinds = around((-2, 0), (2, 0), each=LEAST_OF_A_KIND - 1)
    few, together = (fit(features, truth, names, 0.5) for names in (kinds, ["any"] * len(truth)))
    assert few.firsts.tolist() == [0, 1]
    assert np.allclose(few.scores(features), together.scores(features))


def test_exclusive_probabilities_share_one_mass_and_others_do_not() -> None:
    scores = np.array([[9.0, 8.9, -5.0], [1e4, -1e4, 0.0]])
    assert np.allclose(Scale(0.5, 0.0, True).probabilities(scores).sum(axis=1), 1)
    free = Scale(0.5, 2.0, False).probabilities(scores)
    assert free[0, 0] > 0.8 and free[0, 1] > 0.8 and free[0, 2] < 0.05
    assert np.all((free >= 0) & (free <= 1)) and np.isfinite(free).all()


def test_the_scale_gives_probabilities_as_often_right_as_they_say() -> None:
    draw = np.random.default_rng(2)
    margin = draw.normal(0, 3, 4000)
    truth = (draw.random(4000) > 1 / (1 + np.exp(-margin))).astype(int)  # label 0 by its margin
    scale, loss = fit_scale(np.c_[margin * 7, np.zeros(4000)], truth, exclusive=True)
    assert scale.slope * 7 == pytest.approx(1, rel=0.15)
    overconfident = Scale(scale.slope * 5, 0.0, True).probabilities(np.c_[margin * 7, margin * 0])
    assert loss < log_loss(overconfident, truth, exclusive=True)
