"""What can't be run in packed passes, or can't draft, is refused by name."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import mlx.nn as nn
import pytest

from tests.engine_tools import SCHEMA, answers, assert_same, make_requests, plain
from tests.generation.models import gemma, recurrent
from tests.tiny_model import make_tiny_model
from workers.core.errors import UsageError
from workers.generation.engines.compatible import why_not_draft, why_not_packed
from workers.generation.engines.mlx_lm_engines import BatchEngine, OneByOneEngine
from workers.generation.engines.select import select_engine
from workers.generation.meter import Meter
from workers.generation.model.load import LoadedModel, load
from workers.generation.settings import GenerationSettings
from workers.generation.speculative.decoder import SpeculativeDecoder
from workers.metrics.metric_kinds import PhaseTimes
from workers.performance_logger import PerformanceLogger, read_metrics


@pytest.fixture(scope="module")
def loaded(tiny_model: Path) -> LoadedModel:
    return load(tiny_model)


def test_a_plain_model_is_taken(loaded: LoadedModel) -> None:
    assert why_not_packed(loaded) is None


def test_a_sliding_window_is_refused_by_its_layer(loaded: LoadedModel) -> None:
    reason = why_not_packed(replace(loaded, model=gemma()))
    assert reason is not None
    assert "layer 0" in reason and "RotatingKVCache" in reason and "window" in reason


def test_a_recurrent_model_is_refused_by_its_layer(loaded: LoadedModel) -> None:
    reason = why_not_packed(replace(loaded, model=recurrent()))
    assert reason is not None and "layer 0" in reason and "ArraysCache" in reason


def test_a_model_that_computes_otherwise_is_found_out(loaded: LoadedModel) -> None:
    class Odd(nn.Module):
        """Scales its answer by the number of tokens it sees at once."""

        def __init__(self, inner: Any) -> None:
            super().__init__()  # type: ignore[no-untyped-call]
            self.inner = inner
            self.model, self.args, self.layers = inner.model, inner.args, inner.layers

        def __call__(self, tokens: Any, cache: Any = None) -> Any:
            return self.inner(tokens, cache=cache) * tokens.shape[1]

    reason = why_not_packed(replace(loaded, model=Odd(loaded.model)))
    assert reason is not None and "trial" in reason


def refused(loaded: LoadedModel, model: nn.Module, capsys: Any, **settings: Any) -> Any:
    told: list[dict[str, Any]] = []
    engine = select_engine(
        replace(loaded, model=model),
        GenerationSettings(batch_size=4, **settings),
        Meter(None),
        lambda event, **details: told.append({"event": event, **details}),
    )
    return engine, told, capsys.readouterr().err


def test_refused_models_get_plain_batches_and_a_clear_word(
    loaded: LoadedModel, capsys: Any
) -> None:
    engine, told, said = refused(loaded, gemma(), capsys)
    assert isinstance(engine, BatchEngine)
    assert told[0]["event"] == "speculation_off" and "layer 0" in told[0]["reason"]
    assert "layer 0" in said


def test_plain_batches_give_the_same_answers(loaded: LoadedModel) -> None:
    requests = make_requests(loaded)
    found = answers(BatchEngine(loaded, 4), requests)
    assert_same(loaded, requests, found, plain(loaded, requests))


def test_kv_bits_are_refused_where_they_do_not_work(loaded: LoadedModel) -> None:
    wide = replace(loaded, model=gemma(), facts=replace(loaded.facts, head_dim=64))
    with pytest.raises(UsageError, match=r"--kv-bits 4: .*layer 0"):
        select_engine(wide, GenerationSettings(kv_bits=4), Meter(None), print)
    with pytest.raises(UsageError, match=r"--kv-bits 8: .*16 numbers"):
        select_engine(loaded, GenerationSettings(kv_bits=8), Meter(None), print)


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
    with pytest.raises(UsageError, match="--draft-model"):
        settings = GenerationSettings(draft_model=load(tmp_path))
        select_engine(loaded, settings, Meter(None), print)


def test_a_draft_that_ends_its_answers_otherwise_is_refused(
    loaded: LoadedModel, tmp_path: Path
) -> None:
    make_tiny_model(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**config, "eos_token_id": [0, 2]}))
    reason = why_not_draft(loaded, load(tmp_path))
    assert reason is not None and "[2]" in reason and "[0, 2]" in reason


def test_a_fitting_draft_is_taken(loaded: LoadedModel, tmp_path: Path) -> None:
    make_tiny_model(tmp_path, seed=4)
    assert why_not_draft(loaded, load(tmp_path)) is None
    settings = GenerationSettings(draft_model=load(tmp_path))
    engine = select_engine(loaded, settings, Meter(None), print)
    assert isinstance(engine, SpeculativeDecoder)


@pytest.mark.parametrize("batched", [True, False])
def test_mlx_lms_own_engines_tell_their_time_by_phase(
    loaded: LoadedModel, tmp_path: Path, batched: bool
) -> None:
    logger = PerformanceLogger(tmp_path, "test")
    meter = Meter(logger)
    engine = BatchEngine(loaded, 4, meter) if batched else OneByOneEngine(loaded, meter=meter)
    answers(engine, make_requests(loaded, schema=SCHEMA, max_tokens=40))
    logger.close()
    phases: Counter[str] = Counter()
    for line in read_metrics(tmp_path):
        phases.update(line.body.phases if isinstance(line.body, PhaseTimes) else {})
    assert min(phases[name] for name in ("prefill", "decode", "grammar")) > 0
