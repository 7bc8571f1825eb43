"""Whether a text is about security: the question to a model, the keywords, and their union.

Everything that is fitted on data or edited by hand stands here.  Knows nothing of records.
Invariant: `rule_score` and `combined_relevance` lie between 0 and 1.
"""

from __future__ import annotations

import math

from stages.base import Label, Prompt, Question
from stages.data_filter.relevance_examples import (
    EVERYDAY_EXAMPLES,
    SECURITY_EXAMPLES,
    SOFTWARE_EXAMPLES,
)
from stages.data_filter.relevance_words import HIGH, LOW, MEDIUM
from stages.text.keywords import KeywordTable, logistic, logit, squeeze

# combined_relevance: a logistic regression on (rule score, log odds), for even odds beforehand,
# fitted by `python -m benchmarks.decisions --fit` on texts that nothing is reported on
# and on the examples, each with its kind held out.
BIAS = -1.39
RULE_WEIGHT = 6.37
MODEL_WEIGHT = 1.08
PROBABILITY_MARGIN = 0.02  # a model is never believed beyond 49 to 1

# Chosen on the same texts: what is in doubt stays, flagged.
RELEVANT = 0.5  # combined relevance from which a record is sure to belong
DOUBTFUL = 0.25  # combined relevance from which it stays, if words speak for it as well
LEAST_WORDS = 0.1  # rule score from which words do
WITHOUT_WORDS = 0.5  # combined relevance from which it stays without them
RELEVANT_RULES_ALONE = 0.3  # rule score from which it is sure when no model is asked
DOUBTFUL_RULES_ALONE = 0.2
KNOWN_ID_WEIGHT = 1.0  # evidence of a CVE, CWE, ATT&CK or CAPEC id as the record's own

SECURITY = "security"  # the label that counts

RELEVANCE = Question(
    name="relevance",
    prompt=Prompt(
        system="You sort texts by their topic.",
        user="Is the topic of this text computer security, software or everyday life? Answer with"
        " one word, security, software or life.\n\nText: {text}\n\nTopic:",
        max_tokens=4,
    ),
    labels=(
        Label.of_kinds(SECURITY, "security", SECURITY_EXAMPLES),
        # What is about something else is about two things: one mean would stand between them.
        Label.of_kinds("software", "software", SOFTWARE_EXAMPLES),
        Label.of_kinds("everyday", "life", EVERYDAY_EXAMPLES),
    ),
    thresholds=(("relevant", RELEVANT), ("in doubt", DOUBTFUL), ("without words", WITHOUT_WORDS)),
)

HIGH_WEIGHT = 1.0
MEDIUM_WEIGHT = 0.4
LOW_WEIGHT = 0.6  # of the words of LOW by the square root of the number of words read
MOST_LOW = 3.0
LEAST_READ = 6  # words: in a shorter text one word of LOW says less than its share
LOW_READ_AT_MOST = 4_000  # characters
SCORE_SCALE = 1.8


def _weights(words: str, weight: float) -> dict[str, float]:
    return {word.strip(): weight for word in words.split(",")}


_KEYWORDS = KeywordTable(
    _weights(MEDIUM, MEDIUM_WEIGHT) | _weights(HIGH, HIGH_WEIGHT), scale=SCORE_SCALE
)
_LOW = KeywordTable(_weights(LOW, 1.0), scale=SCORE_SCALE)


def rule_score(text: str, has_known_id: bool = False) -> float:
    """How much the words of a text, and a well-known id, speak for security: 0 to 1."""
    own_id = KNOWN_ID_WEIGHT if has_known_id else 0.0
    return squeeze(_KEYWORDS.total(text) + LOW_WEIGHT * _low(text) + own_id, SCORE_SCALE)


def _low(text: str) -> float:
    """How many words of LOW there are for the length of a text."""
    read = text[:LOW_READ_AT_MOST]
    words = max(LEAST_READ, len(read.split()))
    return min(MOST_LOW, _LOW.total(read) / math.sqrt(words))


def demanded(rule_score: float, trusted: bool, with_model: bool) -> float:
    """The relevance that a record has to reach to stay: more where no word speaks for it."""
    if not with_model:
        return DOUBTFUL_RULES_ALONE / 2 if trusted else DOUBTFUL_RULES_ALONE
    return DOUBTFUL if trusted or rule_score >= LEAST_WORDS else WITHOUT_WORDS


def combined_relevance(rule_score: float, probability: float) -> float:
    """The chance that a text is about security, from its rule score and a model's probability."""
    odds = logit(probability, PROBABILITY_MARGIN)
    return logistic(BIAS + RULE_WEIGHT * rule_score + MODEL_WEIGHT * odds)
