"""Regularised linear discriminant (LDA) on hidden states, fitted on a label's example texts.

A kind of text with many examples has a mean of its own, and a label scores as its best kind
does.  The covariance is shrunken; at full shrinkage it is the comparison with the means.  Plain
numpy; knows nothing of MLX.
Invariant: what is reported about a fit was measured on examples it had not seen, nor any
other of their kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Places = NDArray[np.integer]

SHRINKAGES = (1.0, 0.8, 0.5, 0.2)
LEAST_OF_A_KIND = 100  # examples from which a kind has a mean of its own (docs/log.md)
_FOLDS = 5


@dataclass(frozen=True)
class Discriminant:
    """Scores of labels: the highest of (features - center) @ weights.T + bias over a label's kinds.

    firsts: the row of `weights` at which each label's kinds begin.
    """

    center: Floats
    weights: Floats
    bias: Floats
    firsts: Places

    def scores(self, features: Floats) -> Floats:
        """Features (rows, size) -> scores (rows, labels); the higher the likelier."""
        of_kinds = (features - self.center) @ self.weights.T + self.bias
        best: Floats = np.maximum.reduceat(of_kinds, self.firsts, axis=1)
        return best


def fit(features: Floats, labels: Places, kinds: Sequence[str], shrinkage: float) -> Discriminant:
    """Fit on features (n, size) of examples with labels (n,), numbered from 0, and kinds (n)."""
    group, firsts = _groups(labels, kinds)
    means = np.stack([features[group == number].mean(axis=0) for number in range(group.max() + 1)])
    center = means.mean(axis=0)
    spread = features - means[group]
    variance = float(np.mean(np.square(spread))) + 1e-9
    shifted = means - center
    weights = _inverse_times(spread, variance, shrinkage, shifted)
    bias = -0.5 * np.sum(weights * shifted, axis=1)
    return Discriminant(center, weights, bias, firsts)


def _groups(labels: Places, kinds: Sequence[str]) -> tuple[Places, Places]:
    """A number for each example, label by label: of its kind, or of all the label's small kinds
    together; and the first number of each label."""
    own = list(zip(labels.tolist(), kinds, strict=True))
    counts = Counter(own)
    named = [(one[0], one[1] if counts[one] >= LEAST_OF_A_KIND else "") for one in own]
    order = sorted(set(named))
    number = {one: at for at, one in enumerate(order)}
    firsts = np.unique([label for label, _ in order], return_index=True)[1]
    return np.array([number[one] for one in named]), firsts


def _inverse_times(spread: Floats, variance: float, shrinkage: float, vectors: Floats) -> Floats:
    """(shrinkage x variance x I + (1 - shrinkage) x covariance)^-1 applied to rows.

    By Woodbury's identity where there are fewer examples than dimensions.
    """
    ridge = shrinkage * variance
    if shrinkage >= 1:
        return vectors / ridge
    examples, size = spread.shape
    if examples > size:
        scatter = spread.T @ spread * ((1 - shrinkage) / examples)
        inner = scatter + ridge * np.eye(size)
        return np.ascontiguousarray(np.linalg.solve(inner, vectors.T).T)  # so it can be kept
    factor = spread * np.sqrt((1 - shrinkage) / len(spread))
    inner = np.eye(len(factor)) + factor @ factor.T / ridge
    solved: Floats = np.linalg.solve(inner, factor @ vectors.T)
    corrected: Floats = vectors - solved.T @ factor / ridge
    return corrected / ridge


def held_out_scores(
    features: Floats, labels: Places, kinds: Sequence[str], fold: Places, shrinkage: float
) -> Floats:
    """Scores (n, labels) of every example by a fit that had seen none of its fold.

    Folds that part a kind give probabilities near 0 and 1, since examples of a kind resemble
    each other as texts that come later do not.
    """
    scores = np.zeros((len(labels), labels.max() + 1))
    names = np.array(kinds)
    for number in np.unique(fold):
        test = fold == number
        model = fit(features[~test], labels[~test], names[~test].tolist(), shrinkage)
        scores[test] = model.scores(features[test])
    return scores


def folds(labels: Places, kinds: Sequence[str]) -> Places:
    """One of 5 for each example: kinds stay together, every label is spread over all folds."""
    fold = np.zeros(len(labels), dtype=int)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label).tolist()
        order = {kind: at for at, kind in enumerate(dict.fromkeys(kinds[i] for i in members))}
        fold[members] = [order[kinds[i]] % _FOLDS for i in members]
    return fold


@dataclass(frozen=True)
class Scale:
    """Scores to probabilities: softmax of slope x score.

    Where labels are not exclusive, several may hold: the log odds of a label against all
    others together, moved by the offset.
    """

    slope: float
    offset: float
    exclusive: bool

    def probabilities(self, scores: Floats) -> Floats:
        """Scores (rows, labels) -> probabilities of the same shape."""
        logits = self.slope * scores
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares: Floats = odds / odds.sum(axis=1, keepdims=True)
        if self.exclusive:
            return shares
        kept: Floats = np.clip(shares, 1e-12, 1 - 1e-12)
        return 1 / (1 + (1 - kept) / kept * float(np.exp(-self.offset)))


def fit_scale(scores: np.ndarray, labels: np.ndarray, exclusive: bool) -> tuple[Scale, float]:
    """The slope and offset of least log loss on held-out scores, and that loss (Platt, 1999)."""
    spread = float(np.std(scores)) + 1e-9
    slopes = np.geomspace(0.02, 20, 60) / spread
    offsets = (0.0,) if exclusive else tuple(np.linspace(-3, 3, 25))
    tried = [Scale(float(s), float(o), exclusive) for s in slopes for o in offsets]
    losses = [log_loss(scale.probabilities(scores), labels, exclusive) for scale in tried]
    best = int(np.argmin(losses))
    return tried[best], losses[best]


def log_loss(probabilities: np.ndarray, labels: np.ndarray, exclusive: bool) -> float:
    """Mean negative log probability of the truth, in nats a label decision."""
    truth = np.eye(probabilities.shape[1], dtype=bool)[labels]
    right = np.where(truth, probabilities, 1 - probabilities)
    chosen = probabilities[truth] if exclusive else right
    return float(-np.log(np.clip(chosen, 1e-9, 1)).mean())
