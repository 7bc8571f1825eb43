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
from stages.enhancement import ENHANCEMENT, ENHANCEMENT_PROMPT, LONGEST_DESCRIPTION
from stages.text.facts import facts_about
from stages.text.kinds import PATTERN, TECHNIQUE, VULNERABILITY, WEAKNESS, identify
from stages.text.record_text import read_record, required_text
from stages.text.sentences import first_sentences, tidy

STATE_SYSTEMS = ("Affected", "Platforms")  # facts that a record may state itself
STATE_MITIGATIONS = ("Mitigations", "Solution")
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
        enhancement = await _enhancement(record, text, llm)
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


async def _enhancement(record: Record, text: str, llm: LanguageModel | None) -> Record:
    if llm is None:
        return {}
    answer: Record = await llm.generate(ENHANCEMENT_PROMPT.fill(text=text), schema=ENHANCEMENT)
    return with_own_facts(record, text, answer)


def with_own_facts(record: Record, text: str, answer: Record) -> Record:
    """The model's answer, but for what the record states itself."""
    described = tidy(answer["technical_description"], LONGEST_DESCRIPTION)
    systems = [value for fact in facts_about(record, STATE_SYSTEMS) for value in fact.values]
    actions = [value for fact in facts_about(record, STATE_MITIGATIONS) for value in fact.values]
    return {
        "technical_description": described or first_sentences(text.split("\n")[-1], 1),
        "risk_level": answer["risk_level"],
        "affected_systems": systems or list(dict.fromkeys(answer["affected_systems"])),
        "mitigations": actions or list(dict.fromkeys(answer["mitigations"])),
    }


def enhanced(record: Record, enhancement: Record, relevance: Relevance) -> Record:
    """The record with its enhancement; values of its own under those names are set aside."""
    own = {name: record[name] for name in enhancement if name in record}
    kept = {OWN_FIELDS: own} if own else {}
    return record | kept | enhancement | {"relevance": relevance.rounded()}
