"""The beginning of a text: how much is read, and the same features in any batch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from workers.generation.decisions.texts import LONGEST, Texts
from workers.generation.model.load import LoadedModel, load
from workers.generation.tokens.prompts import PromptEncoder

TEXTS = ["The recipe needs flour.", "An attacker reads it. " * 40, "", "x", *("word " * 9,) * 9]


@pytest.fixture(scope="module")
def loaded(tiny_model: Path) -> LoadedModel:
    return load(tiny_model)


@pytest.fixture(scope="module")
def texts(loaded: LoadedModel) -> Texts:
    return Texts(loaded, PromptEncoder(loaded.tokenizer))


def test_no_more_than_the_beginning_is_read_and_at_least_one_token(texts: Texts) -> None:
    assert len(texts.tokens("word " * 100_000)) == LONGEST
    assert texts.tokens("") == [0]


def test_the_beginning_of_a_long_text_is_about_what_is_read(
    loaded: LoadedModel, texts: Texts
) -> None:
    assert texts.beginning("short") == "short"
    begun = texts.beginning("The server listens. " * 500)
    read = len(PromptEncoder(loaded.tokenizer).encode_data(begun))
    assert LONGEST * 0.8 <= read <= LONGEST * 1.2


def test_features_come_in_order_and_do_not_depend_on_the_batch(texts: Texts) -> None:
    together = texts.features(TEXTS, texts.layers)
    for number, text in enumerate(TEXTS):
        alone = texts.features([text], texts.layers)
        for layer in texts.layers:
            assert np.allclose(together[layer][number], alone[layer][0], atol=1e-5)
    assert texts.layers == tuple(sorted(set(texts.layers))) and texts.layers[-1] <= texts.depth
