"""What a model says of a question's own examples, each by a probe that had seen none of its kind.

Examples are the most varied labelled texts there are, so weights are fitted on them as well.
Knows the chooser's probe.  Invariant: a probability is of a kind of text that was held out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.decision_material import OTHER, SECURITY, Labelled
from stages.base import Question
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
    labels = [label for label in question.labels for _ in label.examples]
    truth = np.array([question.labels.index(label) for label in labels])
    kinds = [kind for label in question.labels for kind in label.kinds]
    texts = [text for label in question.labels for text in label.examples]
    features = chooser.features(texts, how.layers)
    scores = prototypes.held_out_scores(features, truth, kinds, len(question.labels), how.shrinkage)
    return how.scale.probabilities(scores)
