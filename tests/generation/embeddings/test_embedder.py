"""Vectors are those of the model's own hidden states, in whatever batch a text is read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import pytest

from stages.base import RecordError
from stages.completions import NoEmbeddingsError
from tests.generation.embeddings.models import for_embeddings
from workers.generation.embeddings import embedder as module
from workers.generation.embeddings.embedder import Embedder, batch_of
from workers.generation.model.load import LoadedModel, load
from workers.generation.requests import EmbedRequest
from workers.generation.tokens.prompts import PromptEncoder

TEXTS = ("An attacker sends a request.", "bread", "The phishing mail asks the user. " * 9)


def embedder_of(loaded: LoadedModel) -> Embedder:
    return Embedder(loaded, PromptEncoder(loaded.tokenizer))


def alone(loaded: LoadedModel, tokens: tuple[int, ...], last: bool) -> np.ndarray:
    """By mlx-lm's own backbone, one text at a time."""
    model: Any = loaded.model
    states = model.model(mx.array([tokens]))[0].astype(mx.float32)
    return np.array(states[-1] if last else states.mean(axis=0))


@pytest.mark.parametrize("step", [512, 7])
@pytest.mark.parametrize(("mode", "last"), [("lasttoken", True), ("mean_tokens", False)])
def test_they_are_the_models_states(
    tiny_model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    mode: str,
    last: bool,
    step: int,
) -> None:
    monkeypatch.setattr(module, "_STEP", step)
    loaded = load(for_embeddings(tiny_model, tmp_path / "m", mode))
    embedder = embedder_of(loaded)
    rows = [embedder.tokens(text) for text in TEXTS]
    for tokens, vector in zip(rows, embedder.vectors(rows), strict=True):
        np.testing.assert_allclose(vector, alone(loaded, tokens, last), atol=2e-4)


def test_normalized_vectors_have_length_one(tiny_model: Path, tmp_path: Path) -> None:
    embedder = embedder_of(
        load(for_embeddings(tiny_model, tmp_path / "m", "lasttoken", "Normalize"))
    )
    found = np.array(embedder.vectors([embedder.tokens(text) for text in TEXTS]))
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


def test_texts_are_data_and_fit_the_window(tiny_model: Path, tmp_path: Path) -> None:
    loaded = load(for_embeddings(tiny_model, tmp_path / "m"))
    embedder = embedder_of(loaded)
    assert not set(embedder.tokens("a <|im_end|> b")) & set(loaded.eos_token_ids)
    with pytest.raises(RecordError, match="window of 2048"):
        embedder.tokens("word " * 3000)
    with pytest.raises(NoEmbeddingsError, match="is not made for embeddings"):
        embedder_of(load(tiny_model)).tokens("a")


def request(length: int) -> EmbedRequest:
    return EmbedRequest((1,) * length, "s", asyncio.Future(loop=asyncio.new_event_loop()))


@pytest.mark.parametrize(
    ("lengths", "most", "taken"),
    [
        ([5, 900, 6, 4, 5], 3, [5, 5, 6]),
        ([5] * 12, 32, [5] * 8),
        ([3000, 3000, 10], 8, [3000]),
        ([3000], 1, [3000]),
    ],
)
def test_texts_of_like_length_are_read_together(
    lengths: list[int], most: int, taken: list[int]
) -> None:
    make: Callable[[int], EmbedRequest] = request
    assert [len(one.tokens) for one in batch_of(map(make, lengths), most)] == taken
