"""What a device's own limit leaves; the figures are a device's, its readings are made up."""

from __future__ import annotations

import mlx.core as mx
import pytest

from workers.generation.model import device_memory
from workers.generation.model.device_memory import device_bytes, left

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
