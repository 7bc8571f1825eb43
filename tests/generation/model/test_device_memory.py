"""What a device's own limit leaves; the figures are a device's, its readings are made up."""

from __future__ import annotations

from pathlib import Path

import mlx.core as mx
import pytest

from workers.generation.model import device_memory
from workers.generation.model.device_memory import device_bytes, left
from workers.generation.model.load import load

GIB = 1 << 30


def test_a_cpu_has_what_the_machine_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_memory, "available_bytes", lambda: 5 * GIB)
    monkeypatch.setattr(mx, "default_device", lambda: mx.cpu)
    assert device_bytes() == 5 * GIB


def test_metals_working_set_may_leave_less_than_the_machine_has() -> None:
    device = {"max_recommended_working_set_size": 12 * GIB, "memory_size": 16 * GIB}
    assert left(8 * GIB, device, active=10 * GIB) == 2 * GIB
    assert left(1 * GIB, device, active=2 * GIB) == 1 * GIB
    assert left(8 * GIB, device, active=13 * GIB) == 0


def test_a_device_that_tells_nothing_changes_nothing() -> None:
    assert left(3 * GIB, {"device_name": "?"}, active=GIB) == 3 * GIB


@pytest.mark.parametrize("metal", [True, False])
def test_what_mlx_keeps_of_freed_buffers_is_free_where_it_lies_in_the_machines_memory(
    monkeypatch: pytest.MonkeyPatch, metal: bool
) -> None:
    monkeypatch.setattr(device_memory, "available_bytes", lambda: 3 * GIB)
    monkeypatch.setattr(mx, "get_cache_memory", lambda: 4 * GIB)
    monkeypatch.setattr(mx, "get_active_memory", lambda: 6 * GIB)
    monkeypatch.setattr(mx, "default_device", lambda: mx.gpu)
    limit = {"max_recommended_working_set_size": 12 * GIB}
    monkeypatch.setattr(mx, "device_info", lambda: limit)
    monkeypatch.setattr(mx.metal, "is_available", lambda: metal)
    assert device_bytes() == (6 if metal else 3) * GIB


@pytest.mark.parametrize("metal", [True, False])
def test_weights_are_wired_as_mlx_lm_does_where_there_is_metal(
    monkeypatch: pytest.MonkeyPatch, tiny_model: Path, metal: bool
) -> None:
    wired: list[int] = []
    monkeypatch.setattr(mx.metal, "is_available", lambda: metal)
    monkeypatch.setattr(mx, "set_wired_limit", wired.append)
    monkeypatch.setattr(mx, "device_info", lambda: {"max_recommended_working_set_size": GIB})
    load(tiny_model, accelerate=False)
    assert wired == ([GIB] if metal else [])
