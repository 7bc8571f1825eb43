"""mlx-lm's own generation behind the engine's interface: the same answers, and their time."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.engine_tools import (
    SCHEMA,
    TEXTS,
    answers,
    assert_same,
    finish,
    make_requests,
    metric_lines,
    plain,
)
from workers.generation.engines.engine import Engine
from workers.generation.engines.mlx_lm_engines import BatchEngine, OneByOneEngine
from workers.generation.meter import Meter
from workers.generation.model.load import LoadedModel, load
from workers.generation.speculative.decoder import SpeculativeDecoder
from workers.performance_logger import PerformanceLogger


@pytest.fixture(scope="module")
def loaded(tiny_model: Path) -> LoadedModel:
    return load(tiny_model)


def test_plain_batches_give_the_same_answers(loaded: LoadedModel) -> None:
    requests = make_requests(loaded)
    found = answers(BatchEngine(loaded, 4), requests)
    assert_same(loaded, requests, found, plain(loaded, requests))


def test_one_by_one_is_mlx_lms_own_generate(loaded: LoadedModel) -> None:
    import mlx.core as mx
    from mlx_lm.generate import generate_step

    requests = make_requests(loaded)
    wanted = []
    for request in requests:
        steps = generate_step(mx.array(request.prompt.tokens), loaded.model, max_tokens=24)
        tokens = [int(token) for token, _ in steps]
        ends = [at for at, token in enumerate(tokens) if token in loaded.eos_token_ids]
        wanted.append(tuple(tokens[: ends[0]] if ends else tokens))
    assert plain(loaded, requests) == wanted


@pytest.mark.parametrize("batched", [True, False])
def test_rows_given_back_or_dropped_can_start_again(loaded: LoadedModel, batched: bool) -> None:
    engine = BatchEngine(loaded, 8) if batched else OneByOneEngine(loaded)
    requests = make_requests(loaded)
    wanted = dict(zip(map(id, requests), plain(loaded, requests), strict=True))
    engine.add(requests)
    for _ in range(4):
        engine.step()
    assert engine.longest == max(request.longest for request in requests)
    back = engine.give_back(2)
    assert len(back) == 2 and engine.active == len(requests) - 2
    rest = [request for request in requests if request not in back]
    assert_same(loaded, rest, finish(engine, rest), [wanted[id(r)] for r in rest])
    engine.add(back)
    engine.step()
    assert sorted(map(id, engine.drop_all())) == sorted(map(id, back)) and engine.active == 0
    assert_same(loaded, back, answers(engine, back), [wanted[id(r)] for r in back])


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
    for line in metric_lines(tmp_path, "time"):
        phases.update(line["phases"])
    assert min(phases[name] for name in ("prefill", "decode", "grammar")) > 0


@pytest.mark.parametrize("kind", ["packed", "batches", "one by one"])
def test_a_row_is_planned_for_more_once_its_answer_has_outgrown_the_plan(
    loaded: LoadedModel, kind: str
) -> None:
    engines: dict[str, Engine] = {
        "packed": SpeculativeDecoder(loaded),
        "batches": BatchEngine(loaded, 2),
        "one by one": OneByOneEngine(loaded),
    }
    engine = engines[kind]
    [request] = make_requests(loaded, TEXTS[:1])
    request.expected, prompt = 4, len(request.prompt.tokens)
    engine.add([request])
    assert engine.longest == prompt + 4
    for _ in range(10):
        assert not engine.step()
    assert engine.longest == prompt + 16
    [back] = engine.drop_all()
    assert back is request and request.planned() == prompt + 16
