"""Where the user's cache is: converted models, compiled kernels, calibrations."""

from __future__ import annotations

import os
from pathlib import Path


def cache_dir() -> Path:
    """The user's cache: CYBERLLM_CACHE_DIR, or ~/.cache/cyberllm-pool."""
    chosen = os.environ.get("CYBERLLM_CACHE_DIR")
    return Path(chosen) if chosen else Path.home() / ".cache" / "cyberllm-pool"
