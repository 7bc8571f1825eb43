"""What a model and words say of a question's own examples, each by what was fitted without it.

Examples are the most varied labelled texts there are, so weights are fitted on them as well.
Knows the chooser's probe.  Invariant: what is said of an example was fitted on others only, the
same ones for model and words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.decision_material import OTHER, SECURITY, Labelled
from stages.base import Question
from stages.text.word_odds import WordOdds
from workers.generation.decisions import prototypes

if TYPE_CHECKING:
    from workers.generation.decisions.choosing import Chooser


def examples_of(question: Question) -> list[Labelled]:
    """The examples of relevance as labelled texts; the first label is security."""
    return [
        Labelled(text, label.name, text, SECURITY if number == 0 else OTHER)
        for number, label in enumerate(question.labels)
        for text in label.examples
    ]


def held_out_chances(chooser: Chooser, question: Question) -> np.ndarray:
    """Probabilities (examples, labels) in the order of the labels; by the probe only."""
    how = chooser.calibration(question)
    texts = [text for label in question.labels for text in label.examples]
    features = chooser.features(texts, how.layers)
    truth, fold = _truth(question), _folds(question)
    kinds = [kind for label in question.labels for kind in label.kinds]
    scores = prototypes.held_out_scores(features, truth, kinds, fold, how.shrinkage)
    return how.scale.probabilities(scores)


def held_out_odds(question: Question) -> np.ndarray:
    """Words' odds (examples, 1) for the first label against the others."""
    texts = [text for label in question.labels for text in label.examples]
    truth, fold = _truth(question), _folds(question)
    found = np.zeros((len(texts), 1))
    for number in np.unique(fold):
        seen = [[texts[index] for index in np.flatnonzero((fold != number) & (truth == label))]
                for label in range(len(question.labels))]  # fmt: skip
        odds = WordOdds(*seen)
        for index in np.flatnonzero(fold == number):
            found[index] = odds.of(texts[index])
    return found


def _truth(question: Question) -> np.ndarray:
    numbered = enumerate(question.labels)
    return np.array([number for number, label in numbered for _ in label.examples])


def _folds(question: Question) -> np.ndarray:
    """A fold for each example by itself, since texts that come are mostly of known kinds."""
    truth = _truth(question)
    return prototypes.folds(truth, list(map(str, range(len(truth)))))
