"""A model's wording of a pair, and whether it is better than the one that is there.

Off unless asked for: on 193 pairs that a person read it made 18 worse and 12 better, 11 of
those in what `polish` mends without a model (docs/quality.md).  Invariant: a new wording is
taken only where it passes the gates, keeps all that was said, and has fewer faults.
"""

from __future__ import annotations

import re
from typing import Any

from stages.base import Record
from stages.data_structurer.pointers import points_back
from stages.gates.gates import GATES, Pair, Verdict, judge
from stages.gates.instructions import is_instruction
from stages.gates.measures import SourceText, sentences
from stages.gates.quality import passed_checks
from stages.gates.wording import Wording
from stages.gates.words import content_words, tokens
from stages.recipe.prompts import shown
from stages.recipe.recipe import Recipe
from stages.text.literals import missing
from stages.text.sentences import PLAIN, is_whole, tidy

LONGEST_INSTRUCTION = 160  # characters
LONGEST_RESPONSE = 300
MODEL = "model"  # who wrote a pair, in its `quality`, whose answer it has worded
KEPT_WORDS = 0.9  # share of the content words that a better wording keeps
LONGEST_SENTENCE = 45  # words: a longer one is a fault

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
_DUMP = re.compile(r"(?:^|\. )[A-Z][\w ]{2,30}: [^.]{1,200}\.")


def reworded(record: Record, answer: Record, name: str, source: str, recipe: Recipe) -> Record:
    """The pair with those of a model's wordings that are better than its own.

    Parameters
        source: the text that the pair was made from; empty if the pair does not carry it.
    """
    asked, said = record["instruction"], record["response"]
    instruction = tidy(answer["instruction"], LONGEST_INSTRUCTION)
    wording = recipe.bounds.wording
    if is_instruction(asked, wording) or not _may_ask(instruction, asked, name, wording):
        instruction = asked
    response = tidy(answer["response"], LONGEST_RESPONSE)
    if not _is_better(response, said, Pair(instruction, response, name), source, recipe):
        response = said
    if (instruction, response) == (asked, said):
        return record
    changed = record | {"instruction": instruction, "response": response}
    if isinstance(quality := record.get("quality"), dict):
        by = {"written_by": MODEL} if response != said else {}
        verdict = _judged(Pair(instruction, response, name), said, source, recipe)
        changed["quality"] = {**quality, **by, **(remeasured(record, verdict) if source else {})}
    return changed


def remeasured(record: Record, verdict: Verdict) -> dict[str, Any]:
    """The figures of a pair that a change cost no gate, in place of those of the pair before.

    The gates that it passed then it passes still: forms have words that are not known here.
    """
    quality, source = record.get("quality"), record.get("source_data")
    text = source.get("text") if isinstance(source, dict) else ""
    before = passed_checks(quality, record["instruction"], record["response"], str(text))
    held = before.union(verdict.quality.checks)
    return {**verdict.quality.to_json(), "checks": [gate for gate in GATES if gate in held]}


def _may_ask(instruction: str, asked: str, name: str, wording: Wording) -> bool:
    """Whether a wording asks what a broken instruction wanted to ask."""
    named = name.lower() in instruction.lower() or name.lower() not in asked.lower()
    asks = is_whole(instruction) and is_instruction(instruction, wording)
    return asks and named and _keeps(asked, instruction)


def _is_better(response: str, said: str, pair: Pair, source: str, recipe: Recipe) -> bool:
    if not response or len(faults(response)) >= len(faults(said)):
        return False
    if missing(said, response) or not _keeps(said, response):
        return False
    return _judged(pair, said, source, recipe).passed


def _judged(pair: Pair, said: str, source: str, recipe: Recipe) -> Verdict:
    known = SourceText(source or said, f"{pair.name} {said}")
    return judge(pair, known, recipe.bounds, shown(recipe.prompts.rewording))


def _keeps(before: str, after: str) -> bool:
    """Whether what was said is said still."""
    old, new = set(content_words(before)), set(content_words(after))
    return len(old & new) >= KEPT_WORDS * len(old)


def faults(response: str) -> list[str]:
    """What a reader would mend in an answer, by name."""
    found = {
        "dump": _DUMP.search(response) is not None,
        "points back": points_back(response),
        "lower case": response[:1].islower(),
        "long": any(len(tokens(one)) > LONGEST_SENTENCE for one in sentences(response)),
    }
    return [name for name, there in found.items() if there]
