"""The generator as stages use it: everything asked at once, and every way it can fail."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from stages.base import Choice, Prompt, RecordError
from stages.data_filter.relevance import RelevanceRules
from stages.recipe.recipe import shipped
from tests.engine_tools import ASK, SCHEMA, TEXTS, Watched, metric_lines
from workers.core.errors import EngineError
from workers.generation.batched import BatchedMLXGenerator
from workers.generation.build import build_generator
from workers.generation.engines.engine import Engine
from workers.generation.engines.select import select_engine
from workers.generation.meter import Meter
from workers.generation.model.load import LoadedModel, load
from workers.generation.settings import GenerationSettings
from workers.generation.tokens.sampling import Sampling
from workers.performance_logger import PerformanceLogger

RELEVANCE = RelevanceRules(shipped()).question

Generate = Callable[[BatchedMLXGenerator], Awaitable[Any]]


@pytest.fixture(scope="module")
def loaded(tiny_model: Path) -> LoadedModel:
    return load(tiny_model)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CYBERLLM_CACHE_DIR", str(tmp_path / "cache"))


def generator_with(
    loaded: LoadedModel, before_step: Callable[[Engine], None], **settings: Any
) -> BatchedMLXGenerator:
    """A generator whose engine calls `before_step`, which may raise."""
    chosen = GenerationSettings(**settings)
    engine = select_engine(loaded, chosen, Meter(None))
    return BatchedMLXGenerator(loaded, Watched(engine, before_step), chosen)


def asked(generator: BatchedMLXGenerator, ask: Generate) -> Any:
    async def go() -> Any:
        async with generator:
            return await ask(generator)

    return asyncio.run(go())


def run(loaded: LoadedModel, ask: Generate, logs: Path | None = None, **settings: Any) -> Any:
    logger = PerformanceLogger(logs, "test") if logs else None
    try:
        return asked(build_generator(loaded, GenerationSettings(**settings), logger), ask)
    finally:
        if logger is not None:
            logger.close()


async def everything(generator: BatchedMLXGenerator) -> list[Any]:
    """Choices, plain answers and answers under a schema, all awaited together."""
    wanted: list[Awaitable[Any]] = []
    for text in TEXTS:
        filled = ASK.fill(text=text, question="What is it?")
        wanted += [
            generator.choose(RELEVANCE, text),
            generator.generate(filled),
            generator.generate(filled, schema=SCHEMA),
        ]
    return list(await asyncio.gather(*wanted))


@pytest.mark.parametrize("sampling", [Sampling(), Sampling(0.9, 0.95, 4)])
def test_batched_gives_what_one_by_one_gives(loaded: LoadedModel, sampling: Sampling) -> None:
    together = run(loaded, everything, sampling=sampling)
    alone = run(loaded, everything, sampling=sampling, no_batching=True)
    for ours, theirs in zip(together, alone, strict=True):
        if isinstance(ours, Choice):
            assert ours.label == theirs.label
            assert ours.probability == pytest.approx(theirs.probability, abs=1e-3)
        else:
            assert ours == theirs


@pytest.mark.parametrize("batch_size", [1, 2, 7])
def test_the_batch_size_is_a_ceiling(loaded: LoadedModel, batch_size: int) -> None:
    seen: list[int] = []
    generator = generator_with(
        loaded, lambda engine: seen.append(engine.active), batch_size=batch_size
    )
    asked(generator, everything)
    assert max(seen) == batch_size


def test_a_prompt_beyond_the_window_is_that_records_error(loaded: LoadedModel) -> None:
    async def ask(generator: BatchedMLXGenerator) -> Any:
        long = ASK.fill(text="password " * 3000, question="What?")
        short = ASK.fill(text="password", question="What?")
        return await asyncio.gather(
            generator.generate(long), generator.generate(short), return_exceptions=True
        )

    refused, answered = run(loaded, ask)
    assert isinstance(refused, RecordError) and "window of 2048 tokens" in str(refused)
    assert isinstance(answered, str)


async def odd_ones(generator: BatchedMLXGenerator) -> list[Any]:
    """Choices and answers together; errors come back as values."""
    wanted: list[Awaitable[Any]] = [
        generator.generate(ASK.fill(text=text, question="?")) for text in TEXTS
    ]
    return list(await asyncio.gather(*wanted, return_exceptions=True))


def breaks(engine: Engine) -> None:
    raise ZeroDivisionError("odd")


def test_a_failure_reaches_everyone_who_waits(loaded: LoadedModel) -> None:
    found = asked(generator_with(loaded, breaks), odd_ones)
    assert all(isinstance(error, EngineError) and "odd" in str(error) for error in found)


def test_after_a_failure_every_request_fails_at_once_with_the_same_cause(
    loaded: LoadedModel,
) -> None:
    async def ask(generator: BatchedMLXGenerator) -> Any:
        [first, *_] = await odd_ones(generator)
        filled, later = ASK.fill(text="bread", question="?"), []
        for request in (
            generator.choose(RELEVANCE, "bread"),
            generator.generate(filled),
            generator.generate(filled, schema=SCHEMA),
            generator.for_stage("2_data_filter").choose(RELEVANCE, "bread"),
        ):
            with pytest.raises(EngineError) as failed:
                await asyncio.wait_for(request, timeout=5)
            later.append(str(failed.value))
        assert generator.open_requests == 0
        return str(first), later

    generator = generator_with(loaded, breaks)
    first, later = asked(generator, ask)
    assert first == "generation failed: ZeroDivisionError: odd"
    assert later == [first] * 4
    with pytest.raises(EngineError, match="ZeroDivisionError: odd"):  # after the exit too
        asyncio.run(generator.choose(RELEVANCE, "bread"))


def test_a_choice_that_fails_is_a_failure_of_all(
    loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ask(generator: BatchedMLXGenerator) -> list[Any]:
        def broken(*_: Any) -> Any:
            raise ValueError("no such layer")

        monkeypatch.setattr("workers.generation.decisions.choosing.Chooser.choose", broken)
        wanted: list[Awaitable[Any]] = [generator.choose(RELEVANCE, text) for text in TEXTS]
        wanted.append(generator.generate(ASK.fill(text="bread", question="?")))
        return list(await asyncio.gather(*wanted, return_exceptions=True))

    found = run(loaded, ask)
    assert {str(error) for error in found} == {"generation failed: ValueError: no such layer"}


def test_before_it_starts_and_after_it_stopped_requests_fail(loaded: LoadedModel) -> None:
    async def go() -> list[str]:
        generator, said = build_generator(loaded), []
        filled = ASK.fill(text="bread", question="?")

        async def refused() -> None:
            for request in (generator.choose(RELEVANCE, "x"), generator.generate(filled)):
                with pytest.raises(EngineError) as failed:
                    await asyncio.wait_for(request, timeout=5)
                said.append(str(failed.value))

        await refused()
        async with generator:
            await generator.generate(filled)
        await refused()
        return said

    before, _, after, _ = asyncio.run(go())
    assert "has not started" in before and after == "generation was stopped"


def test_who_waits_when_it_stops_is_told(loaded: LoadedModel) -> None:
    async def go() -> None:
        async with build_generator(loaded) as generator:
            waiting = asyncio.create_task(generator.generate(ASK.fill(text="x", question="?")))
            await asyncio.sleep(0)
        with pytest.raises(EngineError, match="generation was stopped"):
            await waiting

    asyncio.run(go())


def test_every_token_is_in_the_metrics(loaded: LoadedModel, tmp_path: Path) -> None:
    run(loaded, everything, logs=tmp_path / "logs")
    lines = metric_lines(tmp_path / "logs", "batch")
    assert sum(line["requests"] for line in lines) == 3 * len(TEXTS)
    assert sum(line["generated_tokens"] for line in lines) > 0
    assert sum(line.get("forced_tokens", 0) for line in lines) > 0


async def waited(generator: BatchedMLXGenerator) -> float:
    """Seconds that a single short answer takes, once the engine is warm."""
    prompt = Prompt(system="", user="{text}", max_tokens=2)
    await generator.generate(prompt.fill(text="warm"))
    await asyncio.sleep(0.05)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await generator.generate(prompt.fill(text="bread"))
    return loop.time() - begun


def test_waiting_for_company_ends_in_time(loaded: LoadedModel) -> None:
    assert 0.4 <= run(loaded, waited, batch_timeout=0.4) < 5


def test_nobody_waits_for_company_that_does_not_come(loaded: LoadedModel) -> None:
    settings = GenerationSettings(batch_timeout=30.0)
    generator = build_generator(loaded, settings, more_expected=lambda: False)
    assert asked(generator, waited) < 10


def test_a_limit_below_the_shortest_answer_still_gives_a_whole_one(loaded: LoadedModel) -> None:
    async def ask(generator: BatchedMLXGenerator) -> Any:
        filled = [ASK.fill(text=text, question="What?") for text in TEXTS]
        return await asyncio.gather(*(generator.generate(p, schema=SCHEMA) for p in filled))

    for most in (1, 5, 20):
        for answer in run(loaded, ask, max_tokens=most):
            assert list(answer) == SCHEMA["required"]
