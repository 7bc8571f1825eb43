"""From a run's settings to a generator: which settings count, and models that are gone."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from stages.base import Prompt
from tests.run_tools import STAGES, write_jsonl
from workers.core.errors import ModelError
from workers.generation.model.load import load
from workers.generation.settings import GenerationSettings
from workers.generation.tokens.sampling import Sampling
from workers.performance_logger import PerformanceLogger
from workers.run.input_files import inspect_inputs
from workers.run.prepare import describe_models
from workers.run.run_folder import RunFolder
from workers.run.run_model import DRAFT, TARGET, RunModel
from workers.settings.values import build_config
from workers.worker.load import load_generator, settings_of


def test_the_settings_of_a_run_that_concern_generation() -> None:
    values = {
        "batch_size": 5, "batch_timeout": 0.25, "no_batching": True, "kv_bits": 8,
        "max_tokens": 77, "thinking": 9, "temp": 0.5, "top_p": 0.9, "seed": 3,
        "num_draft_tokens": 0, "memory_fraction": 0.5, "memory_reserve_mb": 100,
    }  # fmt: skip
    assert settings_of(build_config(values), memory_share=2) == GenerationSettings(
        batch_size=5,
        batch_timeout=0.25,
        no_batching=True,
        kv_bits=8,
        max_tokens=77,
        thinking=9,
        sampling=Sampling(0.5, 0.9, 3),
        speculate=False,
        num_draft_tokens=0,
        memory_fraction=0.5,
        memory_reserve_mb=100,
        memory_share=2,
    )


def test_settings_that_nobody_gave_are_the_runs_defaults() -> None:
    config = build_config({})
    found = settings_of(config)
    shared = {one.name for one in fields(found)} & {one.name for one in fields(config)}
    own = shared - {"draft_model"}  # of the run a name, of the engine a loaded model
    assert {name: getattr(found, name) for name in own} == {
        name: getattr(config, name) for name in own
    }
    assert found.speculate and found.memory_share == 1 and found.draft_model is None


@pytest.mark.parametrize(
    ("role", "gone"), [("batch", "target"), ("speculative", "draft")], ids=["target", "draft"]
)
def test_a_model_that_is_gone_since_the_run_was_made(role: str, gone: str, tmp_path: Path) -> None:
    values: dict[str, Any] = {"stages": STAGES, "model": "big", "draft_model": "small"}
    config = build_config({**values, "enable_speculative": True})
    model = {role: RunModel(role, str(tmp_path / role), sha256="0") for role in (TARGET, DRAFT)}
    inputs = inspect_inputs([write_jsonl(tmp_path / "in.jsonl", [{"n": 1}])])
    run = RunFolder(tmp_path / "run").create(config, inputs, model)
    logger = PerformanceLogger(tmp_path, "w1-00000000")
    name = {"target": "big", "draft": "small"}[gone]
    with pytest.raises(ModelError, match=f"model {name}: .*/{gone} no longer exists; restore it"):
        load_generator(run, logger, role=role)


@pytest.mark.parametrize(
    ("more", "note"),
    [({}, "continuing without a draft model: model small: "), ({"num_draft_tokens": 0}, "")],
    ids=["told of", "not needed"],
)
def test_one_that_nobody_gave_may_be_gone(
    tiny_model: Path, tmp_path: Path, more: dict[str, Any], note: str
) -> None:
    """The generator says so, which a person reads; a worker's stderr is in its log alone."""
    values = {"stages": STAGES, "model": str(tiny_model), "enable_speculative": True, **more}
    config = build_config(values)
    model = {TARGET: RunModel(str(tiny_model)), DRAFT: RunModel("small", str(tmp_path / "small"))}
    inputs = inspect_inputs([write_jsonl(tmp_path / "in.jsonl", [{"n": 1}])])
    run = RunFolder(tmp_path / "run").create(config, inputs, model)
    found = load_generator(run, PerformanceLogger(tmp_path, "w1-00000000"), role="speculative")
    assert found.note.startswith(note) and bool(found.note) == bool(note)


def test_a_run_keeps_the_chat_template_that_it_was_given(tiny_model: Path, tmp_path: Path) -> None:
    """Whatever becomes of its file; and what was found out with another one does not count."""
    file = tmp_path / "own.jinja"
    file.write_text("{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}[assistant]")
    values: dict[str, Any] = {"stages": STAGES, "model": str(tiny_model)}
    inputs = inspect_inputs([write_jsonl(tmp_path / "in.jsonl", [{"n": 1}])])
    made = []
    for name, more in (("own", {"chat_template": str(file)}), ("its", {})):
        config = build_config({**values, **more})
        run = RunFolder(tmp_path / name).create(config, inputs, describe_models(config))
        made.append(run)
    file.unlink()
    own, its = (load_generator(run, PerformanceLogger(tmp_path, "w1-00000000")) for run in made)
    prompt = Prompt("Be exact.", "Look: {text}").fill(text="a mail")
    shown = load(tiny_model).tokenizer.decode(list(own.encode(prompt)))
    assert shown == "[system]Be exact.[user]Look: a mail[assistant]"
    assert own.identity != its.identity
