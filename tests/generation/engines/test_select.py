"""Which engine runs a model with given settings, and what is refused by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import mlx.nn as nn
import pytest

from tests.engine_tools import answers, make_requests, metric_lines
from tests.generation.models import gemma, latent, soft_capped
from tests.tiny_model import make_tiny_model
from workers.core.errors import UsageError
from workers.generation.build import build_generator
from workers.generation.engines.mlx_lm_engines import BatchEngine, OneByOneEngine
from workers.generation.engines.select import select_engine
from workers.generation.meter import Meter
from workers.generation.model.load import LoadedModel, load
from workers.generation.model.memory import Footprint
from workers.generation.packed.prefix import limit_for
from workers.generation.settings import GenerationSettings
from workers.generation.speculative import decoder
from workers.generation.speculative.decoder import SpeculativeDecoder
from workers.generation.steps import Step
from workers.performance_logger import PerformanceLogger


@pytest.fixture(scope="module")
def loaded(tiny_model: Path) -> LoadedModel:
    return load(tiny_model)


def test_without_batches_it_is_one_by_one(loaded: LoadedModel) -> None:
    settings = GenerationSettings(no_batching=True)
    assert isinstance(select_engine(loaded, settings, Meter(None)), OneByOneEngine)


@pytest.mark.parametrize(
    ("kind", "engine", "says"),
    [
        (lambda: soft_capped(6), BatchEngine, "runs in mlx-lm's own batches: .*gemma2 attends"),
        (soft_capped, OneByOneEngine, "one request at a time: .*gemma2.*; .*batches"),
    ],
)
def test_refused_models_get_what_is_right_and_a_clear_word(
    loaded: LoadedModel,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    kind: Callable[[], nn.Module],
    engine: type,
    says: str,
) -> None:
    logger = PerformanceLogger(tmp_path, "test")
    model = replace(loaded, model=kind())
    found = select_engine(model, GenerationSettings(batch_size=4), Meter(logger))
    logger.close()
    assert isinstance(found, engine) and re.search(says, found.note)
    [event] = metric_lines(tmp_path, "speculation_off")
    assert event["reason"] and event["engine"]
    assert re.search(says, capsys.readouterr().err)


def test_windows_run_in_packed_passes(loaded: LoadedModel) -> None:
    engine = select_engine(replace(loaded, model=gemma()), GenerationSettings(), Meter(None))
    assert isinstance(engine, SpeculativeDecoder) and not engine.note


def test_costs_are_measured_when_something_is_drafted_first(
    loaded: LoadedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CYBERLLM_CACHE_DIR", str(tmp_path))
    said: list[Step] = []
    for speculate, measured in ((False, []), (True, [Step.MEASURING]), (True, [])):
        said.clear()
        settings = GenerationSettings(speculate=speculate)
        engine = select_engine(loaded, settings, Meter(None), lambda step, what: said.append(step))
        assert said == [Step.MEASURING]  # whether packed passes are right
        said.clear()
        answers(engine, make_requests(loaded))
        assert said == measured


def test_kv_bits_are_refused_where_they_do_not_work(loaded: LoadedModel) -> None:
    with pytest.raises(UsageError, match=r"--kv-bits 4: .*layer 0"):
        odd = replace(loaded, model=soft_capped())
        select_engine(odd, GenerationSettings(kv_bits=4), Meter(None))
    with pytest.raises(UsageError, match=r"--kv-bits 8: .*head dimension is 16"):
        select_engine(loaded, GenerationSettings(kv_bits=8), Meter(None))


def test_one_by_one_refuses_them_before_it_generates(loaded: LoadedModel) -> None:
    settings = GenerationSettings(kv_bits=8, no_batching=True)
    with pytest.raises(UsageError, match="--no-batching .*quantize a sliding window"):
        select_engine(replace(loaded, model=gemma()), settings, Meter(None))


def test_kv_bits_work_for_latent_vectors_where_they_are_long_enough(loaded: LoadedModel) -> None:
    """One by one they can't: mlx-lm's own layer looks at the keys."""
    model = replace(loaded, model=latent(rank=64))
    engine = select_engine(model, GenerationSettings(kv_bits=8), Meter(None))
    assert isinstance(engine, SpeculativeDecoder)
    assert engine.keeps.per_token < model.facts.keeps.per_token


def test_as_many_prefixes_are_kept_with_kv_bits_as_without(
    loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are kept as they were computed, in full precision."""
    bounded: list[Footprint] = []

    def noting(keeps: Footprint, free: int) -> int:
        bounded.append(keeps)
        return limit_for(keeps, free)

    monkeypatch.setattr(decoder, "limit_for", noting)
    model = replace(loaded, model=latent(rank=64))
    for bits in (None, 8):
        SpeculativeDecoder(model, kv_bits=bits)
    assert bounded == [model.facts.keeps] * 2


def of_another_kind(loaded: LoadedModel) -> LoadedModel:
    return replace(loaded, model=soft_capped())


def test_a_draft_model_that_does_not_fit_is_a_wrong_flag(loaded: LoadedModel) -> None:
    with pytest.raises(UsageError, match="--draft-model .*can't run in packed passes"):
        settings = GenerationSettings(draft_model=of_another_kind(loaded))
        select_engine(loaded, settings, Meter(None))


def test_one_that_nobody_asked_for_is_left_out_with_a_word(
    loaded: LoadedModel, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the engine's note too: what a worker writes to stderr is in its log alone."""
    logger = PerformanceLogger(tmp_path, "test")
    draft = of_another_kind(loaded)
    settings = GenerationSettings(draft_model=draft, draft_model_must_fit=False)
    engine = select_engine(loaded, settings, Meter(logger))
    logger.close()
    assert isinstance(engine, SpeculativeDecoder)
    assert "continuing without draft model" in engine.note
    assert "can't run in packed passes" in engine.note
    assert engine.note in capsys.readouterr().err
    assert [line["reason"] for line in metric_lines(tmp_path, "draft_model_off")] == [engine.note]


def test_one_that_could_not_be_loaded_is_told_of(loaded: LoadedModel) -> None:
    settings = GenerationSettings(draft_missing="continuing without a draft model: gone")
    assert build_generator(loaded, settings).note == settings.draft_missing


def test_a_fitting_draft_model_is_taken(loaded: LoadedModel, tmp_path: Path) -> None:
    make_tiny_model(tmp_path, seed=4)
    settings = GenerationSettings(draft_model=load(tmp_path))
    assert isinstance(select_engine(loaded, settings, Meter(None)), SpeculativeDecoder)
