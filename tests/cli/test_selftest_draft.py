"""A draft model that nobody gave never ends `selftest`; one that was given and is no use does."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from workers.cli.selftest_draft import fitting_draft
from workers.core.errors import ModelError, UsageError
from workers.generation.model.load import LoadedModel, load
from workers.settings.values import build_config

GIVEN = build_config({"enable_speculative": True, "draft_model": "small"})
CHOSEN = build_config({"enable_speculative": True})


@pytest.fixture(scope="module")
def target(tiny_model: Path) -> LoadedModel:
    return load(tiny_model)


def test_one_that_fits_is_taken(target: LoadedModel, tiny_model: Path) -> None:
    said: list[str] = []
    draft = fitting_draft(target, CHOSEN, tiny_model, said.append)
    assert draft is not None and draft.path == tiny_model and not said
    assert draft.fingerprint, "its trial would be made again in every round"


@pytest.mark.parametrize("fault", ["no weights", "another tokenizer"])
def test_one_that_does_not_is_left_with_a_word_or_refused(
    target: LoadedModel, tiny_model: Path, tmp_path: Path, fault: str
) -> None:
    folder = tmp_path / "small"
    shutil.copytree(tiny_model, folder)
    if fault == "no weights":
        (folder / "model.safetensors").unlink()
    else:
        file = folder / "tokenizer.json"
        file.write_text(file.read_text().replace("<|im_start|>", "<|begin|>"))
    said: list[str] = []
    assert fitting_draft(target, CHOSEN, folder, said.append) is None
    assert said[0].startswith("continuing without") and "--draft-model" not in said[0]
    with pytest.raises((ModelError, UsageError), match="can't be loaded|--draft-model small: "):
        fitting_draft(target, GIVEN, folder, said.append)
