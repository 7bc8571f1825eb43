"""What a stage asks is counted under its name."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from stages.data_filter.relevance import RelevanceRules
from stages.recipe.recipe import shipped
from tests.engine_tools import ASK, SCHEMA, metric_lines
from workers.generation.build import build_generator
from workers.generation.model.load import load
from workers.performance_logger import PerformanceLogger

RELEVANCE = RelevanceRules(shipped()).question


def test_both_ways_to_ask_carry_the_stages_name(
    tiny_model: Path, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setenv("CYBERLLM_CACHE_DIR", str(tmp_path / "cache"))
    logger = PerformanceLogger(tmp_path / "logs", "test")

    async def go() -> tuple[Any, Any]:
        async with build_generator(load(tiny_model), logger=logger) as generator:
            one, other = generator.for_stage("2_data_filter"), generator.for_stage("6_other")
            filled = ASK.fill(text="bread", question="What?")
            return await asyncio.gather(
                one.choose(RELEVANCE, "bread"), other.generate(filled, SCHEMA)
            )

    choice, answer = asyncio.run(go())
    logger.close()
    assert choice.label in {label.name for label in RELEVANCE.labels}
    assert list(answer) == SCHEMA["required"]
    lines = metric_lines(tmp_path / "logs", "batch")
    asked = {(line["stage"], bool(line["generated_tokens"])) for line in lines if line["requests"]}
    assert asked == {("2_data_filter", False), ("6_other", True)}
