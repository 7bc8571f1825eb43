"""Add security-aware examples to a dataset, and correct what rules can correct in its pairs.

Which record gets which example is drawn from a hash of seed and record, so order and number
of workers do not matter.  Knows nothing of other records.  Invariant: the examples added go
out exactly as their templates say; a pair never loses its instruction or response.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from stages.awareness import AWARENESS, example, is_example
from stages.base import (
    LanguageModel,
    Outcome,
    Record,
    RecordError,
    Removed,
    Result,
    Stage,
    StageOptions,
)
from stages.gates.bounds import Bounds
from stages.gates.duplicates import Duplicates, names_of
from stages.gates.gates import Pair, Verdict, judge
from stages.gates.measures import SourceText
from stages.gates.words import rouge_l, tokens
from stages.gating import gate, quality_of_example
from stages.recipe.recipe import Recipe
from stages.security_aligner.polish import polished
from stages.security_aligner.rewording import ENHANCEMENT, remeasured, reworded
from stages.text.pronouns import is_title

OWN_WORDS = "record"  # who wrote a pair, in its `quality`, if it is the record's own words
REPEATED = "an example much like it was drawn before"
SHORT_NAME = 3  # words of a name that may stand for "It": a longer one is a title


@dataclass
class AlignerOptions(StageOptions):
    """Settings of the aligner."""

    ratio: float = field(default=0.2, metadata={"help": "share of records that get an example"})
    reword: bool = field(default=False, metadata={"help": "let a model word answers better"})

    def __post_init__(self) -> None:
        super().__post_init__()
        is_number = isinstance(self.ratio, int | float) and not isinstance(self.ratio, bool)
        if not is_number or not 0.0 <= self.ratio <= 1.0:
            raise ValueError(f"ratio {self.ratio}: must be a number from 0 to 1")
        if not isinstance(self.reword, bool):
            raise ValueError(f"reword {self.reword}: must be true or false")


class SecurityAligner(Stage):
    """Adds examples at `--ratio`, and mends each pair by rules."""

    name = "6_security_aligner"
    description = "add security-aware examples and correct the wording"
    long_answers = True
    takes_pairs = True
    Options = AlignerOptions
    options: AlignerOptions

    @property
    def needs_model(self) -> bool:
        return super().needs_model and self.options.reword

    @classmethod
    def add_arguments(cls, parser: argparse._ActionsContainer) -> None:
        parser.add_argument(
            "--ratio",
            type=float,
            metavar="R",
            default=argparse.SUPPRESS,
            help="share of records that draw a security-aware example; of examples much alike, one "
            f"is kept (default: {AlignerOptions.ratio})",
        )
        parser.add_argument(
            "--reword",
            action="store_true",
            default=argparse.SUPPRESS,
            help="let the model reword answers; its wording is used only where it passes"
            " the gates and has fewer faults",
        )

    def screen(self) -> Callable[[Record], Removed | None]:
        """Drops pairs that repeat others, and examples whose question or answer is like that of an
        earlier one of their kind."""
        duplicates = Duplicates(self.recipe.bounds)
        drawn: dict[str, list[tuple[list[str], list[str]]]] = {}

        def check(record: Record) -> Removed | None:
            if record.get("type") != AWARENESS or not is_example(record, self.recipe.awareness):
                return duplicates.check(record)
            said = tokens(record["instruction"]), tokens(record["response"])
            earlier = drawn.setdefault(record["source_data"]["name"], [])
            nearest = max((max(map(rouge_l, said, one)) for one in earlier), default=0.0)
            if nearest > self.recipe.bounds.max_similarity:
                return Removed(REPEATED)
            earlier.append(said)
            return None

        return check

    async def process(self, record: Record, llm: LanguageModel | None) -> Outcome:
        for name in ("instruction", "response"):
            _require(record, name)
        judged_by = self.recipe if self.made_in_run else None
        if self.from_outside and (why := gate(record, judged_by, here=self.recipe)):
            return why
        if record.get("type") == AWARENESS:
            return Result(record)
        examples = examples_for(record, self.recipe, self.options.seed, self.options.ratio)
        record = mended(record, self.recipe.bounds)
        if self.options.reword and llm is not None:
            record = await _reworded(record, self.recipe, llm)
        return Result(record, *examples)


def _require(record: Record, name: str) -> None:
    value = record.get(name)
    if not isinstance(value, str) or not value.strip():
        raise RecordError(
            f"record has no {name}: the security aligner takes instruction and response pairs,"
            " as the data structurer writes them"
        )


def mended(record: Record, bounds: Bounds) -> Record:
    """The pair after the rules of `polish`, unless they cost it a gate that it passed."""
    name = name_of(record)
    titled = len(name.split()) > SHORT_NAME or is_title(name, record["instruction"])
    short = "" if titled else name
    response = polished(record["response"], short, quoted=_is_quoted(record))
    if response == record["response"] or not response:
        return record
    changed = record | {"response": response}
    source = source_of(record)
    if not source:
        return changed
    before, after = (_verdict(one, source, bounds) for one in (record, changed))
    if _failed(after) - _failed(before):
        return record
    if isinstance(quality := record.get("quality"), dict):
        changed["quality"] = {**quality, **remeasured(record, after)}
    return changed


def _is_quoted(record: Record) -> bool:
    quality = record.get("quality")
    return isinstance(quality, dict) and quality.get("written_by") == OWN_WORDS


def _failed(verdict: Verdict) -> set[str]:
    """The gates a pair failed, but for its length: markup may have made up for too few words."""
    return {failure.gate for failure in verdict.failures} - {"new_words"}


def _verdict(record: Record, source: str, bounds: Bounds) -> Verdict:
    name = name_of(record)
    pair = Pair(record["instruction"], record["response"], name)
    # A form's own words stand in no source: what the pair said before is known.
    return judge(pair, SourceText(source, f"{name} {record['response']}"), bounds)


def name_of(record: Record) -> str:
    """The id or name of what a pair is about, if its instruction says it; the id before it."""
    asked = record["instruction"].lower()
    return next((name for name in names_of(record) if name.lower() in asked), "")


def source_of(record: Record) -> str:
    """The text that a pair was made from, if it carries it."""
    source = record.get("source_data")
    text = source.get("text") if isinstance(source, dict) else ""
    return text if isinstance(text, str) else ""


async def _reworded(record: Record, recipe: Recipe, llm: LanguageModel) -> Record:
    texts = {name: record[name] for name in ("instruction", "response")}
    prompt = recipe.prompts.rewording.fill(**texts)
    try:
        answer: Record = await llm.generate(prompt, schema=ENHANCEMENT)
    except RecordError:  # no answer, or a prompt over the window: the pair stays as it is
        return record
    return reworded(record, answer, name_of(record), source_of(record), recipe)


def examples_for(record: Record, recipe: Recipe, seed: int, share: float) -> list[Record]:
    """The examples this record brings: none, or one; always the same for the same seed."""
    digest = _digest(record, seed)
    draw = random.Random(digest)
    if draw.random() >= share:
        return []
    drawn = example(draw.choice(recipe.awareness), draw, digest[:12])
    return [drawn | {"quality": quality_of_example(drawn, recipe.bounds)}]


def _digest(record: Record, seed: int) -> str:
    try:
        canonical = json.dumps([seed, record], sort_keys=True, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise RecordError(f"record can't be written as JSON: {error}") from error
    return hashlib.sha256(canonical.encode()).hexdigest()
