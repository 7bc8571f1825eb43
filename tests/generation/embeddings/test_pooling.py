"""How vectors are made is what a model's folder says, or nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.generation.embeddings.models import for_embeddings
from workers.generation.embeddings.pooling import NoPoolingError, Pooling, pooling_of


@pytest.mark.parametrize(
    ("mode", "more", "found"),
    [
        ("lasttoken", ["Normalize"], Pooling(last=True, normalized=True)),
        ("mean_tokens", [], Pooling(last=False, normalized=False)),
    ],
)
def test_what_folders_say(
    tiny_model: Path, tmp_path: Path, mode: str, more: list[str], found: Pooling
) -> None:
    assert pooling_of(for_embeddings(tiny_model, tmp_path / "m", mode, *more)) == found


def test_newer_folders_and_a_prompt_before_every_text(tiny_model: Path, tmp_path: Path) -> None:
    folder = for_embeddings(tiny_model, tmp_path / "m")
    (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode": "mean"}')
    prompts = {"prompts": {"document": "text: "}, "default_prompt_name": "document"}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(prompts))
    assert pooling_of(folder) == Pooling(last=False, normalized=False, before="text: ")


def test_a_model_that_writes_has_none(tiny_model: Path) -> None:
    with pytest.raises(NoPoolingError, match="is not made for embeddings: it has no modules.json"):
        pooling_of(tiny_model)


def test_what_can_not_be_done_is_refused(tiny_model: Path, tmp_path: Path) -> None:
    def refused(folder: Path) -> str:
        with pytest.raises(NoPoolingError) as found:
            pooling_of(folder)
        return str(found.value)

    assert "pooling_mode_cls_token" in refused(
        for_embeddings(tiny_model, tmp_path / "cls", "cls_token")
    )
    assert "a module Dense" in refused(
        for_embeddings(tiny_model, tmp_path / "dense", "lasttoken", "Dense")
    )
    assert "in both directions" in refused(
        for_embeddings(tiny_model, tmp_path / "both", use_bidirectional_attention=True)
    )
    (broken := for_embeddings(tiny_model, tmp_path / "broken")).joinpath("modules.json").write_text(
        "[{}]"
    )
    assert "modules.json can't be read" in refused(broken)
