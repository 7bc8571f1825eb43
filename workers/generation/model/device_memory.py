"""How much memory the device has left, where it counts apart from the machine's.

Metal takes from the machine's own memory, but only up to a working set; a GPU has its own.
Invariant: never more than the machine itself has left.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mlx.core as mx

from workers.generation.model.memory import available_bytes

# Names under which MLX tells how much a device may hold: Metal's, and a GPU's own memory.
_LIMITS = ("max_recommended_working_set_size", "total_memory")


def device_bytes() -> int:
    """Bytes that can be taken: by psutil, or by the device's limit if that leaves less."""
    machine = available_bytes()
    if mx.default_device() == mx.cpu:
        return machine
    return left(machine, mx.device_info(), mx.get_active_memory())


def left(machine: int, device: Mapping[str, Any], active: int) -> int:
    """Bytes left when MLX holds `active` of what `device` says it may hold."""
    limits = [int(device[name]) for name in _LIMITS if name in device]
    return max(0, min([machine, *(limit - active for limit in limits[:1])]))
