"""Models for embeddings come without a head, and with their layers named from the backbone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
from safetensors.numpy import load_file, save_file

from tests.generation.embeddings.models import for_embeddings
from workers.generation.model.load import load


def test_weights_of_the_backbone_alone_are_loaded(tiny_model: Path, tmp_path: Path) -> None:
    folder = for_embeddings(tiny_model, tmp_path / "m", tie_word_embeddings=False)
    path = folder / "model.safetensors"
    save_file({name.removeprefix("model."): x for name, x in load_file(path).items()}, str(path))
    assert json.loads((folder / "config.json").read_text())["tie_word_embeddings"] is False
    tokens = mx.array([[1, 5, 9, 30]])
    models: list[Any] = [load(one).model for one in (folder, tiny_model)]
    found, whole = (model.model(tokens) for model in models)
    np.testing.assert_allclose(np.array(found), np.array(whole), atol=1e-6)
