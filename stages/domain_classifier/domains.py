"""How a domain's keywords and a model's probability become its confidence.

What is fitted on data stands here; domains, keywords and examples are the recipe's.  Knows
nothing of records.  Invariant: a domain's rule score and confidence lie between 0 and 1.
"""

from __future__ import annotations

from stages.recipe.domains import STRONG, SURE, WEAK, Domains
from stages.recipe.keyword_lists import Keywords
from stages.text import kinds
from stages.text.keywords import KeywordTable, logistic, logit

# domain_confidence: a logistic regression on (rule score, log odds), over all domains together,
# fitted by `python -m benchmarks.decisions --fit` on texts that nothing is reported on.
BIAS = -1.12
RULE_WEIGHT = 4.12
MODEL_WEIGHT = 0.90
PROBABILITY_MARGIN = 0.02

SCORE_SCALE = 1.5
STRONG_WEIGHT = 1.0
WEAK_WEIGHT = 0.5
SURE_WEIGHT = 5.0  # enough for a domain to be named whatever a model says
_EVIDENCE = {SURE: SURE_WEIGHT, STRONG: STRONG_WEIGHT, WEAK: WEAK_WEIGHT}


class DomainRules:
    """The domains' keywords as tables, and what the kind of a record says of its domains."""

    def __init__(self, domains: Domains) -> None:
        self._tables = {name: _table(words) for name, words in domains.keywords.items()}
        self._evidence = {
            kind: {name: _EVIDENCE[how] for name, how in found.items()}
            for kind, found in domains.kinds.items()
        }

    def scores(self, text: str, kind: str = kinds.OTHER) -> dict[str, float]:
        """Each domain's score by its keywords and by the kind of the record."""
        evidence = self._evidence.get(kind, {})
        return {name: table.score(text, evidence.get(name, 0.0))
                for name, table in self._tables.items()}  # fmt: skip


def _table(words: Keywords) -> KeywordTable:
    return words.table(STRONG_WEIGHT, WEAK_WEIGHT, SCORE_SCALE)


def domain_confidence(rule_score: float, probability: float) -> float:
    """The confidence in a domain, from its rule score and a model's probability."""
    odds = logit(probability, PROBABILITY_MARGIN)
    return logistic(BIAS + RULE_WEIGHT * rule_score + MODEL_WEIGHT * odds)
