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

from stages.awareness import AWARENESS, example
from stages.awareness_templates import TEMPLATES
from stages.base import (
    LanguageModel,
    Outcome,
    Prompt,
    Record,
    RecordError,
    Result,
    Stage,
    StageOptions,
)
from stages.sentences import is_whole, trim_to_sentence

LONGEST_INSTRUCTION = 200  # characters
LONGEST_RESPONSE = 500

ENHANCEMENT_PROMPT = Prompt(
    system="You edit instruction datasets about security. You keep every fact, name and id.",
    user="Improve the wording of this instruction and its response. Keep the meaning. Answer as"
    " JSON.\n\nInstruction: {instruction}\n\nResponse: {response}\n\nJSON:",
    max_tokens=900,  # room for the longest answer the schema allows
)
ENHANCEMENT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "instruction": {"type": "string", "maxLength": LONGEST_INSTRUCTION},
        "response": {"type": "string", "maxLength": LONGEST_RESPONSE},
    },
    "required": ["instruction", "response"],
    "additionalProperties": False,
}


def ratio(text: str) -> float:
    """The value of --ratio; argparse names the flag when it is refused."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError(f"{text}: must be a number from 0 to 1")
    return value


@dataclass
class AlignerOptions(StageOptions):
    """Settings of the aligner."""

    ratio: float = field(default=0.2, metadata={"help": "share of records that get an example"})

    def __post_init__(self) -> None:
        is_number = isinstance(self.ratio, int | float) and not isinstance(self.ratio, bool)
        if not is_number or not 0.0 <= self.ratio <= 1.0:
            raise ValueError(f"--ratio {self.ratio}: must be a number from 0 to 1")


class SecurityAligner(Stage):
    """Adds examples at `--ratio`, then enhances the pair itself."""

    name = "6_security_aligner"
    description = "add security-aware examples and improve the wording"
    long_answers = True
    Options = AlignerOptions
    options: AlignerOptions

    @classmethod
    def add_arguments(cls, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--ratio",
            type=ratio,
            metavar="R",
            default=argparse.SUPPRESS,
            help="share of records that get a security-aware example (default 0.2)",
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
    """The pair in its better wording; its own words stay where the answer is of no use."""
    instruction = _full(answer["instruction"], LONGEST_INSTRUCTION)
    response = _full(answer["response"], LONGEST_RESPONSE)
    if not _keeps_subject(record, instruction):
        instruction = ""
    return record | {
        "instruction": instruction or record["instruction"],
        "response": response or record["response"],
    }


def _full(text: str, longest: int) -> str:
    """An answer without the sentence that its length limit cut; empty if none is left."""
    text = text.strip()
    if len(text) < longest:
        return text
    text = trim_to_sentence(text)
    return text if is_whole(text) else ""


def _keeps_subject(record: Record, instruction: str) -> bool:
    """An instruction that has lost the name of what it is about can't be answered any more."""
    source = record.get("source_data")
    names = [source.get("id"), source.get("name")] if isinstance(source, dict) else []
    asked = [n.lower() for n in names if isinstance(n, str) and n]
    asked = [name for name in asked if name in record["instruction"].lower()]
    return not asked or any(name in instruction.lower() for name in asked)


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


if __name__ == "__main__":
    from workers.alone import main

    main(SecurityAligner)
