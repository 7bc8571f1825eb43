"""What rules, words and the model say of texts whose truth is known.

Knows questions and how the stages combine their answers; knows no table.  Invariant: a draw is the
same each time, and has texts of one half only, of those to fit on or of those to report on.
"""

from __future__ import annotations

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.decision_material import Labelled, domain_material, relevance_material
from benchmarks.loaded import loaded
from stages.base import Question
from stages.data_filter import relevance
from stages.domain_classifier import domains
from stages.recipe.recipe import Recipe, shipped

if TYPE_CHECKING:
    from workers.generation.decisions.choosing import Chooser

_ROWS = 8

RELEVANCE = relevance.RelevanceRules(shipped())

Chances = np.ndarray  # (texts, labels)


@dataclass(frozen=True)
class Predictions:
    """Texts, what is true of them, and what rules and model say: all of shape (texts, labels).

    odds: those of the words by a question's examples, where they are weighed as well.
    """

    texts: list[Labelled]
    names: tuple[str, ...]
    truth: np.ndarray
    rules: np.ndarray
    model: np.ndarray
    per_second: float
    odds: np.ndarray | None = None


def drawn(texts: Iterable[Labelled], most: int, fitting: bool) -> list[Labelled]:
    """At most `most` texts of each source, always the same, from one side of the split."""
    return drawn_of([text for text in texts if text.for_fitting == fitting], most)


def drawn_of(texts: Iterable[Labelled], most: int) -> list[Labelled]:
    """At most `most` texts of each source, always the same."""
    by_source: dict[str, list[Labelled]] = defaultdict(list)
    for text in texts:
        by_source[text.source].append(text)
    return [
        text for _, found in sorted(by_source.items()) for text in sorted(found, key=_order)[:most]
    ]


def _order(text: Labelled) -> bytes:
    return hashlib.sha256(text.text.encode("utf-8", "replace")).digest()


def asked(chooser: Chooser, question: Question, texts: Sequence[Labelled]) -> tuple[Chances, float]:
    """The model's probabilities, shape (texts, labels), and how many texts it did a second."""
    order = sorted(range(len(texts)), key=lambda index: chooser.length(texts[index].text))
    found: list[list[float]] = [[] for _ in texts]
    chooser.calibration(question)
    begun = time.perf_counter()
    for at in range(0, len(order), _ROWS):
        batch = order[at : at + _ROWS]
        for index, choice in zip(
            batch, chooser.choose(question, [texts[i].text for i in batch]), strict=True
        ):
            found[index] = list(choice.probabilities.values())
    return np.array(found), len(texts) / (time.perf_counter() - begun)


def decide_relevance(chooser: Chooser, most: int, fitting: bool) -> Predictions:
    """Rules and model on the relevance material; one label, "security"."""
    texts = drawn(relevance_material(), most, fitting)
    chances, speed = asked(chooser, RELEVANCE.question, texts)
    rules = np.array([[RELEVANCE.rule_score(text.text)] for text in texts])
    odds = np.array([[RELEVANCE.word_odds(text.text)] for text in texts])
    truth = np.array([["other" not in text.labels] for text in texts])
    return Predictions(texts, ("security",), truth, rules, chances[:, :1], speed, odds)


def decide_domains(
    chooser: Chooser, most: int, fitting: bool, recipe: Recipe | None = None
) -> Predictions:
    """Rules and model on the domain material."""
    return domains_of(chooser, drawn(domain_material(), most, fitting), recipe)


def domains_of(
    chooser: Chooser, texts: list[Labelled], recipe: Recipe | None = None
) -> Predictions:
    """Rules and model on texts, by the shipped recipe if none is given.  Rules are not told the
    kind of the record, which would give them the answer for CWE."""
    recipe = recipe or shipped()
    chances, speed = asked(chooser, recipe.domain_question, texts)
    by_words, names = domains.DomainRules(recipe.domains), recipe.domains.names
    rules = np.array([list(by_words.scores(text.text).values()) for text in texts])
    truth = np.array([[name in text.labels for name in names] for text in texts])
    return Predictions(texts, names, truth, rules, chances, speed)


def combined(decided: Predictions, together: Callable[..., float]) -> Chances:
    """Rules, words' odds where there are any, and model together, as the stage combines them."""
    given = (decided.rules, decided.odds, decided.model)
    rows = zip(*(each.ravel() for each in given if each is not None), strict=True)
    return np.array([together(*row) for row in rows]).reshape(decided.rules.shape)


def by_words(decided: Predictions) -> Chances:
    """Rules and words' odds together, as the stage combines them without a model."""
    assert decided.odds is not None
    rows = zip(decided.rules.ravel(), decided.odds.ravel(), strict=True)
    return np.array([RELEVANCE.by_words(*row) for row in rows]).reshape(decided.rules.shape)


def load_chooser(name: str) -> Chooser:
    """The chooser that a worker would have for this model."""
    model = loaded(name)
    from workers.core.cache import cache_dir
    from workers.generation.decisions.choosing import Chooser
    from workers.generation.tokens.prompts import PromptEncoder

    return Chooser(model, PromptEncoder(model.tokenizer), cache_dir() / "choices")
