"""Add security-aware examples to a dataset, and let a model word its pairs better.

Which record gets which example is drawn from a hash of seed and record, so order and number
of workers do not matter.  Knows nothing of other records.  Invariant: the examples added go
out exactly as their templates say; a pair never loses its instruction or response.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from dataclasses import dataclass, field
from typing import Any

from stages.base import (
    LanguageModel,
    Outcome,
    Prompt,
    Record,
    RecordError,
    Result,
    Shot,
    Stage,
    StageOptions,
)
from stages.security_aligner.awareness import AWARENESS, example
from stages.security_aligner.awareness_templates import TEMPLATES
from stages.text.sentences import PLAIN, is_of, meaning, tidy

LONGEST_INSTRUCTION = 160  # characters
LONGEST_RESPONSE = 300
KEPT_WORDS = 0.8  # share of the words of meaning that a better wording keeps
LONGER = 1.25  # times as long: an instruction that grows gives its answer away
KNOWN_WORDS = 0.9  # share of its words of meaning that stood in the pair before

# What stands before the first hole is computed once per worker.
ENHANCEMENT_PROMPT = Prompt(
    system="You edit questions and answers about security. You keep every fact, name and id.",
    user="Question: {instruction}\nAnswer: {response}",
    max_tokens=200,  # room for the longest answer the schema allows, and for closing it
    shots=(
        Shot(
            "Question: Explain X-17 (Unlimited Window Titles).\nAnswer: It is a weakness in which a"
            " program shows the title of a document however long it is.",
            '{"instruction":"Explain the weakness X-17 (Unlimited Window Titles).",'
            '"response":"X-17 is a weakness in which a program shows the title of a document'
            ' however long it is."}',
        ),
    ),
)
ENHANCEMENT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "instruction": {
            "type": "string",
            "pattern": rf"^[A-Z]{PLAIN}{{9,{LONGEST_INSTRUCTION - 1}}}$",
        },
        "response": {
            "type": "string",
            "pattern": rf"^[A-Z0-9]{PLAIN}{{19,{LONGEST_RESPONSE - 1}}}$",
        },
    },
    "required": ["instruction", "response"],
    "additionalProperties": False,
}


@dataclass
class AlignerOptions(StageOptions):
    """Settings of the aligner."""

    ratio: float = field(default=0.2, metadata={"help": "share of records that get an example"})

    def __post_init__(self) -> None:
        super().__post_init__()
        is_number = isinstance(self.ratio, int | float) and not isinstance(self.ratio, bool)
        if not is_number or not 0.0 <= self.ratio <= 1.0:
            raise ValueError(f"ratio {self.ratio}: must be a number from 0 to 1")


class SecurityAligner(Stage):
    """Adds examples at `--ratio`, then enhances the pair itself."""

    name = "6_security_aligner"
    description = "add security-aware examples and improve the wording"
    long_answers = True
    Options = AlignerOptions
    options: AlignerOptions

    @classmethod
    def add_arguments(cls, parser: argparse._ActionsContainer) -> None:
        parser.add_argument(
            "--ratio",
            type=float,
            metavar="R",
            default=argparse.SUPPRESS,
            help="share of records that get a security-aware example added "
            f"(default: {AlignerOptions.ratio})",
        )

    async def process(self, record: Record, llm: LanguageModel | None) -> Outcome:
        instruction, response = _required(record, "instruction"), _required(record, "response")
        if record.get("type") == AWARENESS:
            return Result(record)
        examples = examples_for(record, self.options.seed, self.options.ratio)
        if llm is not None:
            prompt = ENHANCEMENT_PROMPT.fill(instruction=instruction, response=response)
            answer: Record = await llm.generate(prompt, schema=ENHANCEMENT)
            record = with_enhanced(record, answer)
        return Result(record, *examples)


def _required(record: Record, name: str) -> str:
    value = record.get(name)
    if not isinstance(value, str) or not value.strip():
        raise RecordError(
            f"record has no {name}: the security aligner takes instruction and response pairs,"
            " as the data structurer writes them"
        )
    return value


def with_enhanced(record: Record, answer: Record) -> Record:
    """The pair in its better wording; its own words stay where the answer is of no use.

    A new wording has to be whole, about the same subject, and made of the same facts: a small
    model that adds or loses one has not improved anything.
    """
    asked, said = record["instruction"], record["response"]
    instruction = _ending_as(asked, tidy(answer["instruction"], LONGEST_INSTRUCTION))
    response = tidy(answer["response"], LONGEST_RESPONSE)
    says_more = len(instruction) > LONGER * len(asked)
    if says_more or not _keeps_subject(record, instruction):
        instruction = asked
    if not _same(asked, instruction, meaning(asked)):
        instruction = asked
    if not _same(said, response, meaning(f"{asked} {said}")):
        response = said
    return record | {"instruction": instruction or asked, "response": response or said}


def _ending_as(asked: str, instruction: str) -> str:
    """A question stays a question."""
    end = asked.rstrip()[-1]
    return instruction.rstrip(".?") + end if instruction and end in ".?" else instruction


def _same(before: str, after: str, known: frozenset[str]) -> bool:
    """Whether a new wording keeps what was said and says nothing that was not known."""
    if after.count("(") != after.count(")"):
        return False
    old, new = meaning(before), meaning(after)
    return is_of(old, new, KEPT_WORDS) and is_of(new, known, KNOWN_WORDS)


def _keeps_subject(record: Record, instruction: str) -> bool:
    """An instruction that has lost the name of what it is about can't be answered any more."""
    source = record.get("source_data")
    names = [source.get("id"), source.get("name")] if isinstance(source, dict) else []
    asked = [n.lower() for n in names if isinstance(n, str) and n]
    asked = [name for name in asked if name in record["instruction"].lower()]
    return all(name in instruction.lower() for name in asked)


def examples_for(record: Record, seed: int, share: float) -> list[Record]:
    """The examples this record brings: none, or one; always the same for the same seed."""
    digest = _digest(record, seed)
    draw = random.Random(digest)
    if draw.random() >= share:
        return []
    return [example(draw.choice(TEMPLATES), draw, digest[:12])]


def _digest(record: Record, seed: int) -> str:
    try:
        canonical = json.dumps([seed, record], sort_keys=True, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise RecordError(f"record can't be written as JSON: {error}") from error
    return hashlib.sha256(canonical.encode()).hexdigest()
