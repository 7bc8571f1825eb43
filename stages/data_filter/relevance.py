"""Whether a text is about security: the question to a model, the keywords, and their union.

What is fitted on data stands here; keywords and examples are the recipe's.  Knows nothing of
records.  Invariant: `rule_score` and `combined_relevance` lie between 0 and 1.
"""

from __future__ import annotations

from stages.base import Question
from stages.recipe.recipe import Recipe
from stages.text.keywords import logistic, logit

# combined_relevance: a logistic regression on (rule score, log odds), for even odds beforehand,
# fitted by `python -m benchmarks.decisions --fit` on texts that nothing is reported on.
BIAS = -0.93
RULE_WEIGHT = 4.10
MODEL_WEIGHT = 1.64
PROBABILITY_MARGIN = 0.02  # a model is never believed beyond 49 to 1

# Chosen on the fitting half of `benchmarks.kind_material`: what is in doubt stays, flagged.
RELEVANT = 0.5  # combined relevance from which a record is sure to belong
DOUBTFUL = 0.15  # combined relevance from which it stays, if words speak for it as well
LEAST_WORDS = 0.15  # rule score from which words do
WITHOUT_WORDS = 0.75  # combined relevance from which it stays without them
RELEVANT_RULES_ALONE = 0.3  # rule score from which it is sure when no model is asked
DOUBTFUL_RULES_ALONE = 0.15
KNOWN_ID_WEIGHT = 1.0  # evidence of a CVE, CWE, ATT&CK or CAPEC id as the record's own
HIGH_WEIGHT = 1.0
MEDIUM_WEIGHT = 0.4
SCORE_SCALE = 1.8


class RelevanceRules:
    """What a recipe says of relevance: the question to a model, and the keywords."""

    def __init__(self, recipe: Recipe) -> None:
        self.question = Question(
            "relevance", recipe.prompts.relevance, recipe.relevance.labels, thresholds=_THRESHOLDS
        )
        keywords = recipe.relevance.keywords
        self._keywords = keywords.table(HIGH_WEIGHT, MEDIUM_WEIGHT, SCORE_SCALE)

    def rule_score(self, text: str, has_known_id: bool = False) -> float:
        """How much the words of a text, and a well-known id, speak for security: 0 to 1."""
        return self._keywords.score(text, KNOWN_ID_WEIGHT if has_known_id else 0.0)


_THRESHOLDS = (("relevant", RELEVANT), ("in doubt", DOUBTFUL), ("without words", WITHOUT_WORDS))


def demanded(rule_score: float, trusted: bool, with_model: bool) -> float:
    """The relevance that a record has to reach to stay: more where no word speaks for it."""
    if not with_model:
        return DOUBTFUL_RULES_ALONE / 2 if trusted else DOUBTFUL_RULES_ALONE
    return DOUBTFUL if trusted or rule_score >= LEAST_WORDS else WITHOUT_WORDS


def combined_relevance(rule_score: float, probability: float) -> float:
    """The chance that a text is about security, from its rule score and a model's probability."""
    odds = logit(probability, PROBABILITY_MARGIN)
    return logistic(BIAS + RULE_WEIGHT * rule_score + MODEL_WEIGHT * odds)
