"""Keep the records that are about security, and say in short what each one is about.

Rules come first and cost nothing; then one relevance decision of the model, weighed together
with the rule score; then an enhancement that fits a schema.  Knows nothing of batches.
Invariant: no record is removed without its reason.
"""

from __future__ import annotations

from dataclasses import dataclass

from stages.base import (
    LanguageModel,
    Outcome,
    Question,
    Record,
    Removed,
    Result,
    Stage,
)
from stages.data_filter.fields import described, stated_fields, with_fields
from stages.data_filter.in_force import no_text, not_in_force
from stages.data_filter.relevance import (
    RELEVANCE,
    RELEVANT,
    RELEVANT_RULES_ALONE,
    RELEVANT_RULES_TRUSTED,
    RELEVANT_TRUSTED,
    combined_relevance,
    rule_score,
)
from stages.data_filter.rules import fails_rules, is_trusted
from stages.text.kinds import PATTERN, TECHNIQUE, VULNERABILITY, WEAKNESS, identify
from stages.text.record_text import read_record, text_of

WITH_KNOWN_ID = frozenset({VULNERABILITY, WEAKNESS, TECHNIQUE, PATTERN})


@dataclass(frozen=True)
class Relevance:
    """What speaks for a record: its rule score, the model's probability, and both together."""

    rule_score: float
    probability: float | None
    score: float
    demanded: float

    def rounded(self) -> Record:
        """Two digits: what lies below is rounding noise of the batch it ran in."""
        figures = {"score": round(self.score, 2), "rule_score": round(self.rule_score, 2)}
        if self.probability is not None:
            figures["probability"] = round(self.probability, 2)
        return figures


class DataFilter(Stage):
    """Removes what is not about security; enhances what is."""

    name = "2_data_filter"
    description = "keep records about security and describe them"

    @classmethod
    def questions(cls) -> tuple[Question, ...]:
        return (RELEVANCE,)

    async def process(self, record: Record, llm: LanguageModel | None) -> Outcome:
        read = read_record(record)
        if gone := no_text(record) or not_in_force(record, read):
            return gone
        if read.emptied:
            return Removed("nothing is left of it after cleaning")
        text = text_of(read)
        trusted = is_trusted(record)
        if reason := fails_rules(read, trusted):
            return Removed(reason)
        rules = rule_score(text, identify(record).kind in WITH_KNOWN_ID)
        relevance = await _relevance(text, rules, trusted, llm)
        if relevance.score < relevance.demanded:
            return Removed("not relevant", **relevance.rounded())
        added = {**await described(read, llm), **stated_fields(record, read)}
        return Result(with_fields(record, added) | {"relevance": relevance.rounded()})


async def _relevance(
    text: str, rules: float, trusted: bool, llm: LanguageModel | None
) -> Relevance:
    if llm is None:
        demanded = RELEVANT_RULES_TRUSTED if trusted else RELEVANT_RULES_ALONE
        return Relevance(rules, None, rules, demanded)
    choice = await llm.choose(RELEVANCE, text)
    probability = choice.probabilities["security"]
    demanded = RELEVANT_TRUSTED if trusted else RELEVANT
    return Relevance(rules, probability, combined_relevance(rules, probability), demanded)
