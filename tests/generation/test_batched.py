"""The generator that stages await: everything at once, and an answer or an error for each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from stages.base import Choice, Prompt, RecordError
from stages.data_filter.relevance import RELEVANCE
from tests.engine_tools import ASK, SCHEMA, TEXTS
from workers.core.errors import EngineError
from workers.generation.batched import BatchedMLXGenerator
from workers.generation.model.load import LoadedModel, load
from workers.generation.settings import GenerationSettings
from workers.generation.tokens.sampling import Sampling
from workers.performance_logger import PerformanceLogger, read_metrics

Generate = Callable[[BatchedMLXGenerator], Awaitable[Any]]


@pytest.fixture(scope="module")
def loaded(tiny_model: Path) -> LoadedModel:
    return load(tiny_model)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CYBERLLM_CACHE_DIR", str(tmp_path / "cache"))


def run(loaded: LoadedModel, ask: Generate, logs: Path | None = None, **settings: Any) -> Any:
    async def go() -> Any:
        logger = PerformanceLogger(logs, "test") if logs else None
        try:
            async with BatchedMLXGenerator(
                loaded, GenerationSettings(**settings), logger
            ) as generator:
                return await ask(generator)
        finally:
            if logger is not None:
                logger.close()

    return asyncio.run(go())


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

    async def ask(generator: BatchedMLXGenerator) -> Any:
        step = generator._engine.step

        def watched() -> Any:
            seen.append(generator._engine.active)
            return step()

        generator._engine.step = watched  # type: ignore[method-assign]
        return await everything(generator)

    run(loaded, ask, batch_size=batch_size)
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


def failing(engine: Any, times: int, at_least: int = 0) -> None:
    """Let the next steps with that many rows fail as MLX does when it gets no memory."""
    step, left = engine.step, [times]

    def broken() -> Any:
        if left[0] and engine.active >= at_least:
            left[0] -= 1
            raise RuntimeError("[malloc] Unable to allocate 1073741824 bytes.")
        return step()

    engine.step = broken


def test_a_failed_allocation_halves_the_batch_and_loses_nothing(
    loaded: LoadedModel, tmp_path: Path
) -> None:
    async def ask(generator: BatchedMLXGenerator) -> Any:
        failing(generator._engine, times=2, at_least=2)
        return await everything(generator), generator.batch_limit

    answers, limit = run(loaded, ask, logs=tmp_path / "logs", batch_size=8)
    assert answers == run(loaded, everything, batch_size=8)
    assert limit == 2
    bodies = [line.body for line in read_metrics(tmp_path / "logs")]
    said = [body.to_fields() for body in bodies if body.kind == "batch_size"]
    assert [line["limit"] for line in said] == [4, 2]
    assert "Unable to allocate" in said[0]["reason"]


def test_one_row_that_never_fits_is_that_records_error(loaded: LoadedModel) -> None:
    async def ask(generator: BatchedMLXGenerator) -> Any:
        failing(generator._engine, times=100)
        return await generator.generate(ASK.fill(text="bread", question="What?"))

    with pytest.raises(RecordError, match="not enough memory for one row"):
        run(loaded, ask)


def test_any_other_failure_reaches_everyone_who_waits(loaded: LoadedModel) -> None:
    async def ask(generator: BatchedMLXGenerator) -> Any:
        def broken() -> Any:
            raise ZeroDivisionError("odd")

        generator._engine.step = broken  # type: ignore[method-assign]
        wanted = [generator.generate(ASK.fill(text=t, question="?")) for t in TEXTS]
        return await asyncio.gather(*wanted, return_exceptions=True)

    found = run(loaded, ask)
    assert all(isinstance(error, EngineError) and "odd" in str(error) for error in found)


def test_short_memory_makes_the_batch_smaller_and_then_it_recovers(loaded: LoadedModel) -> None:
    """Memory readings are the only thing that is made up here."""
    reading = [64 << 30]

    async def ask(generator: BatchedMLXGenerator) -> Any:
        generator._budget._read = lambda: reading[0]
        generator._relieved = 0.0
        step, rows = generator._engine.step, []

        def watched() -> Any:
            rows.append(generator._engine.active)
            if len(rows) == 3:
                reading[0], generator._relieved = 100 << 20, 0.0
            if len(rows) == 6:
                reading[0] = 64 << 30
            return step()

        generator._engine.step = watched  # type: ignore[method-assign]
        wanted = [generator.generate(ASK.fill(text=t, question="?")) for t in TEXTS]
        return await asyncio.gather(*wanted), rows

    answers, rows = run(loaded, ask, batch_size=5)
    assert rows[2] == 5 and min(rows[3:6]) < 5 and max(rows[6:]) > min(rows[3:6])
    wanted = run(
        loaded,
        lambda g: asyncio.gather(*(g.generate(ASK.fill(text=t, question="?")) for t in TEXTS)),
    )
    assert answers == wanted


def test_every_token_is_in_the_metrics(loaded: LoadedModel, tmp_path: Path) -> None:
    run(loaded, everything, logs=tmp_path / "logs")
    bodies = [line.body for line in read_metrics(tmp_path / "logs")]
    lines = [body.to_fields() for body in bodies if body.kind == "batch"]
    assert sum(line["requests"] for line in lines) == 3 * len(TEXTS)
    assert sum(line["generated_tokens"] for line in lines) > 0
    assert sum(line.get("forced_tokens", 0) for line in lines) > 0


def test_waiting_for_company_ends_in_time(loaded: LoadedModel) -> None:
    prompt = Prompt(system="", user="{text}", max_tokens=2)

    async def ask(generator: BatchedMLXGenerator) -> Any:
        await generator.generate(prompt.fill(text="warm"))
        await asyncio.sleep(0.05)
        loop = asyncio.get_running_loop()
        begun = loop.time()
        await generator.generate(prompt.fill(text="bread"))
        return loop.time() - begun

    waited = run(loaded, ask, batch_timeout=0.4)
    assert 0.4 <= waited < 5
    generator_knows = run(loaded, _knowing_nobody_comes, batch_timeout=30.0)
    assert generator_knows < 10


async def _knowing_nobody_comes(generator: BatchedMLXGenerator) -> float:
    generator.more_expected = lambda: False
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await generator.generate(ASK.fill(text="bread", question="What?"))
    return loop.time() - begun


def test_a_limit_below_the_shortest_answer_still_gives_a_whole_one(loaded: LoadedModel) -> None:
    async def ask(generator: BatchedMLXGenerator) -> Any:
        filled = [ASK.fill(text=text, question="What?") for text in TEXTS]
        return await asyncio.gather(*(generator.generate(p, schema=SCHEMA) for p in filled))

    for most in (1, 5, 20):
        for answer in run(loaded, ask, max_tokens=most):
            assert list(answer) == SCHEMA["required"]
