"""What can't be run in packed passes, or can't draft, is refused by name."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import mlx.nn as nn
import pytest

from tests.generation.models import (
    both_ways,
    dynamic,
    gemma,
    latent,
    mixed,
    recurrent,
    sinks,
    soft_capped,
    streams,
)
from tests.tiny_model import make_tiny_model
from workers.generation.engines import compatible
from workers.generation.engines.compatible import why_not_draft, why_not_packed
from workers.generation.model.load import LoadedModel, load
from workers.generation.steps import Step


@pytest.fixture(scope="module")
def loaded(tiny_model: Path) -> LoadedModel:
    return load(tiny_model)


def test_a_plain_model_is_taken(loaded: LoadedModel) -> None:
    assert why_not_packed(loaded) is None


@pytest.mark.parametrize(
    "kind", [gemma, sinks, latent, streams, recurrent, both_ways, dynamic, mixed]
)
def test_layers_of_every_kind_are_taken(loaded: LoadedModel, kind: Any) -> None:
    short = replace(loaded.facts, window=1024)
    assert why_not_packed(replace(loaded, model=kind(), facts=short)) is None


def test_a_verdict_is_kept_with_the_models_hash(
    loaded: LoadedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CYBERLLM_CACHE_DIR", str(tmp_path))
    verdicts = iter(["it is odd", None, None, None, None, None])
    monkeypatch.setattr(compatible, "packed_trial", lambda *_: next(verdicts))
    known, other = replace(loaded, fingerprint="a"), replace(loaded, fingerprint="b")
    assert [why_not_packed(known), why_not_packed(known)] == ["it is odd"] * 2
    assert [why_not_packed(other), why_not_packed(other)] == [None, None]
    assert why_not_packed(known, kv_bits=8) is None  # another trial
    faster = replace(known, kernels=replace(known.kernels, times={"rows": 2.0}))
    assert why_not_packed(faster) is None  # its rows are kept otherwise, so the trial is another
    with monkeypatch.context() as patched:
        patched.setattr(compatible, "device_name", lambda: "another card")
        assert why_not_packed(known) is None
    assert why_not_packed(loaded) is None and next(verdicts, "all used") == "all used"


def test_no_verdict_is_kept_where_memory_was_short_or_the_file_is_empty(
    loaded: LoadedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CYBERLLM_CACHE_DIR", str(tmp_path))
    found: list[Any] = [MemoryError(), RuntimeError("[malloc] Unable to allocate"), "odd", "odd"]

    def trial(*_: object) -> str:
        if isinstance(found[0], BaseException):
            raise found.pop(0)
        return str(found.pop(0))

    monkeypatch.setattr(compatible, "packed_trial", trial)
    known = replace(loaded, fingerprint="a")
    for _ in range(2):
        assert str(why_not_packed(known)).startswith("a trial pass failed: ")
    assert why_not_packed(known) == "odd" and len(found) == 1
    [kept] = tmp_path.rglob("packed-*.txt")
    kept.write_bytes(b"")
    assert why_not_packed(known) == "odd" and not found


def test_a_trial_says_that_it_begins(loaded: LoadedModel) -> None:
    """Nobody knows else what a worker does that takes minutes to start."""
    said: list[Step] = []
    assert why_not_packed(loaded, begin=lambda step, what: said.append(step)) is None
    assert said == [Step.MEASURING]


def test_attention_of_a_models_own_is_refused(loaded: LoadedModel) -> None:
    ours = replace(loaded.kernels, gelu=nn.gelu_approx)  # then it is a twin of the model that runs
    for kernels in (loaded.kernels, ours):
        reason = why_not_packed(replace(loaded, model=soft_capped(), kernels=kernels))
        assert reason is not None
        assert "of mlx_lm.models.gemma2 attends with a function of its own" in reason


def test_a_model_that_computes_otherwise_is_found_out(loaded: LoadedModel) -> None:
    class Odd(nn.Module):
        """Scales its answer by the number of rows it sees at once."""

        def __init__(self, inner: Any) -> None:
            super().__init__()  # type: ignore[no-untyped-call]
            self.inner = inner
            self.model, self.args, self.layers = inner.model, inner.args, inner.layers

        def __call__(self, tokens: Any, cache: Any = None) -> Any:
            return self.inner(tokens, cache=cache) * (1 + tokens.shape[0])

    reason = why_not_packed(replace(loaded, model=Odd(loaded.model)))
    assert reason is not None and "trial" in reason


def test_a_draft_with_another_vocabulary_is_refused_by_its_token(
    loaded: LoadedModel, tmp_path: Path
) -> None:
    make_tiny_model(tmp_path)
    tokenizer = json.loads((tmp_path / "tokenizer.json").read_text())
    vocabulary = tokenizer["model"]["vocab"]
    a, b = list(vocabulary)[100:102]
    vocabulary[a], vocabulary[b] = vocabulary[b], vocabulary[a]
    (tmp_path / "tokenizer.json").write_text(json.dumps(tokenizer))
    reason = why_not_draft(loaded, load(tmp_path))
    assert reason is not None and (repr(a) in reason or repr(b) in reason)


def test_a_fitting_draft_is_taken(loaded: LoadedModel, tmp_path: Path) -> None:
    """It renders no prompts, and the target decides where answers end."""
    make_tiny_model(tmp_path, seed=4)
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**config, "eos_token_id": [0, 2]}))
    tokenizer = json.loads((tmp_path / "tokenizer_config.json").read_text())
    del tokenizer["chat_template"]
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(tokenizer))
    assert why_not_draft(loaded, load(tmp_path, only_drafts=True)) is None
