"""Keep the records that are about security, and say in short what each one is about.

Rules come first and cost nothing; then one relevance decision of the model, weighed together
with the rule score; then an enhancement that fits a schema.  Knows nothing of batches.
Invariant: no record is removed without its reason.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from functools import cached_property

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
from stages.data_filter.options import FilterOptions, add_flags
from stages.data_filter.relevance import SECURITY, RelevanceRules
from stages.data_filter.rules import fails_rules, is_trusted
from stages.recipe.recipe import Recipe
from stages.text.entries import is_entry
from stages.text.language import ENGLISH, KNOWN, language_of, short_code
from stages.text.part_mark import as_given
from stages.text.parts import part_records
from stages.text.record_text import RecordText, read_record, record_text, text_of
from stages.text.word_odds import READ_AT_MOST

IN_DOUBT = "relevance in doubt"


@dataclass(frozen=True)
class RelevanceScore:
    """What speaks for a record: its rule score, the model's probability, and both together."""

    rule_score: float
    probability: float | None
    score: float
    demanded: float
    in_doubt: bool  # it stays, but somebody should look at it

    def rounded(self) -> Record:
        """Two digits: what lies below is rounding noise of the batch it ran in."""
        figures = {"score": round(self.score, 2), "rule_score": round(self.rule_score, 2)}
        if self.probability is not None:
            figures["probability"] = round(self.probability, 2)
        return figures


class DataFilter(Stage):
    """Removes what is no security text in force; adds fields to what is, part by part."""

    name = "2_data_filter"
    description = "keep records about security and describe them"
    Options = FilterOptions
    options: FilterOptions

    @classmethod
    def add_arguments(cls, parser: argparse._ActionsContainer) -> None:
        add_flags(parser)

    def questions(self) -> tuple[Question, ...]:
        return (self._how.question,)

    @cached_property
    def _how(self) -> RelevanceRules:
        return RelevanceRules(self.recipe)

    async def process(self, record: Record, llm: LanguageModel | None) -> Outcome:
        record = as_given(record)
        read = read_record(record)
        if removed := self._unfit(record, read):
            return removed
        parts = part_records(record, read, self.options.part_tokens)
        relevance = await _relevance_of_any(parts, self._how, llm)
        language = language_of(record, read.text)
        if relevance.score < relevance.demanded:
            if language in ("", ENGLISH):
                return Removed("not relevant", **relevance.rounded())
            # Words and examples are English: of other texts they say too little to remove them.
            relevance = replace(relevance, in_doubt=True)
        records = [await _described(part, relevance, language, self.recipe, llm) for part in parts]
        return Result(*records)

    def removed_at_once(self, record: Record) -> Removed | None:
        """Why the rules remove a record; None where the model is to be asked.

        Raises RecordError for a record without a text.
        """
        record = as_given(record)
        return self._unfit(record, read_record(record))

    def _unfit(self, record: Record, read: RecordText) -> Removed | None:
        """Why a record is removed before anybody is asked; raises RecordError without a text."""
        if gone := no_text(record, read) or not_in_force(record, read):
            return gone
        if read.emptied:
            return Removed("nothing is left of it after cleaning")
        language = language_of(record, text_of(read))
        if not self.options.keeps(language, self.recipe.languages):
            return Removed("in another language", language=language)
        reason = fails_rules(read, is_trusted(record))
        return Removed(reason) if reason else None


async def _relevance_of_any(
    parts: list[Record], how: RelevanceRules, llm: LanguageModel | None
) -> RelevanceScore:
    """The first part's relevance that is enough, else the highest: a text is kept whole."""
    found: list[RelevanceScore] = []
    for part in parts:
        text, entry = record_text(part), is_entry(part)
        rules = how.rule_score(text, entry)
        is_long = len(text.split()) > READ_AT_MOST
        demanded = how.demanded(rules, is_trusted(part), llm is not None, entry, is_long)
        found.append(await _relevance(text, rules, demanded, how, llm))
        if found[-1].score >= found[-1].demanded:
            return found[-1]
    return max(found, key=lambda one: one.score)


async def _described(
    part: Record,
    relevance: RelevanceScore,
    language: str,
    recipe: Recipe,
    llm: LanguageModel | None,
) -> Record:
    read = read_record(part)
    stated = stated_fields(part, read, recipe.systems, language)
    added = {**await described(read, recipe, llm), **stated}
    said = _said_language(part, language)
    found = said | with_fields(part, added) | said | {"relevance": relevance.rounded()}
    return found | flagged(part) if relevance.in_doubt else found


def _said_language(part: Record, language: str) -> Record:
    """The language as it was found, also where the record states another; "Python" stays."""
    own = part.get("language")
    is_none = isinstance(own, str) and own.strip() and short_code(own) not in KNOWN
    return {"language": language} if language and not is_none else {}


def flagged(record: Record) -> Record:
    """The fields that ask for a review, beside flags that the record has already."""
    own = record.get("flags")
    flags = own if isinstance(own, list) else []
    return {"review_required": True, "flags": [*flags, IN_DOUBT]}


async def _relevance(
    text: str, rules: float, demanded: float, how: RelevanceRules, llm: LanguageModel | None
) -> RelevanceScore:
    probability, odds = None, how.word_odds(text)
    score = how.by_words(rules, odds)
    if llm is not None:
        probability = (await llm.choose(how.question, text)).probabilities[SECURITY]
        score = how.combined(rules, odds, probability)
    # Also where only a model speaks for it, somebody should look.
    in_doubt = score < how.sure(llm is not None) or rules < how.bounds.words
    return RelevanceScore(rules, probability, score, demanded, in_doubt)
