"""Runs the stages on samples in one process, and keeps how every record and pair ended.

Asks stages and a generator as a worker does; knows nothing of queues.  Invariant: every sample
that went into a stage is among what came out of it, kept, removed or failed.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from benchmarks.loaded import loaded
from benchmarks.quality.samples import SampleRecord
from stages import DEFAULT_STAGES, stage_by_name
from stages.base import LanguageModel, LeftOut, Outcome, Record, RecordError, Removed, Result, Stage
from stages.gates.duplicates import Duplicates
from stages.recipe.recipe import Recipe, shipped

if TYPE_CHECKING:
    from workers.generation.batched import BatchedMLXGenerator

AT_ONCE = 64  # records in flight


@dataclass(frozen=True)
class Ending:
    """What became of one record in one stage."""

    sample: SampleRecord
    outcome: Outcome | str  # a string is the error of a record that failed

    @property
    def kept(self) -> tuple[Record, ...]:
        """The records that go on."""
        return self.outcome.records if isinstance(self.outcome, Result) else ()

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Pairs that were made and not kept."""
        return self.outcome.left_out if isinstance(self.outcome, Result) else ()


@dataclass
class StageRun:
    """All that happened in one stage, and how long it took."""

    name: str
    endings: list[Ending] = field(default_factory=list)
    seconds: float = 0.0


@dataclass
class Run:
    """The stages in their order; `duplicates` are pairs of the last that repeat earlier ones."""

    recipe: Recipe
    stages: list[StageRun] = field(default_factory=list)
    duplicates: list[LeftOut] = field(default_factory=list)
    findings: dict[str, object] = field(default_factory=dict)

    @property
    def pairs(self) -> list[tuple[SampleRecord, Record]]:
        """The finished pairs that come from records, each with its sample; none of the filter."""
        again = {id(one.record) for one in self.duplicates}
        return [
            (ending.sample, record)
            for ending in self.stages[-1].endings
            for record in ending.kept
            if "instruction" in record and id(record) not in again
            if record.get("type") != "security_awareness"
        ]


async def run(
    samples: Sequence[SampleRecord],
    options: Mapping[str, Mapping[str, object]],
    model: str | None,
    names: Sequence[str] = DEFAULT_STAGES,
    recipe: Recipe | None = None,
) -> Run:
    """Run the stages one after the other on all samples.

    Parameters
        options: of stages, by full name.
        model: a name or path, or None to run without a model.
        recipe: what the stages go by; the shipped one if none is given.
    """
    done, current = Run(recipe or shipped()), list(samples)
    async with AsyncExitStack() as stack:
        generator = await stack.enter_async_context(generator_of(model)) if model else None
        for name in names:
            stage = _stage(name, options.get(name, {}), done.recipe)
            llm = generator.for_stage(name) if generator and stage.needs_model else None
            done.findings |= await _prepared(stage, generator, llm)
            ran = await _stage_run(stage, current, llm)
            done.stages.append(ran)
            current = [
                replace(one.sample, record=record) for one in ran.endings for record in one.kept
            ]
    done.duplicates = _duplicates(done.stages[-1], done.recipe)
    return done


def generator_of(model: str) -> BatchedMLXGenerator:
    """A generator of the model of that name or in that folder, as a worker builds it."""
    found = loaded(model)
    from workers.generation.build import build_generator

    return build_generator(found, more_expected=lambda: False)


def _stage(name: str, options: Mapping[str, object], recipe: Recipe) -> Stage:
    kind = stage_by_name(name)
    return kind(kind.Options(**options), recipe)  # type: ignore[arg-type]


async def _prepared(
    stage: Stage, generator: BatchedMLXGenerator | None, llm: LanguageModel | None
) -> dict[str, object]:
    """Calibrate the stage's questions and hold its trial, before the clock runs."""
    if generator is None or llm is None:
        return {}
    generator.prepare(stage.questions())
    if not stage.trial_key():
        return {}
    findings = await stage.trial(llm)
    stage.learn(findings)
    return {stage.name: findings}


async def _stage_run(
    stage: Stage, samples: Sequence[SampleRecord], llm: LanguageModel | None
) -> StageRun:
    room = asyncio.Semaphore(AT_ONCE)

    async def ended(sample: SampleRecord) -> Ending:
        async with room:
            try:
                return Ending(sample, await stage.process(sample.record, llm))
            except RecordError as error:
                return Ending(sample, str(error))

    begun = time.perf_counter()
    endings = await asyncio.gather(*map(ended, samples))
    return StageRun(stage.name, list(endings), time.perf_counter() - begun)


def _duplicates(ran: StageRun, recipe: Recipe) -> list[LeftOut]:
    seen = Duplicates(recipe.bounds)
    return [
        LeftOut(record, why)
        for ending in ran.endings
        for record in ending.kept
        if (why := seen.check(record)) is not None
    ]


def reasons(endings: Sequence[Ending]) -> list[str]:
    """Why records were removed or failed, and why pairs were left out, one each."""
    found = []
    for ending in endings:
        found += [one.why.reason for one in ending.left_out]
        if isinstance(ending.outcome, Removed):
            pairs = ending.outcome.details.get("pairs", ())
            found += [pair["why"] for pair in pairs] or [ending.outcome.reason]
    return found
