"""Which device MLX computes on, by name: what is measured or tried on one says nothing of another.

Knows what MLX tells of a device; a processor's name is in every key of a machine already.
Invariant: equal cards have one name, whichever of them it is and however much of it is free.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mlx.core as mx

_KIND = (
    "device_name",
    "architecture",
    "compute_capability_major",
    "compute_capability_minor",
    "total_memory",
    "memory_size",
)


def device_name() -> str:
    """The default device; of a GPU also which kind of card it is."""
    device = mx.default_device()
    return named(str(device), mx.device_info() if device != mx.cpu else {})


def named(device: str, told: Mapping[str, Any]) -> str:
    """A device with what MLX tells of its kind."""
    return ", ".join([device, *(f"{name} {told[name]}" for name in _KIND if name in told)])
