"""How many workers a run gets, and their roles."""

from __future__ import annotations

import os

import pytest

from workers.pool import sizing
from workers.pool.sizing import alike, core_count, roles, worker_count
from workers.settings.config import RunConfig
from workers.settings.values import build_config


def config(**values: object) -> RunConfig:
    """Of a run in which each stage asks a model."""
    return build_config({"stage_options": {"6_security_aligner": {"reword": True}}, **values})


def mixed(**values: object) -> RunConfig:
    """Of a run whose last stage asks no model: the aligner rewords only when asked to."""
    return build_config(values)


class Memory:
    def __init__(self, available: int) -> None:
        self.available = available


@pytest.fixture(params=[False, True], ids=["cpu", "gpu"])
def gpu(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    found: bool = request.param
    monkeypatch.setattr("workers.model_store.has_gpu", lambda: found)
    monkeypatch.setattr(sizing, "core_count", lambda: 8)
    return found


def test_as_many_as_asked_for(gpu: bool) -> None:
    assert worker_count(config(workers=5)) == 5
    assert worker_count(config(workers=5, disable_llm=True)) == 5


def test_a_gpu_serves_one_and_a_cpu_one_per_core_that_has_memory(
    gpu: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for available, fitting in ((5 * 2**30, 2), (2**30, 1), (99 * 2**30, 8)):
        monkeypatch.setattr("psutil.virtual_memory", lambda a=available: Memory(a))
        assert worker_count(config()) == (1 if gpu else fitting)


def test_without_any_model_all_are_cpu_workers(gpu: bool) -> None:
    nothing = config(disable_llm=True)
    assert worker_count(nothing) == 2 and roles(nothing, 2) == ["cpu", "cpu"]
    only = mixed(stages=["security_aligner"])
    assert worker_count(only) == 2 and roles(only, 3) == ["cpu"] * 3


def test_a_cpu_worker_stands_beside_a_gpu(gpu: bool) -> None:
    assert roles(mixed(), 2) == (["batch", "cpu"] if gpu else ["batch", "batch"])
    assert roles(mixed(), 1) == ["batch"]
    assert roles(config(), 2) == ["batch", "batch"]
    if gpu:
        assert worker_count(mixed()) == 2


def test_one_is_speculative_when_asked_for(gpu: bool) -> None:
    assert roles(config(enable_speculative=True), 3) == ["speculative", "batch", "batch"]
    assert roles(config(enable_speculative=True), 1) == ["speculative"]


def test_those_with_a_model_share_among_themselves() -> None:
    chosen = ["speculative", "batch", "cpu"]
    assert [alike(role, chosen) for role in chosen] == [2, 2, 1]


def test_cores_are_those_that_we_may_use() -> None:
    assert 1 <= core_count() <= (os.cpu_count() or 1)
