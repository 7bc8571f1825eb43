"""A generator put together says what it does first, and counts in one log."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.engine_tools import ASK, metric_lines
from workers.core.errors import UsageError
from workers.generation.build import build_generator
from workers.generation.model.load import load
from workers.generation.settings import GenerationSettings
from workers.generation.steps import Step
from workers.performance_logger import PerformanceLogger


def test_engine_and_generator_write_to_the_same_log(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CYBERLLM_CACHE_DIR", str(tmp_path / "cache"))
    logger = PerformanceLogger(tmp_path / "logs", "test")
    said: list[Step] = []
    generator = build_generator(
        load(tiny_model), logger=logger, begin=lambda step, what: said.append(step)
    )

    async def go() -> Any:
        async with generator:
            return await generator.generate(ASK.fill(text="bread", question="What?"))

    asyncio.run(go())
    assert said == [Step.MEASURING] * 2, "the trial of packed passes, and what passes take"
    logger.close()
    batches = metric_lines(tmp_path / "logs", "batch")
    assert sum(line["requests"] for line in batches) == 1
    assert sum(line.get("first_token", {"count": 0})["count"] for line in batches) == 1


def test_settings_that_do_not_fit_the_model_are_refused(tiny_model: Path) -> None:
    with pytest.raises(UsageError, match="--kv-bits 8"):
        build_generator(load(tiny_model), GenerationSettings(kv_bits=8))
