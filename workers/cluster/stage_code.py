"""The hash of the code of a run's stages, so that two machines can tell whether they have the same.

Knows the files of stages/ and of a user's own stages; reads them and runs nothing.  Invariant:
the same files give the same hash wherever they are.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Iterable
from pathlib import Path

import stages
from stages import ALL_STAGES
from workers.settings.chosen_stages import stage_class

_OURS = Path(stages.__file__).parent


def stages_digest(names: Iterable[str]) -> str:
    """Of everything in stages/ but the recipe's files, and of the modules of other stages by name.

    Raises UsageError for a stage that is not here.
    """
    digest = hashlib.sha256()
    for path in sorted(_OURS.rglob("*.py")):
        _add(digest, path.relative_to(_OURS).as_posix(), path)
    for name in sorted(set(names) - set(ALL_STAGES)):
        if source := inspect.getsourcefile(stage_class(name)):
            _add(digest, name, Path(source))
    return digest.hexdigest()


def _add(digest: hashlib._Hash, name: str, path: Path) -> None:
    digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
