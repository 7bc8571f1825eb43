"""The name of a device: two kinds of card in equal hosts share nothing that was measured."""

from __future__ import annotations

from typing import Any

import mlx.core as mx
import pytest

from workers.generation.model.device import device_name, named

GPU = "Device(gpu, 0)"
# As MLX describes a card of CUDA; the values are made up.
CARD: dict[str, Any] = {
    "device_name": "NVIDIA H100 80GB HBM3",
    "architecture": "sm_90",
    "compute_capability_major": 9,
    "compute_capability_minor": 0,
    "total_memory": 80 << 30,
    "free_memory": 79 << 30,
    "uuid": "GPU-1",
    "pci_bus_id": "0000:01:00.0",
}


def test_two_kinds_of_card_have_two_names() -> None:
    others: list[dict[str, Any]] = [
        {"device_name": "NVIDIA A100-SXM4-80GB"},
        {"total_memory": 40 << 30},  # a part of a card
        {"compute_capability_minor": 1},
        {"architecture": "sm_80"},
    ]
    names = {named(GPU, CARD | other) for other in [{}, *others]}
    assert len(names) == 1 + len(others)
    assert named(GPU, {"device_name": "Apple M3"}) != named(GPU, {"device_name": "Apple M3 Max"})


def test_equal_cards_have_one_name_whatever_is_free() -> None:
    other = {"free_memory": 1, "uuid": "GPU-2", "pci_bus_id": "0000:02:00.0"}
    assert named(GPU, CARD | other) == named(GPU, CARD)


def test_a_gpu_is_asked_for_its_name_and_a_processor_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mx, "device_info", lambda: CARD)
    monkeypatch.setattr(mx, "default_device", lambda: mx.cpu)
    assert device_name() == str(mx.cpu)
    monkeypatch.setattr(mx, "default_device", lambda: mx.Device(mx.gpu))
    assert "H100" in device_name()
