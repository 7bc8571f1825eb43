"""What passes take: timed in the model's own kind of cache, once on a machine."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine_tools import CACHES, with_cache
from tests.tiny_model import Shape, make_tiny_model
from workers.generation.model.load import LoadedModel, load
from workers.generation.speculative import probe as module
from workers.generation.speculative.lengths import CostTable
from workers.generation.speculative.probe import measured_costs, probe
from workers.generation.steps import Step


@pytest.fixture(scope="module")
def loaded(tiny_model: Path) -> LoadedModel:
    return load(tiny_model)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CYBERLLM_CACHE_DIR", str(tmp_path / "cache"))


@pytest.mark.parametrize("kind", CACHES)
def test_passes_of_any_size_are_timed(loaded: LoadedModel, kind: str) -> None:
    timed = probe(with_cache(loaded, kind), context=20)
    assert all(0 < timed(tokens) < 5 for tokens in (1, 2, 5, 8, 1))


def test_it_is_measured_once_and_says_so_once(
    loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[Step] = []
    first = measured_costs(loaded, begin=lambda step, what: said.append(step))
    monkeypatch.setattr(CostTable, "measure", lambda *_: pytest.fail("measured again"))
    again = measured_costs(loaded, begin=lambda step, what: said.append(step))
    assert said == [Step.MEASURING]
    assert float(again.base(7)) == float(first.base(7)) > 0


def test_what_a_busy_machine_gave_is_measured_again_later(
    loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, others = [1000.0], [0.5]
    tables = iter(CostTable((1, 2), (n, n)) for n in range(1, 9))
    monkeypatch.setattr(CostTable, "measure", lambda *_: next(tables))
    monkeypatch.setattr(module, "stopwatch", lambda: time.perf_counter)
    monkeypatch.setattr(module, "share_of_others", lambda: lambda: others[0])
    monkeypatch.setattr(time, "time", lambda: now[0])

    def costs_at(moment: float, busy: float) -> float:
        now[0], others[0] = moment, busy
        return float(measured_costs(loaded).base(1))

    assert [costs_at(1000, 0.5), costs_at(1500, 0.0), costs_at(1601, 0.0)] == [1, 1, 2]
    assert costs_at(90_000, 0.5) == 2  # the last was measured in peace


def test_other_shapes_caches_and_cards_are_measured_apart(
    loaded: LoadedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = iter(CostTable((1, 2), (n, n)) for n in range(1, 9))
    monkeypatch.setattr(CostTable, "measure", lambda *_: next(tables))
    make_tiny_model(tmp_path, shape=Shape(layers=2))
    shallow = load(tmp_path)
    plain = replace(loaded, kernels=replace(loaded.kernels, times={}))
    costs = [
        float(measured_costs(model, bits).base(1))
        for model, bits in ((loaded, None), (shallow, None), (loaded, 8), (plain, None))
        for _ in range(2)
    ]
    assert costs == [1, 1, 2, 2, 3, 3, 4, 4]
    monkeypatch.setattr(module, "device_name", lambda: "another card")
    assert float(measured_costs(loaded).base(1)) == 5
