"""Whether a text is about security: a model's answer, keywords, words of examples, and their union.

Words, examples, bounds and weights are the recipe's.  Knows nothing of records.  Invariant: a
rule score and a combined relevance lie between 0 and 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from statistics import fmean

from stages.base import Question
from stages.recipe.recipe import Recipe
from stages.text.keywords import logistic, logit, squeeze
from stages.text.word_odds import READ_AT_MOST, WordOdds

PROBABILITY_MARGIN = 0.02  # a model is never believed beyond 49 to 1
SECURITY = "security"  # the label that counts

MOST_FAINT = 3.0
IN_A_ROW = 3  # passages of a long text
LEAST_READ = 6  # words: in a shorter text one faint word says less than its share
FAINT_READ_AT_MOST = 4_000  # characters


class RelevanceRules:
    """What a recipe says of relevance: the question to a model, the keywords, and the bounds."""

    def __init__(self, recipe: Recipe) -> None:
        self.bounds = recipe.relevance.bounds
        self.question = Question(
            "relevance",
            recipe.prompts.relevance,
            recipe.relevance.labels,
            thresholds=(
                ("relevant", self.bounds.sure),
                ("in doubt", self.bounds.doubtful),
                ("without words", self.bounds.without_words),
            ),
        )
        self._recipe = recipe.relevance
        self._weights = recipe.relevance.weights
        self._keywords = recipe.relevance.table()
        self._faint = recipe.relevance.faint_table()
        self._software = recipe.relevance.software_table()

    def rule_score(self, text: str, is_entry: bool = False) -> float:
        """How much the words of a text, and a feed's form of an entry, speak for security."""
        form = self._weights.entry if is_entry else 0.0
        known = self._keywords.total(text) + self._weights.faint * self._faint_share(text)
        return squeeze(known + form, self._weights.scale)

    def _faint_share(self, text: str) -> float:
        """How many faint words there are by the square root of the number of words read."""
        read = text[:FAINT_READ_AT_MOST]
        words = max(LEAST_READ, len(read.split()))
        return min(MOST_FAINT, self._faint.total(read) / math.sqrt(words))

    @cached_property
    def _odds(self) -> WordOdds:
        return self._recipe.word_odds()

    def word_odds(self, text: str, most: int = READ_AT_MOST) -> float:
        """How much the words of a text speak for security, by the examples; 0 says nothing."""
        return self._odds.of(text, most)

    def combined(self, rule_score: float, word_odds: float, probability: float) -> float:
        """The chance that a text is about security, by its words and a model's probability."""
        model, weights = logit(probability, PROBABILITY_MARGIN), self._weights
        by_words = weights.rules * rule_score + weights.odds * word_odds
        return logistic(weights.bias + by_words + weights.model * model)

    def of_passages(self, word_odds: float, chances: Sequence[float]) -> float:
        """The chance that a long text is about security: by the words of its passages together, and
        by the chances of those in a row that speak most for it, so that a story may come to its
        flaw late and one sentence in passing decides nothing."""
        weights = self._weights.long
        if weights is None:
            return 0.0
        odds = [logit(one, PROBABILITY_MARGIN) for one in chances]
        rows = (odds[at : at + IN_A_ROW] for at in range(max(1, len(odds) - IN_A_ROW + 1)))
        best = max(map(fmean, rows))
        return logistic(weights.bias + weights.odds * word_odds + weights.in_a_row * best)

    def by_words(self, rule_score: float, word_odds: float) -> float:
        """The chance that a text is about security, by its words alone."""
        weights = self._weights.by_words
        if weights is None:
            return rule_score
        return logistic(weights.bias + weights.rules * rule_score + weights.odds * word_odds)

    def speaks_of_software(self, text: str) -> bool:
        """Whether a text has words by which libraries and tools speak of themselves."""
        read = text[:FAINT_READ_AT_MOST]
        return self._software is not None and self._software.total(read) > 0

    def demanded(
        self,
        rule_score: float,
        trusted: bool,
        with_model: bool,
        is_entry: bool = False,
        of_software: bool = False,
    ) -> float:
        """The relevance that a record has to reach to stay: more where no word speaks for it, most
        where it speaks of software besides, and little for an entry of a feed, however few words
        of security it has."""
        bounds = self.bounds
        if is_entry:
            return bounds.entry
        if not with_model:
            return bounds.doubtful_by_words / 2 if trusted else bounds.doubtful_by_words
        if trusted or rule_score >= bounds.words:
            return bounds.doubtful
        return bounds.of_software if of_software else bounds.without_words

    def sure(self, with_model: bool) -> float:
        """The relevance from which a record is sure to belong."""
        return self.bounds.sure if with_model else self.bounds.sure_by_words
