"""The manifest: comes back as it was, and says what is wrong when it is damaged."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from workers.core.errors import QueueError
from workers.run.input_files import InputFile
from workers.run.manifest import Manifest, SplitState, created_in
from workers.run.run_model import DRAFT, TARGET, RunModel
from workers.run.run_recipe import RunRecipe
from workers.run.versions import Versions
from workers.settings.config import RunConfig

MANIFEST = Manifest(
    "r1",
    "2026-01-31T12:00:00+00:00",
    RunConfig(batch_size=7, seed=9),
    (InputFile("/data/a.jsonl", 10, 5), InputFile("/data/b.jsonl", 1, 2, "ab")),
    SplitState(True, 3, 1),
    {TARGET: RunModel("m", sha256="cd"), DRAFT: RunModel("d", "/m", 3, "ef")},
    Versions("0.1.0", "3.12.1", {"mlx": "1"}),
    RunRecipe("ef", {"bounds.yaml": "01"}),
)


def changed(**changes: Any) -> bytes:
    return orjson.dumps({**orjson.loads(MANIFEST.to_bytes()), **changes})


def test_it_comes_back_as_it_was() -> None:
    assert Manifest.parse(MANIFEST.to_bytes(), "run.json") == MANIFEST
    assert b"\n" in MANIFEST.to_bytes()  # indented, for people


def test_when_it_was_created_is_known_whatever_version_wrote_it() -> None:
    assert created_in(changed(config={"of": "tomorrow"})) == MANIFEST.created
    assert created_in(b"{") == created_in(b"[]") == created_in(changed(created=7)) == ""


def test_the_seed_is_in_the_settings_only() -> None:
    values = orjson.loads(MANIFEST.to_bytes())
    assert values["config"]["seed"] == 9 and "seed" not in values


def test_a_manifest_of_a_run_from_before_there_were_recipes_opens() -> None:
    values = orjson.loads(MANIFEST.to_bytes())
    del values["recipe"], values["config"]["recipe"]
    assert Manifest.parse(orjson.dumps(values), "run.json").recipe is None


def test_a_manifest_of_an_older_run_with_a_seed_beside_the_settings_opens() -> None:
    assert Manifest.parse(changed(seed=9), "run.json") == MANIFEST


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"{", "unexpected end"),
        (b"[]", "not a JSON object"),
        (changed(run=7), "'run' is not text"),
        (changed(config={"batchsize": 1}), "batchsize: no such setting"),
        (changed(config={"batch_size": 0}), "must be from 1"),
        (changed(inputs=[{"path": "/a"}]), "inputs: no 'size'"),
        (changed(split={}), "split: no 'complete'"),
        (changed(versions={"mlx": 1}), "versions: 'mlx' is not text"),
        (changed(recipe={"files": {}}), "recipe: no 'sha256'"),
    ],
)
def test_damage_is_named(data: bytes, problem: str) -> None:
    with pytest.raises(QueueError, match=f"^q/run.json: damaged.*{problem}"):
        Manifest.parse(data, "q/run.json")
