"""How many workers a run gets, and their roles."""

from __future__ import annotations

import pytest

from workers.pool import sizing
from workers.settings.config import RunConfig, build_config


def test_worker_counts_and_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    def config(**values: object) -> RunConfig:
        return build_config(values)

    monkeypatch.setattr(sizing, "core_count", lambda: 8)
    assert sizing.worker_count(config(workers=5)) == 5
    assert sizing.worker_count(config(disable_llm=True)) == 2
    assert sizing.roles(config(disable_llm=True), 2) == ["cpu", "cpu"]
    assert sizing.roles(config(enable_speculative=True), 3) == ["speculative", "batch", "batch"]
    monkeypatch.setattr("workers.model_store.has_gpu", lambda: True)
    assert sizing.worker_count(config()) == 1
    monkeypatch.setattr("workers.model_store.has_gpu", lambda: False)
    monkeypatch.setattr("psutil.virtual_memory", lambda: Memory(5 * 2**30))
    assert sizing.worker_count(config()) == 2
    monkeypatch.setattr("psutil.virtual_memory", lambda: Memory(2**30))
    assert sizing.worker_count(config()) == 1


class Memory:
    def __init__(self, available: int) -> None:
        self.available = available
