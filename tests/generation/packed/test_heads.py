"""The matrix that logits are products with is found where they are just that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import mlx.core as mx
import mlx.nn as nn
import pytest

from tests.generation.models import gemma, soft_capped
from workers.generation.architecture import split
from workers.generation.model.load import load
from workers.generation.packed.heads import plain_head


def test_it_is_a_matrix_of_its_own_or_the_embedding(tiny_model: Path) -> None:
    model: Any = gemma()
    found = plain_head(split(model))
    assert found is not None and mx.array_equal(found, model.lm_head.weight).item()
    model.tie_word_embeddings = bool(model.pop("lm_head"))
    found = plain_head(split(model))
    assert found is not None and mx.array_equal(found, model.model.embed_tokens.weight).item()
    assert plain_head(load(tiny_model).parts) is not None


@pytest.mark.parametrize("model", [soft_capped()], ids=["soft caps"])
def test_logits_that_are_more_than_products_have_none(model: nn.Module) -> None:
    assert plain_head(split(model)) is None


def test_a_matrix_in_another_form_is_none() -> None:
    model = gemma()
    nn.quantize(model, 32, 4)
    assert plain_head(split(model)) is None
