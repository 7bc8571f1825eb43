"""What the engines are asked: the stages' own questions, prompts and schemas on real texts.

The stages themselves are run against a notepad that writes down what they ask, so that the
benchmark can't drift away from them.  Invariant: no text comes twice within a work.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from examples import make_input
from stages.base import (
    Choice,
    FilledPrompt,
    Prompt,
    Question,
    Record,
    RecordError,
    Result,
    Stage,
)
from stages.data_filter.stage import DataFilter
from stages.data_structurer.options import MODEL, StructurerOptions
from stages.data_structurer.stage import DataStructurer
from stages.domain_classifier.stage import DomainClassifier
from stages.security_aligner.stage import AlignerOptions, SecurityAligner
from stages.text.record_text import required_text

LONGEST_TEXT = 3000  # characters: prompt and answer then fit every engine's window
DECISIONS, SCHEMA, TEXT = "decisions", "schema", "text"

LONG_PROMPT = Prompt(
    system="You explain security to analysts, thoroughly and in full sentences.",
    user="Explain the following to a new colleague: what it is, how it works, why it matters"
    " and what to do about it.\n\nText: {text}",
    max_tokens=96,
)


@dataclass(frozen=True)
class BenchmarkRequest:
    """One thing asked.  A decision has a question; `right` are the labels that are true of it."""

    prompt: FilledPrompt
    text: str = ""
    question: Question | None = None
    schema: Mapping[str, Any] | None = None
    right: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Workload:
    """A kind of work: its group, and how records become requests."""

    name: str
    group: str
    make: Callable[[Sequence[Record]], list[BenchmarkRequest]]


class _Captured(Exception):
    """Thrown into a stage once its request is on the notepad."""


class Notepad:
    """Has the interface of a LanguageModel; finds every text relevant and answers nothing."""

    def __init__(self) -> None:
        self.requests: list[BenchmarkRequest] = []

    async def choose(self, question: Question, text: str) -> Choice:
        """Note a decision; the first label has it."""
        prompt = question.prompt.fill(text=text)
        self.requests.append(BenchmarkRequest(prompt, text, question))
        chances = {label.name: 0.0 for label in question.labels} | {question.labels[0].name: 1.0}
        return Choice(question.labels[0].name, 1.0, chances)

    async def generate(self, prompt: FilledPrompt, schema: Mapping[str, Any] | None = None) -> Any:
        """Note a generation."""
        self.requests.append(BenchmarkRequest(prompt, schema=schema))
        raise _Captured


def asked(stage: Stage, record: Record) -> list[BenchmarkRequest]:
    """All that a stage asks of a model about one record, up to its first generation."""
    notepad = Notepad()
    try:
        asyncio.run(stage.process(record, notepad))
    except (_Captured, RecordError):
        pass
    return notepad.requests


def records(count: int, seed: int) -> list[Record]:
    """Records whose text is not too long, about security or not, in an order drawn by `seed`."""
    most = sum(len(kind.found) for kind in make_input.kinds())
    drawn = make_input.records(min(count * 5 // 4, most), seed)
    return [record for record in drawn if len(required_text(record)) <= LONGEST_TEXT][:count]


def is_off_topic(record: Record) -> bool:
    """Whether it is a description of a Python package."""
    return str(record.get("id", "")).startswith("python-package:")


def _pairs(stage: DataStructurer, record: Record) -> list[Record]:
    """The structurer's pairs with answers from the record's own words."""
    outcome = asyncio.run(stage.process(record, None))
    return list(outcome.records) if isinstance(outcome, Result) else []


def _relevance(found: Sequence[Record]) -> list[BenchmarkRequest]:
    requests, stage = [], DataFilter()
    for record in found:
        for request in asked(stage, record):
            if request.question is not None:
                right = _true_labels(request.question, record)
                requests.append(replace(request, right=right))
    return requests


def _true_labels(question: Question, record: Record) -> frozenset[str]:
    """The first label of relevance is "security"; all others are true of what is off topic."""
    security, *others = (label.name for label in question.labels)
    return frozenset(others) if is_off_topic(record) else frozenset({security})


def _on_topic(found: Iterable[Record]) -> Iterable[tuple[int, Record]]:
    return enumerate(record for record in found if not is_off_topic(record))


def _one_pair(stage: DataStructurer, number: int, record: Record) -> Record | None:
    """One pair of a record, another of its questions each time."""
    made = _pairs(stage, record)
    return made[number % len(made)] if made else None


def _domains(found: Sequence[Record]) -> list[BenchmarkRequest]:
    structurer, stage = DataStructurer(), DomainClassifier()
    chosen = (_one_pair(structurer, number, record) for number, record in _on_topic(found))
    return [r for pair in chosen if pair for r in asked(stage, pair) if r.question]


# As the stages ask when a model is to write all it can, whatever it was found to write well.
_WRITING = StructurerOptions(answers=MODEL)
_REWORDING = AlignerOptions(reword=True)


def _generations(found: Sequence[Record]) -> list[BenchmarkRequest]:
    """What filter, structurer and aligner have generated: one request of each for a record."""
    requests, structurer = [], DataStructurer()
    stages, aligner = (DataFilter(), DataStructurer(_WRITING)), SecurityAligner(_REWORDING)
    for number, record in _on_topic(found):
        by_stage = [asked(stage, record) for stage in stages]
        if pair := _one_pair(structurer, number, record):
            by_stage.append(asked(aligner, pair))
        for made in by_stage:
            generated = [request for request in made if request.question is None]
            requests += generated[number % len(generated) :][:1] if generated else []
    return requests


def _long(found: Sequence[Record]) -> list[BenchmarkRequest]:
    return [
        BenchmarkRequest(LONG_PROMPT.fill(text=required_text(record)))
        for _, record in _on_topic(found)
    ]


WORKS = {
    work.name: work
    for work in (
        Workload("relevance", DECISIONS, _relevance),
        Workload("schema", SCHEMA, _generations),
        Workload("domains", DECISIONS, _domains),
        Workload("long", TEXT, _long),
    )
}
