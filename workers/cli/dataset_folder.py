"""A dataset's folder, made whole: built beside its place, then put there.

Knows paths and the marker file that lists what a dataset is made of; knows nothing of pairs.
Invariant: under the final name is the folder that was there, the new one, or, for the instant
between two renames, none; what a person put there is never removed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from workers.core.errors import UsageError
from workers.core.files import fsync_dir
from workers.queue.locks import flock_now

MARKER = "assembly.json"
MAKER = "cyberllm-pool final_assembler"


def refuse_foreign(target: Path) -> None:
    """Raise UsageError for a place that holds anything but a dataset of ours."""
    if not os.path.lexists(target):
        return
    if target.is_symlink() or not target.is_dir():
        raise UsageError(f"-o {target}: exists, and is not a folder")
    made = files_of(target)
    there = {str(path.relative_to(target)) for path in target.rglob("*") if not path.is_dir()}
    if there and made is None:
        raise UsageError(
            f"-o {target}: is not empty, and not a dataset made by this command; choose another"
        )
    if others := sorted(there - (made or set())):
        raise UsageError(
            f"-o {target}: {others[0]} is not part of the dataset there; move it away first, "
            "because the folder is replaced"
        )


def files_of(folder: Path) -> set[str] | None:
    """The files that a dataset of ours says it is made of; None for any other folder."""
    try:
        said: Any = orjson.loads((folder / MARKER).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    if not isinstance(said, dict) or said.get("made_by") != MAKER:
        return None
    files = said.get("files")
    return {MARKER, *map(str, files)} if isinstance(files, list) else None


@contextmanager
def building(target: Path) -> Iterator[Path]:
    """An empty folder that takes its place when the block ends without an error.

    Raises UsageError when another process makes the same one.
    """
    target = Path(os.path.abspath(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    new, old = (target.with_name(f".{target.name}.{what}") for what in ("new", "old"))
    held = _hold(new, target)
    try:
        if old.exists() and not target.exists():  # what an interrupted process had put aside
            os.rename(old, target)
        shutil.rmtree(old, ignore_errors=True)
        yield new
        _put(target, new, old)
    except OSError as error:  # a write to an open file names none
        error.filename = error.filename or str(target)
        raise
    finally:
        shutil.rmtree(new, ignore_errors=True)
        os.close(held)


def _hold(new: Path, target: Path) -> int:
    """The new folder, emptied, with a kernel lock on it for as long as it stays open."""
    new.mkdir(exist_ok=True)
    held = os.open(new, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    # The one who held it may have put it in its place between our two calls.
    if not flock_now(held) or not new.exists() or not os.path.samestat(os.fstat(held), new.stat()):
        os.close(held)
        raise UsageError(f"-o {target}: another process is making it")
    for path in new.iterdir():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    return held


def _put(target: Path, new: Path, old: Path) -> None:
    for folder in (new, *(path for path in new.rglob("*") if path.is_dir())):
        fsync_dir(folder)
    if target.exists():
        os.rename(target, old)
    os.rename(new, target)
    fsync_dir(target.parent)
    shutil.rmtree(old, ignore_errors=True)
