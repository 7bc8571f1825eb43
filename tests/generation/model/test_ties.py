"""Where two answers diverge, and whether the model itself finds their tokens equally likely."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import mlx.core as mx
import numpy as np
import pytest

from workers.generation.model.load import LoadedModel, load
from workers.generation.model.ties import FLOAT32, HALF, gap, parted_at, tolerance


@pytest.fixture(scope="module")
def loaded(tiny_model: Path) -> LoadedModel:
    return load(tiny_model)


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ((1, 2), (1, 3), (1, 2, 3)),
        ((1, 2), (1, 2, 3), (2, 9, 3)),
        ((1, 2, 3), (1,), (1, 2, 9)),
        ((1, 2), (1, 2), None),
        ((), (), None),
    ],
)
def test_the_first_difference(
    one: tuple[int, ...], other: tuple[int, ...], found: tuple[int, int, int] | None
) -> None:
    assert parted_at(one, other, end=9) == found


def test_the_gap_is_the_models_own(loaded: LoadedModel) -> None:
    logits = np.array(loaded.model(mx.array([[5, 6, 7]]))[0, -1])
    wanted = abs(logits[11] - logits[12]) / logits.std()
    assert gap(loaded, [5, 6, 7], 11, 12) == pytest.approx(wanted, rel=1e-4)
    assert gap(loaded, [5, 6, 7], 5, 5) == 0.0


def test_half_precision_is_judged_more_mildly(tiny_model: Path, loaded: LoadedModel) -> None:
    assert tolerance(loaded) == FLOAT32
    other = load(tiny_model)
    other.model.set_dtype(mx.bfloat16)
    assert tolerance(replace(other)) == HALF
