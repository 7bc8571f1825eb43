"""Turn a record into question and answer pairs that fit what the record is.

Answers are the record's own words first; a model answers the types of question that it was found
to answer better.  Every pair passes the gates or is left out with its reason.  Knows nothing of
relevance or domains.  Invariant: every pair has an instruction, a response that is not empty,
its source, and what the gates measured.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from stages.base import (
    Findings,
    LanguageModel,
    LeftOut,
    Outcome,
    Question,
    Record,
    Removed,
    Result,
    Stage,
    StageOptions,
)
from stages.data_structurer.answers import RECORD as OF_RECORD
from stages.data_structurer.answers import Answer
from stages.data_structurer.model_answers import MODEL, model_answers, put_to_model
from stages.data_structurer.options import AUTO, RECORD, StructurerOptions, add_flags
from stages.data_structurer.own_answers import own_answer
from stages.data_structurer.products import is_named, product_of
from stages.data_structurer.prompts import shown
from stages.data_structurer.reading import Reading, read
from stages.data_structurer.subjects import kind_of, renamed
from stages.data_structurer.threads import asked_and_answered
from stages.data_structurer.trial import judging_code, trial
from stages.data_structurer.whole_record import asked_of
from stages.gates.bounds import Bounds
from stages.gates.duplicates import Duplicates
from stages.gates.gates import Pair, judge
from stages.gates.measures import SourceText
from stages.recipe.asks import KindQuestion
from stages.recipe.demanded import demanded
from stages.recipe.recipe import Recipe
from stages.recipe.role_names import CAUSE, EFFECT, RESPOND, WHAT
from stages.text.facts import facts_about
from stages.text.kinds import OTHER, REPORT, VULNERABILITY, identify
from stages.text.language import ENGLISH
from stages.text.record_language import language_of
from stages.text.record_text import record_text

# Files of the recipe that answers depend on, the record's own and a model's.
TRIED = (
    "questions.yaml",
    "forms.yaml",
    "roles.yaml",
    "role_examples.yaml",
    "wording.yaml",
    "trial.yaml",
)
# What is asked of a flaw with the product's name, where nothing else says it.
NAMING_PRODUCT = frozenset({RESPOND, WHAT, EFFECT, CAUSE})
ENHANCEMENT = ("technical_description", "risk_level", "affected_systems", "mitigations")


@dataclass(frozen=True)
class Candidate:
    """An answer that may become a pair, with the wording of its question."""

    question: KindQuestion
    wording: str
    answer: Answer


class DataStructurer(Stage):
    """Writes pairs of instruction and response, several for each record."""

    name = "3_data_structurer"
    description = "write question and answer pairs"
    long_answers = True
    makes_pairs = True
    Options = StructurerOptions
    options: StructurerOptions

    def __init__(self, options: StageOptions | None = None, recipe: Recipe | None = None) -> None:
        super().__init__(options, recipe)
        self._writes: frozenset[str] = frozenset()  # types that a model was found to write

    @classmethod
    def add_arguments(cls, parser: argparse._ActionsContainer) -> None:
        add_flags(parser)

    @cached_property
    def _bounds(self) -> Bounds:
        return self.options.bounds(self.recipe.bounds)

    @cached_property
    def _shown(self) -> tuple[str, ...]:
        return shown(self.recipe.prompts.answer)

    def questions(self) -> tuple[Question, ...]:
        return (self.recipe.roles.question,)

    def trial_key(self) -> str:
        """Prompts, questions, tasks, bounds and gates; none where it is decided who writes."""
        if self.options.answers != AUTO:
            return ""
        recipe = self.recipe.sha256_of(*TRIED)
        parts = (self.recipe.prompts.answer, recipe, self._bounds, judging_code())
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    async def trial(self, llm: LanguageModel) -> Findings:
        return await trial(llm, self.recipe, self._bounds)

    def learn(self, findings: Findings) -> None:
        self._writes = frozenset(findings.get("writes", ()))

    def screen(self) -> Callable[[Record], Removed | None]:
        return Duplicates(self._bounds).check

    async def process(self, record: Record, llm: LanguageModel | None) -> Outcome:
        language = language_of(record, record_text(record))
        questions = self.recipe.questions_for(language)
        if questions is None or kind_of(record, identify(record)) not in questions.of_kind:
            return Removed("there are no questions in its language", language=language)
        if language not in ("", ENGLISH):
            llm = None  # prompts, and examples of roles, are in English
        reading = await read(record, self.recipe, llm, questions)
        kept: list[Record] = []
        left_out: list[LeftOut] = []
        earlier = Duplicates(self._bounds)
        source = source_data(reading, language)
        for candidates in await self._candidates(reading, llm):
            for candidate in candidates:
                pair = _pair(candidate, source)
                if why := self._fault(pair, candidate, reading, earlier):
                    left_out.append(LeftOut(pair, why))
                    continue
                kept.append(pair)
                break
        if kept:
            return Result(*kept, left_out=left_out)
        pairs = [{**one.record, "why": one.why.reason, **one.why.details} for one in left_out]
        reason = "no pair passed the gates" if pairs else "no sentence of it answers a question"
        return Removed(reason, pairs=pairs)

    async def _candidates(
        self, reading: Reading, llm: LanguageModel | None
    ) -> list[list[Candidate]]:
        """For each type of question the answers to choose from, the best first."""
        of_kind = reading.questions.of_kind[reading.subject.kind]
        asked_of_whom = dict(filter(None, (asked_of(one, reading) for one in of_kind)))
        questions = tuple(asked_of_whom)
        own = {question: own_answer(of, question) for question, of in asked_of_whom.items()}
        wordings = {question: worded(question, of) for question, of in asked_of_whom.items()}
        written: dict[KindQuestion, Answer | None] = {}
        if llm is not None:
            asked = {q: wordings[q] for q in put_to_model(questions, own) if self._by_model(q)}
            written = await model_answers(reading, asked, llm)
        by_type: dict[str, list[Candidate]] = {}
        for question in questions:
            answers = [written.get(question), own[question]]
            by_type.setdefault(question.type, []).extend(
                Candidate(
                    question,
                    _asked(wordings[question], answer, question, asked_of_whom[question]),
                    answer,
                )
                for answer in answers
                if answer
            )
        if reading.subject.kind in (OTHER, REPORT) and (found := asked_and_answered(reading)):
            question = next(one for one in questions if one.asks == WHAT)
            answered = Candidate(question, found[0], Answer(found[1], OF_RECORD))
            by_type[question.type] = [answered, *by_type.get(question.type, [])]
        return list(by_type.values())

    def _by_model(self, question: KindQuestion) -> bool:
        """Whether the model writes this, as was asked for or found."""
        if self.options.answers == AUTO:
            return question.type in self._writes
        return self.options.answers != RECORD

    def _fault(
        self, pair: Record, candidate: Candidate, reading: Reading, earlier: Duplicates
    ) -> Removed | None:
        """Why a pair is not kept; a pair that is kept gets what the gates measured."""
        asked = Pair(pair["instruction"], pair["response"], reading.subject.name)
        source = SourceText(
            reading.source.text, f"{reading.source.allowed} {candidate.answer.allowed}"
        )
        examples = self._shown if candidate.answer.by == MODEL else ()
        bounds = demanded(self._bounds, candidate.question.new_words, candidate.answer.by)
        verdict = judge(asked, source, bounds, examples)
        pair["quality"] = {"written_by": candidate.answer.by, **verdict.quality.to_json()}
        if not verdict.passed:
            return Removed(verdict.failures[0].reason, **verdict.figures())
        return earlier.check(pair)


def _asked(wording: str, answer: Answer, question: KindQuestion, reading: Reading) -> str:
    """A wording with the product of a flaw behind its id, where neither it nor the answer names the
    product; a record that is known by its beginning alone is called by what the answer begins with.
    """
    subject = reading.subject
    if not subject.known and answer.by != MODEL:
        return wording.replace(subject.name, renamed(subject, answer.text, reading.questions), 1)
    if subject.kind != VULNERABILITY or question.asks not in NAMING_PRODUCT:
        return wording
    facts = facts_about(reading.record, ("Affected",))
    product = product_of([value for fact in facts for value in fact.values], reading.text)
    if not product or answer.by == MODEL or is_named(product, f"{wording} {answer.text}"):
        return wording
    front = subject.name.removesuffix(")")
    named = f"{front} ({product})" if front == subject.name else f"{front} in {product})"
    return wording.replace(subject.name, named, 1)


def worded(question: KindQuestion, reading: Reading) -> str:
    """One of a question's wordings, drawn by the record's name: always the same one."""
    name = reading.subject.name
    drawn = hashlib.sha256(f"{question.type}\0{name}".encode(errors="replace")).digest()[0]
    return question.worded(drawn, name)


def _pair(candidate: Candidate, source: Record) -> Record:
    """One output record, with what its answer has of fields that the source's text lacks: without
    it no later stage could tell a right answer from an invented one."""
    told = " ".join(candidate.answer.allowed.split())
    return {
        "instruction": candidate.wording,
        "response": candidate.answer.text,
        "type": candidate.question.type,
        "source_data": {**source, "fields": told} if told else source,
    }


def source_data(reading: Reading, language: str = ENGLISH) -> Record:
    """Where a pair comes from: the text that its spans point into, its language if that is not
    English, and the filter's fields."""
    source: Record = {**asdict(reading.identity), "text": reading.source.text}
    if language != ENGLISH:
        source["language"] = language
    if isinstance(licence := reading.record.get("licence"), str) and licence:
        source["licence"] = licence
    if isinstance(part := reading.record.get("part"), dict):
        source["part"] = part
    if reading.record.get("review_required") is True:
        source["review_required"] = True
    if found := _enhancement(reading.record):
        source["enhancement"] = found
    return source


def _enhancement(record: Record) -> dict[str, Any]:
    """The data filter's fields, those of the right type."""
    found = {name: record[name] for name in ENHANCEMENT if name in record}
    return {name: value for name, value in found.items() if _fits(value)}


def _fits(value: Any) -> bool:
    if isinstance(value, list):
        return all(isinstance(item, str) for item in value)
    return isinstance(value, str)
