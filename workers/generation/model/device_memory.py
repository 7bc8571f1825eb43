"""How much memory the device has left, where it counts apart from the machine's.

Metal takes from the machine's own memory, but only up to a working set; a GPU has its own.
Invariant: never more than the machine itself has left, with what MLX keeps for its next arrays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mlx.core as mx
from mlx_lm.utils import maybe_set_recommended_wired_limit

from workers.generation.model.memory import available_bytes

# Names under which MLX tells how much a device may hold: Metal's, and a GPU's own memory.
_LIMITS = ("max_recommended_working_set_size", "total_memory")


def device_bytes() -> int:
    """Bytes that can be taken: by psutil, or by the device's limit if that leaves less."""
    machine = available_bytes() + _reusable_bytes()
    if mx.default_device() == mx.cpu:
        return machine
    return left(machine, mx.device_info(), mx.get_active_memory())


def _reusable_bytes() -> int:
    """Of freed buffers that MLX keeps for later arrays: Metal's lie in the machine's memory."""
    return mx.get_cache_memory() if mx.metal.is_available() else 0


def keep_wired() -> None:
    """Let Metal keep what MLX holds in memory, up to the size that it recommends, as mlx-lm does
    while it generates: this process does nothing else."""
    if mx.metal.is_available():
        maybe_set_recommended_wired_limit()


def left(machine: int, device: Mapping[str, Any], active: int) -> int:
    """Bytes left when MLX holds `active` of what `device` says it may hold."""
    limits = [int(device[name]) for name in _LIMITS if name in device]
    return max(0, min([machine, *(limit - active for limit in limits[:1])]))
