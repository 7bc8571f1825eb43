"""Name the security domains of a record, each with a confidence, the surest first.

Reads the pairs of the data structurer as well as raw records.  Knows nothing of how a
model decides.  Invariant: `primary_domain` is the first of `domains`, or "uncategorized"; all
pairs of one record have the same domains.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from stages.base import (
    LanguageModel,
    Outcome,
    Question,
    Record,
    Removed,
    Result,
    Stage,
    StageOptions,
)
from stages.domain_classifier.decided import DecisionCache
from stages.domain_classifier.domains import DomainRules, domain_confidence
from stages.gates.duplicates import Duplicates
from stages.gating import gate
from stages.recipe.domains import Domains
from stages.recipe.recipe import Recipe
from stages.text.kinds import OTHER, identify, is_pair
from stages.text.part_mark import is_part
from stages.text.record_text import as_scalar, required_text

UNCATEGORIZED = "uncategorized"
MOST_DECIDED = 512  # source texts whose domains a worker remembers


class DomainClassifier(Stage):
    """Adds `domains` and `primary_domain` to a record."""

    name = "4_domain_classifier"
    description = "name the security domains of each pair"

    def questions(self) -> tuple[Question, ...]:
        return (self._question,)

    def screen(self) -> Callable[[Record], Removed | None]:
        return Duplicates(self.recipe.bounds).check

    def __init__(self, options: StageOptions | None = None, recipe: Recipe | None = None) -> None:
        super().__init__(options, recipe)
        self._decided: DecisionCache[Mapping[str, float]] = DecisionCache(MOST_DECIDED)

    async def process(self, record: Record, llm: LanguageModel | None) -> Outcome:
        judged_by = self.recipe if self.made_in_run else None
        if (
            self.from_outside
            and is_pair(record)
            and (why := gate(record, judged_by, here=self.recipe))
        ):
            return why
        text, kind = text_to_classify(record), kind_of(record)
        if not has_source(record):
            found = await self.confidences(text, kind, llm)
            return Result(record | classified(found, self.recipe.domains))
        found = await self._decided.get(
            f"{llm is None}\0{kind}\0{text}", lambda: self.confidences(text, kind, llm)
        )
        return Result(record | classified(found, self.recipe.domains))

    async def confidences(
        self, text: str, kind: str, llm: LanguageModel | None
    ) -> Mapping[str, float]:
        """The confidence in each domain, by the words of a text and by a model."""
        found = self._rules.scores(text, kind)
        if llm is None:
            return found
        chances = (await llm.choose(self._question, text)).probabilities
        return {name: domain_confidence(score, chances[name]) for name, score in found.items()}

    @cached_property
    def _rules(self) -> DomainRules:
        return DomainRules(self.recipe.domains)

    @cached_property
    def _question(self) -> Question:
        return self.recipe.domain_question


def text_to_classify(record: Record) -> str:
    """The source text of a pair, so that all its pairs agree; the text of any other record.

    Of a part of a long text, how the whole one begins, so that its parts agree.  A pair without
    its source is read by its name, question and answer.
    """
    holder = record["source_data"] if has_source(record) else record if is_part(record) else {}
    part = holder.get("part")
    if isinstance(part, dict) and (begins := as_scalar(part.get("begins"))):
        return begins
    if not is_pair(record):
        return required_text(record)
    if has_source(record):
        return str(record["source_data"]["text"]).strip()
    parts = [record["instruction"].strip(), record["response"].strip()]
    source = record.get("source_data")
    name = as_scalar(source.get("name")) if isinstance(source, dict) else ""
    if name not in parts[0]:
        parts.insert(0, name)
    return "\n".join(parts)


def has_source(record: Record) -> bool:
    """Whether a record is a pair that carries the text it was made from."""
    source = record.get("source_data")
    text = source.get("text") if isinstance(source, dict) else None
    return is_pair(record) and isinstance(text, str) and bool(text.strip())


def kind_of(record: Record) -> str:
    """The kind that the structurer found, or that the record itself shows."""
    source = record.get("source_data")
    if isinstance(source, dict):
        return as_scalar(source.get("kind")) or OTHER
    return identify(record).kind


def classified(confidences: Mapping[str, float], domains: Domains) -> Record:
    """The fields to add.  Rounded first, so that ties are ties in every batch."""
    rounded = {name: round(confidences[name], 2) for name in domains.names}
    by_confidence = sorted(rounded, key=lambda name: -rounded[name])  # ties as in the recipe
    shown = [name for name in by_confidence if rounded[name] > domains.shown_above]
    shown = shown or [name for name in by_confidence[:1] if rounded[name] > domains.first_above]
    return {
        "domains": [{"domain": name, "confidence": rounded[name]} for name in shown],
        "primary_domain": shown[0] if shown else UNCATEGORIZED,
    }
