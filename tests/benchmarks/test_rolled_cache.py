"""Holes against mlx-lm's own way to roll rows back: the same logits, the same keys and values."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from benchmarks.rolled_cache import HoledRows, RolledRows, Rows, prefilled
from tests.tiny_model import VOCABULARY
from workers.generation.model.load import LoadedModel, load

ROUNDS = 70  # enough that both ways have cut off waste of their own


@pytest.fixture(scope="module")
def loaded(tiny_model: Path) -> LoadedModel:
    return load(tiny_model)


def assert_same_row(ours: Rows, theirs: Rows, number: int, length: int) -> None:
    for mine, other in zip(ours.row(number), theirs.row(number), strict=True):
        for a, b in zip(mine, other, strict=True):
            assert a.shape[1] == length
            np.testing.assert_allclose(np.array(a), np.array(b), rtol=1e-3, atol=1e-4)


def assert_same_logits(ours: Rows, theirs: Rows, new: Sequence[Sequence[int]]) -> None:
    for mine, other in zip(ours.logits(new), theirs.logits(new), strict=True):
        expected = np.array(other)
        off = np.abs(np.array(mine) - expected).max()
        assert off < 1e-3 * expected.std(), "more than rounding"


@pytest.mark.parametrize("rows", [1, 2, 5])
def test_holes_give_what_rolling_gives(loaded: LoadedModel, rows: int) -> None:
    random = np.random.default_rng(rows)

    def tokens(count: int) -> list[int]:
        found: list[int] = random.integers(3, VOCABULARY, count).tolist()
        return found

    prompts = [tokens(int(random.integers(1, 60))) for _ in range(rows)]
    caches = [prefilled(loaded.model, prompt) for prompt in prompts]
    holed, rolled = HoledRows(loaded, caches), RolledRows(loaded.model, caches)
    lengths = [len(prompt) for prompt in prompts]
    for _ in range(ROUNDS):
        new = [tokens(int(random.integers(1, 10))) for _ in range(rows)]
        assert_same_logits(holed, rolled, new)
        kept = [int(random.integers(1, len(row) + 1)) for row in new]
        holed.keep(kept)
        rolled.keep(kept)
        lengths = [length + count for length, count in zip(lengths, kept, strict=True)]
        for number, length in enumerate(lengths):
            assert_same_row(holed, rolled, number, length)
    assert holed.moves > 0
