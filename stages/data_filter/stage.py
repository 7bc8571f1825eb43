"""Keep the records that are about security, and say in short what each one is about.

Rules come first and cost nothing; then one relevance decision of the model, weighed together
with the rule score; then an enhancement that fits a schema.  Knows nothing of batches.
Invariant: no record is removed without its reason.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
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
from stages.data_filter.decided import RelevanceScore, relevance_of_any
from stages.data_filter.fields import described, stated_fields, with_fields
from stages.data_filter.in_force import no_text, not_in_force
from stages.data_filter.options import FilterOptions, add_flags
from stages.data_filter.relevance import RelevanceRules
from stages.data_filter.rules import fails_rules, is_trusted
from stages.recipe.recipe import Recipe
from stages.text.language import ENGLISH, KNOWN, short_code
from stages.text.part_mark import as_given
from stages.text.parts import part_records
from stages.text.record_language import language_of
from stages.text.record_text import RecordText, read_record, text_of

IN_DOUBT = "relevance in doubt"


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
        relevance = await relevance_of_any(parts, self._how, llm)
        language = language_of(record, read.text)
        if not relevance.stays:
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
