"""A model under the hash of its content, as a worker loads it.

Knows the model store and the loader.  Invariant: nothing imports mlx before the fast BLAS is
there.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workers.generation.model.load import LoadedModel


def loaded(name: str) -> LoadedModel:
    """The model of that name or in that folder."""
    from workers.generation import linux_cpu

    linux_cpu.prepare()
    from workers.generation.model.load import load
    from workers.model_store import fingerprint, resolve

    path = Path(resolve(name))
    return replace(load(path), fingerprint=fingerprint(path).sha256)
