"""The trial lets a right way in, and catches each kind of wrong that was seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import mlx.core as mx
import mlx.nn as nn
import pytest

from tests.generation.models import gemma, made, sinks
from workers.generation.engines import packed_trial as packed_trial_module
from workers.generation.engines.packed_trial import TrialLogits, packed_trial
from workers.generation.engines.patience import Patience
from workers.generation.model.kernels import PLAIN
from workers.generation.model.load import LoadedModel, load
from workers.generation.packed import attention, cache
from workers.generation.packed.attention import PassLayer
from workers.generation.packed.cache import PackedCache
from workers.generation.packed.groups import scatter
from workers.generation.packed.plan import PrefilledKV
from workers.generation.packed.rows import Decoding


@pytest.fixture(scope="module")
def plain(tiny_model: Path) -> LoadedModel:
    return replace(load(tiny_model), kernels=PLAIN)


def of(plain: LoadedModel, kind: Callable[[], nn.Module]) -> LoadedModel:
    return replace(plain, model=kind())


def test_what_is_right_passes_with_either_cache(plain: LoadedModel, tiny_model: Path) -> None:
    for loaded in (plain, load(tiny_model), of(plain, gemma), of(plain, sinks)):
        assert packed_trial(loaded) is None


def test_quantized_keys_are_tried_too(plain: LoadedModel) -> None:
    with pytest.raises(ValueError, match="quantize"):
        packed_trial(plain, kv_bits=8)  # 16 elements in a key make no group of 64


def wrong(loaded: LoadedModel) -> None:
    found = packed_trial(loaded)
    assert found is not None and "off by" in found


def test_what_mlx_lm_itself_rounds_to_is_no_fault(
    plain: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [[3, 1, 4, 1, 5], [3, 1, 9]]
    assert packed_trial_module.own_rounding(plain, rows, Patience()) < 1e-3
    monkeypatch.setattr(packed_trial_module, "_passes", slightly_off)
    wrong(plain)
    for rounding, right in ((0.04, True), (0.01, False), (float("inf"), True)):
        monkeypatch.setattr(packed_trial_module, "own_rounding", lambda *_, r=rounding: r)
        assert (packed_trial(plain) is None) == right
    monkeypatch.setattr(packed_trial_module, "_passes", far_off)
    wrong(plain)


def far_off(loaded: LoadedModel, kept: Any, rows: list[list[int]]) -> list[TrialLogits]:
    return slightly_off(loaded, kept, rows, 0.2)


def slightly_off(
    loaded: LoadedModel, _: Any, rows: list[list[int]], off: float = 0.03
) -> list[TrialLogits]:
    """mlx-lm's own logits, of which one is off by so much of their spread."""
    logits = packed_trial_module._expected(loaded, loaded.layer_kinds, rows[0], 6, Patience())[5]
    moved = logits + off * mx.std(logits) * (mx.arange(logits.size) == 0)
    return [TrialLogits(0, 5, moved)]


def test_a_row_that_sees_past_its_window_is_caught(
    plain: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(PackedCache, "_within", lambda _, group, window: group)
        wrong(of(plain, gemma))
    monkeypatch.setattr(attention, "windowed", lambda keys, values, *_: (keys, values, "causal"))
    wrong(of(plain, gemma))


def test_a_prompt_that_sees_more_than_its_layers_keep_is_not_packed(plain: LoadedModel) -> None:
    """PLaMo 3: behind the window, answers would differ from those that mlx-lm gives one by one."""
    found = made(
        {
            "model_type": "plamo3",
            "hidden_size": 32,
            "num_hidden_layers": 3,
            "intermediate_size": 64,
            "num_attention_heads": 2,
            "num_key_value_heads": 1,
            "head_dim": 16,
            "vocab_size": 512,
            "window_size": 6,
            "sliding_window_pattern": 3,
        }
    )
    wrong(replace(plain, model=found))


def test_sinks_that_are_left_out_are_caught(
    plain: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = PassLayer.attend

    def without(layer: PassLayer, *args: Any, **more: Any) -> mx.array:
        return whole(layer, *args, **{**more, "sinks": None})

    monkeypatch.setattr(PassLayer, "attend", without)
    wrong(of(plain, sinks))


def test_a_draft_that_is_not_taken_back_is_caught(
    plain: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = PackedCache.commit

    def keep_all(rows_cache: PackedCache, rows: Sequence[Decoding], kept: Sequence[int]) -> None:
        whole(rows_cache, rows, [row.count for row in rows])
        for row, count in zip(rows, kept, strict=True):
            row.slot.length += count - row.count

    monkeypatch.setattr(PackedCache, "commit", keep_all)
    wrong(plain)


def test_rows_that_are_mixed_up_are_caught(
    plain: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def turned(rows: Sequence[Decoding], cuts: Sequence[tuple[int, int, int]]) -> mx.array:
        return scatter(rows, cuts)[::-1]

    monkeypatch.setattr(cache, "scatter", turned)
    wrong(plain)


def test_a_prefix_that_is_written_to_is_caught(
    plain: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PrefilledKV, "fork", lambda prefix: prefix)
    wrong(plain)
