"""The fields as a model would fill them from a text alone, against what the records state.

Says whether a model could be trusted with `risk_level` or `affected_systems`; the filter asks none
for them.  Knows the generator and records.  Invariant: the text that the model reads is the
prose, which does not hold the field's value but where the prose says it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from random import Random
from typing import Any

from benchmarks.platforms import NO_PLATFORM
from benchmarks.quality.fields import Hidden
from benchmarks.quality.run import generator_of
from benchmarks.quality.samples import as_read, entries_of, groups
from examples import make_input
from stages.base import LanguageModel, Prompt, RecordError
from stages.data_filter.fields import stated_fields
from stages.recipe.recipe import Recipe
from stages.text.record_text import read_record
from stages.text.severity import UNKNOWN

ROUNDS = range(14, 21)  # of invented entries whose ratings fit their texts
LEVELS = ("low", "medium", "high", "critical")
_SYSTEM = "You label entries of vulnerability and attack databases. Answer in JSON."
_ASK_LEVEL = Prompt(
    _SYSTEM, "{text}\n\nHow severe is this flaw: low, medium, high, critical or unknown?", 24
)
_ASK_PLATFORMS = Prompt(_SYSTEM, "{text}\n\nOn which platforms is this possible?", 96)


@dataclass(frozen=True)
class AskedText:
    """What a model reads, and what the record that it is from states."""

    text: str
    truth: frozenset[str]


def asked_fields(model: str, each: int, recipe: Recipe) -> dict[str, list[Hidden]]:
    """What the model fills in for `each` records of both fields, by the field's name.

    model: a name or path.  An answer that the model did not finish counts as left empty.
    """
    return asyncio.run(_asked_fields(model, each, recipe))


async def _asked_fields(model: str, each: int, recipe: Recipe) -> dict[str, list[Hidden]]:
    rated, techniques = _drawn(_rated(recipe), each), _drawn(_techniques(), each)
    platforms = sorted({name for one in techniques for name in one.truth})
    async with AsyncExitStack() as stack:
        generator = await stack.enter_async_context(generator_of(model))
        llm = generator.for_stage("fields")
        return {
            "risk_level (rated entries, by the model)": await fill(
                llm, _ASK_LEVEL, rated, _one_of([*LEVELS, UNKNOWN])
            ),
            "affected_systems (ATT&CK platforms, by the model)": await fill(
                llm, _ASK_PLATFORMS, techniques, _some_of(platforms)
            ),
        }


def _one_of(names: Sequence[str]) -> dict[str, Any]:
    return {"type": "string", "enum": list(names)}


def _some_of(names: Sequence[str]) -> dict[str, Any]:
    return {"type": "array", "items": _one_of(names), "maxItems": len(names)}


async def fill(
    llm: LanguageModel, prompt: Prompt, asked: Sequence[AskedText], value: dict[str, Any]
) -> list[Hidden]:
    """All at once, as a stage asks; `value` is the schema of what is asked for."""
    schema = {"type": "object", "properties": {"answer": value}, "required": ["answer"],
              "additionalProperties": False}  # fmt: skip

    async def filled(one: AskedText) -> Hidden:
        try:
            found = (await llm.generate(prompt.fill(text=one.text), schema=schema))["answer"]
        except RecordError:
            found = []
        names = {found} if isinstance(found, str) else set(found)
        return Hidden(one.truth, frozenset(names - {UNKNOWN}))

    return list(await asyncio.gather(*map(filled, asked)))


def _drawn(asked: list[AskedText], each: int) -> list[AskedText]:
    return Random(each).sample(asked, min(each, len(asked)))


def _rated(recipe: Recipe) -> list[AskedText]:
    """Invented entries that state a severity."""
    every = groups()
    found = []
    for record in (one for number in ROUNDS for one in every[entries_of(number)]):
        read = read_record(seen := as_read(record))
        level = stated_fields(seen, read, recipe.systems)["risk_level"]
        if level in LEVELS:
            found.append(AskedText(read.text, frozenset({str(level)})))
    return found


def _techniques() -> list[AskedText]:
    found = []
    for record in make_input.attack_techniques():
        if truth := frozenset(record["platforms"]) - {NO_PLATFORM}:
            rest = {key: value for key, value in record.items() if key != "platforms"}
            found.append(AskedText(read_record(as_read(rest)).text, truth))
    return found
