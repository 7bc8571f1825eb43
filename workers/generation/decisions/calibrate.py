"""Which way a question is answered with the loaded model, found on its own labelled examples.

Knows both ways, a linear probe on hidden states and asking for the label's word.  Invariant:
the way that is taken did best on examples it had not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain, zip_longest

import numpy as np

from stages.base import Label, Question
from workers.core.errors import ModelError
from workers.generation.decisions import prototypes
from workers.generation.decisions.calibration import ASKING, Calibration
from workers.generation.decisions.label_scores import LabelScores
from workers.generation.decisions.shared_reading import SharedReading
from workers.generation.decisions.texts import ROWS, Texts, side_by_side

MOST_READ = 512  # examples that a model reads which no calibration is shipped for
_ASKED = 42  # examples to try asking on: each costs a whole prompt
_GOOD_ENOUGH = 1.005  # a shallower layer is taken if its loss is that near to the least
_HOPELESS = 1.5  # times the loss of the other way: asking is given up


class Calibrator:
    """Calibrates questions for one model."""

    def __init__(self, texts: Texts, asking: LabelScores) -> None:
        self._texts = texts
        self._asking = asking

    def calibrate(self, question: Question, reading: SharedReading) -> Calibration:
        """The better of both ways; raises ModelError where the model allows neither.

        `reading` is of the question's `examples_of`.
        """
        shown = self.by_examples(question, reading) if self._texts.layers else None
        to_beat = np.inf if shown is None else shown.log_loss
        asked = self.by_asking(question, to_beat, reading.asked)
        ways = [how for how in (shown, asked) if how is not None]
        if not ways:
            raise ModelError(
                f"question {question.name} can't be answered with this model: it shows no layers "
                "to look at, and its tokens don't tell the labels' words apart"
            )
        return min(ways, key=lambda how: how.log_loss)

    def by_examples(self, question: Question, reading: SharedReading) -> Calibration:
        """A linear probe on the layers and shrinkage of least held-out loss."""
        features = reading.features()
        found = [
            _probe(question, side_by_side(features, layers), layers, shrinkage)
            for layers in _choices(self._texts.layers)
            for shrinkage in prototypes.SHRINKAGES
        ]
        least = min(how.log_loss for how in found)
        near = [how for how in found if how.log_loss <= least * _GOOD_ENOUGH]
        return min(near, key=lambda how: (how.layer, how.log_loss))

    def first_asked(self, question: Question) -> np.ndarray:
        """Scores, (texts, labels), of the examples that `by_asking` begins with; none where
        words can't tell labels apart."""
        if not self._asking.can_ask(question):
            return np.zeros((0, len(question.labels)))
        return self._ask(question, _some_examples(question)[0][:ROWS])

    def _ask(self, question: Question, texts: Sequence[str]) -> np.ndarray:
        return self._asking.scores(question, [self._texts.beginning(text) for text in texts])

    def by_asking(
        self,
        question: Question,
        to_beat: float = np.inf,
        first: Callable[[], np.ndarray] | None = None,
    ) -> Calibration | None:
        """Asking for the label's word; None where words can't tell labels apart, or where it
        is far from `to_beat`, a log loss, after a few examples.

        Its scale is fitted on the very examples it is judged by, so that a few flatter it: who
        loses on them by far has lost.  `first` gives what `first_asked` does.
        """
        if not self._asking.can_ask(question):
            return None
        texts, truth = _some_examples(question)
        scores = first() if first is not None else self.first_asked(question)
        for at in range(0, len(texts), ROWS):
            if at:
                scores = np.concatenate([scores, self._ask(question, texts[at : at + ROWS])])
            scale, loss = prototypes.fit_scale(scores, truth[: len(scores)], question.exclusive)
            if loss > _HOPELESS * to_beat:
                return None
        return Calibration(ASKING, 1.0, None, scale, loss, _accuracy(scores, truth))


def examples_of(question: Question) -> list[str]:
    """The examples of all labels, label by label."""
    return [text for label in question.labels for text in label.examples]


def fewer(question: Question, most: int = MOST_READ) -> Question:
    """The question with at most about so many examples, of every label and kind its share.

    More tell more, but a model that no calibration is shipped for has to read each of them.
    """
    count = sum(len(label.examples) for label in question.labels)
    if count <= most:
        return question
    labels = (_thinned(label, most / count) for label in question.labels)
    return replace(question, labels=tuple(labels))


def _thinned(label: Label, share: float) -> Label:
    """A share of a label's examples, from all over them, and their kinds."""
    step = len(label.examples) / max(2, round(share * len(label.examples)))
    places = [int(at * step) for at in range(round(len(label.examples) / step))]
    return replace(
        label,
        examples=tuple(label.examples[at] for at in places),
        kinds=tuple(label.kinds[at] for at in places) if label.kinds else (),
    )


def _choices(layers: Sequence[int]) -> list[tuple[int, ...]]:
    """Each layer alone, and all of them together."""
    alone: list[tuple[int, ...]] = [(layer,) for layer in layers]
    return [*alone, tuple(layers)] if len(layers) > 1 else alone


def _probe(
    question: Question, features: np.ndarray, layers: tuple[int, ...], shrinkage: float
) -> Calibration:
    truth, kinds = _truth(question), _kinds(question)
    fold = prototypes.folds(truth, kinds)
    held_out = prototypes.held_out_scores(features, truth, kinds, fold, shrinkage)
    scale, loss = prototypes.fit_scale(held_out, truth, question.exclusive)
    whole = prototypes.fit(features, truth, kinds, shrinkage)
    return Calibration(layers, shrinkage, whole, scale, loss, _accuracy(held_out, truth))


def _some_examples(question: Question) -> tuple[list[str], np.ndarray]:
    """Examples to ask about and their labels' numbers, all labels by turns."""
    most = max(3, _ASKED // len(question.labels))
    some = [_spread(label.examples, most) for label in question.labels]
    numbered = [[(text, index) for text in texts] for index, texts in enumerate(some)]
    by_turns = [one for one in chain(*zip_longest(*numbered)) if one is not None]
    return [text for text, _ in by_turns], np.array([index for _, index in by_turns])


def _spread(examples: Sequence[str], most: int) -> list[str]:
    """So many of the examples, from all over them."""
    return list(examples[:: max(1, len(examples) // most)])[:most]


def _truth(question: Question) -> np.ndarray:
    return np.array([index for index, label in enumerate(question.labels) for _ in label.examples])


def _kinds(question: Question) -> list[str]:
    """The kind of each example; one that names none is of its own."""
    return [
        kind
        for label in question.labels
        for kind in (label.kinds or map(str, range(len(label.examples))))
    ]


def _accuracy(scores: np.ndarray, truth: np.ndarray) -> float:
    return float((scores.argmax(axis=1) == truth).mean())
