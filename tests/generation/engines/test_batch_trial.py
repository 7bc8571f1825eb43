"""Batches that give each row its own answer pass the trial; those that mix rows up do not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mlx_lm.models.cache import BatchRotatingKVCache

from tests.generation.models import choosing, convolutions, gemma, soft_capped
from workers.generation.engines import batch_trial as batch_trial_module
from workers.generation.engines.batch_trial import batch_trial
from workers.generation.engines.compatible import why_not_batched
from workers.generation.model.load import LoadedModel, load
from workers.generation.steps import Step


@pytest.fixture(scope="module")
def plain(tiny_model: Path) -> LoadedModel:
    return load(tiny_model)


def test_right_batches_pass(plain: LoadedModel) -> None:
    assert batch_trial(plain) is None
    assert batch_trial(replace(plain, model=convolutions())) is None


def test_rows_that_are_mixed_up_silently_are_caught(plain: LoadedModel) -> None:
    """As many rows as KV heads: Gemma 2's masks then hide other rows' tokens."""
    found = batch_trial(replace(plain, model=soft_capped()))
    assert found is not None and "answers in mlx-lm's batches differ" in found


def test_a_window_that_is_wrong_in_batches_is_caught(
    plain: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The short prompts stay within it; that a layer sees too little shows only behind it."""
    model = replace(plain, model=gemma(window=96))
    assert batch_trial(model) is None
    begin = BatchRotatingKVCache.__init__

    def narrower(self: Any, max_size: int, left_padding: list[int]) -> None:
        begin(self, max_size - 16, left_padding)

    monkeypatch.setattr(BatchRotatingKVCache, "__init__", narrower)
    assert batch_trial(model) == "1 of 4 answers in mlx-lm's batches differ from one by one"


def test_blocks_that_padding_shifts_are_caught(plain: LoadedModel) -> None:
    """MiniMax M3: which tokens a row attends to would depend on how long its neighbours are."""
    found = batch_trial(replace(plain, model=choosing()))
    assert found is not None and "answers in mlx-lm's batches differ" in found


def test_a_choice_that_is_too_long_to_try_is_a_reason(
    plain: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_trial_module, "_LONGEST_CHOICE", 127)
    found = batch_trial(replace(plain, model=choosing()))
    assert found == "a layer that chooses 128 tokens of those before is not tried in batches"


def test_a_verdict_is_found_once(
    plain: LoadedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CYBERLLM_CACHE_DIR", str(tmp_path))
    said: list[Step] = []
    model = replace(plain, model=soft_capped())
    first = why_not_batched(model, lambda step, what: said.append(step))
    assert first is not None and said == [Step.MEASURING]
    assert why_not_batched(model, lambda step, what: said.append(step)) == first
    assert said == [Step.MEASURING]
