"""Keep the records that are about security, and say in short what each one is about.

Rules come first and cost nothing; then one relevance decision of the model, weighed together
with the rule score; then an enhancement that fits a schema.  Knows nothing of batches.
Invariant: no record is removed without its reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stages.base import LanguageModel, Outcome, Prompt, Question, Record, Removed, Result, Stage
from stages.kinds import PATTERN, TECHNIQUE, VULNERABILITY, WEAKNESS, identify
from stages.record_text import read_record, required_text
from stages.relevance import (
    RELEVANCE,
    RELEVANT,
    RELEVANT_RULES_ALONE,
    RELEVANT_RULES_TRUSTED,
    RELEVANT_TRUSTED,
    combined_relevance,
    rule_score,
)
from stages.rules import fails_rules, is_trusted

ENHANCEMENT_PROMPT = Prompt(
    system="You describe security texts briefly and exactly. You use only what the text says.",
    user="Give a technical description, the risk level, the affected systems and the"
    " mitigations of the following text as JSON.\n\nText: {text}\n\nJSON:",
    max_tokens=800,  # room for the longest answer the schema allows
)

ENHANCEMENT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "technical_description": {"type": "string", "minLength": 1, "maxLength": 320},
        "risk_level": {"enum": ["low", "medium", "high", "critical"]},
        "affected_systems": {
            "type": "array",
            "items": {"type": "string", "minLength": 1, "maxLength": 80},
            "maxItems": 3,
        },
        "mitigations": {
            "type": "array",
            "items": {"type": "string", "minLength": 1, "maxLength": 80},
            "maxItems": 3,
        },
    },
    "required": ["technical_description", "risk_level", "affected_systems", "mitigations"],
    "additionalProperties": False,
}

WITH_KNOWN_ID = frozenset({VULNERABILITY, WEAKNESS, TECHNIQUE, PATTERN})
OWN_FIELDS = "own_fields"  # where a record's own values of the enhancement's names are kept


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
        text = required_text(record)
        trusted = is_trusted(record)
        if reason := fails_rules(read_record(record), trusted):
            return Removed(reason)
        rules = rule_score(text, identify(record).kind in WITH_KNOWN_ID)
        relevance = await _relevance(text, rules, trusted, llm)
        if relevance.score < relevance.demanded:
            return Removed("not relevant", **relevance.rounded())
        enhancement = await _enhancement(text, llm)
        return Result(enhanced(record, enhancement, relevance))


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


async def _enhancement(text: str, llm: LanguageModel | None) -> Record:
    if llm is None:
        return {}
    answer: Record = await llm.generate(ENHANCEMENT_PROMPT.fill(text=text), schema=ENHANCEMENT)
    return answer


def enhanced(record: Record, enhancement: Record, relevance: Relevance) -> Record:
    """The record with its enhancement; values of its own under those names are set aside."""
    own = {name: record[name] for name in enhancement if name in record}
    kept = {OWN_FIELDS: own} if own else {}
    return record | kept | enhancement | {"relevance": relevance.rounded()}


if __name__ == "__main__":
    from workers.alone import main

    main(DataFilter)
