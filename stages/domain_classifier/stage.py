"""Name the security domains of a record, each with a confidence, the surest first.

Reads the pairs of the data structurer as well as raw records.  Knows nothing of how a
model decides.  Invariant: `primary_domain` is the first of `domains`, or "uncategorized".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from stages.base import LanguageModel, Outcome, Question, Record, Removed, Result, Stage
from stages.domain_classifier.domains import (
    DOMAINS,
    NAMES,
    SHOWN_ABOVE,
    domain_confidence,
    rule_scores,
)
from stages.gates.duplicates import Duplicates
from stages.text.kinds import OTHER, identify
from stages.text.record_text import as_scalar, required_text

UNCATEGORIZED = "uncategorized"


class DomainClassifier(Stage):
    """Adds `domains` and `primary_domain` to a record."""

    name = "4_domain_classifier"
    description = "name the security domains of each pair"

    @classmethod
    def questions(cls) -> tuple[Question, ...]:
        return (DOMAINS,)

    @classmethod
    def screen(cls) -> Callable[[Record], Removed | None]:
        return Duplicates().check

    async def process(self, record: Record, llm: LanguageModel | None) -> Outcome:
        text = text_to_classify(record)
        confidences: Mapping[str, float] = rule_scores(text, kind_of(record))
        if llm is not None:
            choice = await llm.choose(DOMAINS, text)
            confidences = {
                name: domain_confidence(confidences[name], choice.probabilities[name])
                for name in NAMES
            }
        return Result(record | classified(confidences))


def text_to_classify(record: Record) -> str:
    """Question, answer and the source's name of a pair; the text of any other record."""
    if not is_pair(record):
        return required_text(record)
    parts = [record["instruction"].strip(), record["response"].strip()]
    source = record.get("source_data")
    name = as_scalar(source.get("name")) if isinstance(source, dict) else ""
    if name not in parts[0]:
        parts.insert(0, name)
    return "\n".join(parts)


def is_pair(record: Record) -> bool:
    """Whether a record has both an instruction and a response."""
    texts = [record.get("instruction"), record.get("response")]
    return all(isinstance(text, str) and text.strip() for text in texts)


def kind_of(record: Record) -> str:
    """The kind that the structurer found, or that the record itself shows."""
    source = record.get("source_data")
    if isinstance(source, dict):
        return as_scalar(source.get("kind")) or OTHER
    return identify(record).kind


def classified(confidences: Mapping[str, float]) -> Record:
    """The fields to add.  Rounded first, so that ties are ties in every batch."""
    rounded = {name: round(confidence, 2) for name, confidence in confidences.items()}
    shown = sorted(
        (name for name in rounded if rounded[name] > SHOWN_ABOVE),
        key=lambda name: (-rounded[name], NAMES.index(name)),
    )
    return {
        "domains": [{"domain": name, "confidence": rounded[name]} for name in shown],
        "primary_domain": shown[0] if shown else UNCATEGORIZED,
    }
