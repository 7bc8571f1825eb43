"""The engine in a script of one's own."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from stages.base import RecordError
from stages.completions import CompletionRequest, Message
from workers.core.errors import EngineError, ModelError
from workers.library import OpenModel, open_model

LEVEL = {
    "type": "object",
    "properties": {"level": {"enum": ["low", "high"]}},
    "required": ["level"],
    "additionalProperties": False,
}


def test_many_are_asked_at_once(tiny_model: Path) -> None:
    async def go() -> tuple[list[Any], OpenModel]:
        async with open_model(str(tiny_model), max_tokens=12) as llm:
            asked = [llm.generate(f"What is patch {n}?") for n in range(5)]
            value = llm.generate([Message("user", "How bad?")], LEVEL, temperature=1.0, seed=3)
            found = await asyncio.gather(*asked, value)
            whole = await llm.complete(CompletionRequest((Message("user", "What is patch 0?"),)))
            assert whole.text.strip() == found[0] and whole.completion_tokens == 12
            with pytest.raises(RecordError, match="window"):
                await llm.generate("word " * 3000)
            return found, llm

    found, llm = asyncio.run(go())
    assert len(set(found[:5])) == 5 and found[5]["level"] in ("low", "high")
    with pytest.raises(EngineError):
        asyncio.run(llm.generate("Is anybody there?"))


def test_a_model_that_is_not_there(tmp_path: Path) -> None:
    async def go() -> None:
        async with open_model(str(tmp_path / "none")):
            pass

    with pytest.raises(ModelError):
        asyncio.run(go())
