"""How good probabilities are: area under the curve, accuracy, Brier score, log loss; and fits.

Plain numpy.  Invariant: every figure is of the rows it is given, none is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_ROUNDS = 100  # of Newton's method; it stops far sooner


@dataclass(frozen=True)
class ClassifierMetrics:
    """Figures of one way to decide; `brier` and `log_loss` are None for what is no probability."""

    auc: float
    accuracy: float
    brier: float | None = None
    log_loss: float | None = None


def score(
    values: np.ndarray, truth: np.ndarray, threshold: float, chances: bool
) -> ClassifierMetrics:
    """Figures of `values` (n,) against `truth` (n,), bool; `chances` if they are probabilities."""
    accuracy = float(((values >= threshold) == truth).mean())
    if not chances:
        return ClassifierMetrics(area_under_curve(values, truth), accuracy)
    kept = np.clip(values, 1e-6, 1 - 1e-6)
    loss = -np.log(np.where(truth, kept, 1 - kept)).mean()
    brier = np.square(values - truth).mean()
    return ClassifierMetrics(area_under_curve(values, truth), accuracy, float(brier), float(loss))


def area_under_curve(values: np.ndarray, truth: np.ndarray) -> float:
    """The chance that a true one stands above a false one; ties count half."""
    order = np.unique(values, return_inverse=True)[1]
    true = np.bincount(order[truth], minlength=order.max() + 1)
    false = np.bincount(order[~truth], minlength=order.max() + 1)
    below = np.cumsum(false) - false
    won = float((true * (below + 0.5 * false)).sum())
    return won / max(1.0, float(true.sum() * false.sum()))


def fit_logistic(
    features: np.ndarray, truth: np.ndarray, even_odds: bool, penalty: float = 1.0
) -> np.ndarray:
    """Weights (1 + features,), the bias first, of a logistic regression of features (n, f).

    With `even_odds` both sides weigh the same, however many texts there happen to be of each.
    """
    rows = np.c_[np.ones(len(features)), features]
    sides = np.where(truth, 0.5 / truth.mean(), 0.5 / (1 - truth.mean()))
    weight = sides if even_odds else np.ones(len(truth))
    ridge = penalty * np.diag([1e-6, *[1.0] * features.shape[1]])
    weights = np.zeros(rows.shape[1])
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (weight * (chance - truth)) + ridge @ weights
        bend = (rows * (weight * chance * (1 - chance))[:, None]).T @ rows + ridge
        step = np.linalg.solve(bend, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-8:
            break
    return weights
