"""Turn a record into question and answer pairs that fit what the record is.

Asks the questions of `kind_questions`; the answers come from a model reading the record, or
from the record's own fields where there is none.  Knows nothing of relevance or domains.
Invariant: every pair has an instruction, a response that is not empty, and its source.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Any

from stages.base import LanguageModel, Outcome, Record, Result, Stage
from stages.data_structurer.questions import (
    ANSWER_PROMPT,
    LONGEST_ANSWER,
    NOUNS,
    QUESTIONS,
    KindQuestion,
    answer_schema,
)
from stages.enhancement import ENHANCEMENT
from stages.text.facts import facts_about, facts_of
from stages.text.kinds import CTF, INCIDENT, OTHER, PAPER, Identity, identify
from stages.text.record_text import RecordText, read_record, required_text
from stages.text.sentences import first_sentences, is_of, meaning, tidy

LONGEST_NAME = 120  # characters of a name in a question
BEGINNING = 60  # characters of its text that name a nameless record
NAMED_BY_TITLE = frozenset({PAPER, CTF, INCIDENT, OTHER})


class DataStructurer(Stage):
    """Writes pairs of instruction and response, several for each record."""

    name = "3_data_structurer"
    description = "write question and answer pairs"
    long_answers = True

    async def process(self, record: Record, llm: LanguageModel | None) -> Outcome:
        text = required_text(record)
        identity = identify(record)
        source = source_data(record, identity)
        called = called_in_question(identity, text)
        answers = await answers_to(record, text, questions_for(record, identity.kind), called, llm)
        pairs = [
            pair(question, called, answer, source) for question, answer in answers.items() if answer
        ]
        return Result(*pairs)


def questions_for(record: Record, kind: str) -> tuple[KindQuestion, ...]:
    """The questions of its kind that a record can answer."""
    return tuple(
        question
        for question in QUESTIONS[kind]
        if not question.needs_facts or facts_about(record, question.facts)
    )


async def answers_to(
    record: Record,
    text: str,
    questions: tuple[KindQuestion, ...],
    called: str,
    llm: LanguageModel | None,
) -> dict[KindQuestion, str]:
    """An answer to each question; empty where neither the model nor the record has one."""
    extracted = {question: extract(record, question) for question in questions}
    if llm is None:
        return extracted
    answers = await asyncio.gather(
        *(_ask(record, text, question, called, llm) for question in questions)
    )
    return {q: answer or extracted[q] for q, answer in zip(questions, answers, strict=True)}


async def _ask(
    record: Record, text: str, question: KindQuestion, called: str, llm: LanguageModel
) -> str:
    facts = facts_of(record, question.facts)
    facts = f"\n{facts}" if facts else ""
    asked = question.instruction.format(name=called)
    prompt = ANSWER_PROMPT.fill(text=text, facts=facts, question=asked)
    answer: Record = await llm.generate(prompt, schema=answer_schema(question.opening))
    said = tidy(answer["answer"], len(question.opening) + LONGEST_ANSWER)
    if not is_grounded(said.removeprefix(question.opening), f"{text} {facts} {asked}"):
        return ""
    if question.needs_facts and not is_of(meaning(said), meaning(facts)):
        return ""
    return with_facts(said, record, question.facts)


def is_grounded(answer: str, known: str) -> bool:
    """Whether an answer is made of what was there to read; what is not, a model has invented."""
    words = meaning(answer)
    return bool(words) and is_of(words, meaning(known))


def with_facts(answer: str, record: Record, labels: tuple[str, ...]) -> str:
    """The answer and, in the record's own words, the short facts that it leaves out."""
    left_out = [
        fact.line
        for fact in facts_about(record, labels)
        if not fact.prose and not all(value.lower() in answer.lower() for value in fact.values)
    ]
    return " ".join([answer, *left_out]) if answer else ""


def extract(record: Record, question: KindQuestion) -> str:
    """The answer that the record's own words give; empty if its fields don't say."""
    if question.facts:
        facts = facts_about(record, question.facts)
        return " ".join(" ".join(fact.values) if fact.prose else fact.line for fact in facts)
    read = read_record(record)
    return first_sentences(_prose(read))


def _prose(read: RecordText) -> str:
    return "\n".join(read.bodies) or read.title


def pair(question: KindQuestion, called: str, answer: str, source: Record) -> Record:
    """One output record."""
    return {
        "instruction": question.instruction.format(name=called),
        "response": answer,
        "type": question.type,
        "source_data": source,
    }


def called_in_question(identity: Identity, text: str) -> str:
    """What a question calls the record: id and name, or how its text begins."""
    name = " ".join(identity.name.split())
    name = name if len(name) <= LONGEST_NAME else ""
    own_id = identity.id if len(identity.id) <= LONGEST_NAME else ""
    if identity.kind in NAMED_BY_TITLE:
        return f'"{name}"' if name else _by_beginning(identity.kind, text)
    if own_id and name and own_id.lower() not in name.lower():
        return f"{own_id} ({name})"
    return name or own_id or _by_beginning(identity.kind, text)


def _by_beginning(kind: str, text: str) -> str:
    beginning = " ".join(text[: BEGINNING * 4].split())
    if len(beginning) > BEGINNING:
        beginning = beginning[:BEGINNING].rpartition(" ")[0] or beginning[:BEGINNING]
        return f'{NOUNS[kind]} that begins "{beginning}..."'
    return f'{NOUNS[kind]} "{beginning}"'


def source_data(record: Record, identity: Identity) -> Record:
    """Where a pair comes from, with what the data filter found out, if it ran."""
    source: Record = asdict(identity)
    if found := _enhancement(record):
        source["enhancement"] = found
    return source


def _enhancement(record: Record) -> dict[str, Any]:
    """The data filter's fields if all of them are there and of the right type."""
    names: list[str] = ENHANCEMENT["required"]
    found = {name: record[name] for name in names if name in record}
    texts = [found.get("technical_description"), found.get("risk_level")]
    lists = [found.get("affected_systems"), found.get("mitigations")]
    fits = all(isinstance(text, str) for text in texts) and all(
        isinstance(items, list) and all(isinstance(item, str) for item in items) for items in lists
    )
    return found if fits else {}
