"""From what a person names as input to files: folders, patterns, and standard input.

Knows paths; not what is in the files.  Invariant: the same tree gives the same files in the
same order, and standard input is in the run's own folder before anything reads it.
"""

from __future__ import annotations

import glob
import os
import shutil
import sys
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from stages.sources.document import Options
from workers.core import files
from workers.core.errors import InputError
from workers.run.input_files import InputFile, inspect_file, inspect_inputs
from workers.run.run_folder import RunFolder, is_run_folder
from workers.run.run_names import logs_root, queues_root

STANDARD_INPUT = Path("-")
_PATTERN = frozenset("*?[")
_BLOCK_BYTES = 2**20
_FOLDER = "input"


def gather(
    run: RunFolder, paths: Sequence[Path], options: Options, stream: BinaryIO | None = None
) -> list[InputFile]:
    """The inputs of a run that is still to be made, looked into; or those of one that exists.

    `stream` is read where `-` is named (default: standard input).  Raises InputError; then no
    folder of the run is left behind.
    """
    if STANDARD_INPUT in paths and run.exists():
        return list(run.open().manifest.inputs)  # it was read when the run was made
    if paths.count(STANDARD_INPUT) > 1:
        raise InputError("-: standard input can be read only once; name it once")
    try:
        found = [file for path in paths for file in _files_of(run, path, stream)]
        return inspect_inputs(found, options)
    except BaseException:
        forget(run)
        raise


def forget(run: RunFolder) -> None:
    """Remove the standard input of a run that was not made after all."""
    if run.exists() or not run.path.is_dir():
        return
    shutil.rmtree(run.path / _FOLDER, ignore_errors=True)
    if not any(run.path.iterdir()):
        run.path.rmdir()


def expand(paths: Sequence[Path]) -> list[InputFile]:
    """The files of paths, folders and patterns; raises InputError for one that gives none."""
    if STANDARD_INPUT in paths:
        raise InputError("-: standard input is not read here; give a file")
    return [file for path in paths for file in _expand(path)]


def _files_of(run: RunFolder, path: Path, stream: BinaryIO | None) -> list[InputFile]:
    if path != STANDARD_INPUT:
        return list(_expand(path))
    target = run.path / _FOLDER / "standard-input"
    files.make_folders(target.parent)
    files.publish(target, _blocks(stream or sys.stdin.buffer))
    return [inspect_file(target, "standard input")]


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    while block := stream.read(_BLOCK_BYTES):
        yield block


def _expand(path: Path) -> Iterator[InputFile]:
    if path.is_dir():
        yield from _in_folder(path)
    elif _PATTERN & set(str(path)) and not path.exists():
        matches = sorted(glob.glob(str(path), recursive=True))
        if not matches:
            raise InputError(f"{path}: no file matches")
        for match in matches:
            yield from _expand(Path(match))
    else:
        yield inspect_file(path)


def _in_folder(folder: Path) -> Iterator[InputFile]:
    """The files below a folder by name, without hidden ones and those of runs and their logs."""
    found = sorted(_files_below(folder))
    if not found:
        raise InputError(f"{folder}: no files in this folder")
    for path in found:
        yield inspect_file(path, str(path.relative_to(folder.parent)))


def _files_below(folder: Path) -> Iterator[Path]:
    own = {queues_root().resolve(), logs_root().resolve()}
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not _is_passed_over(Path(place, name), own)]
        yield from (Path(place, name) for name in names if not name.startswith("."))


def _is_passed_over(folder: Path, own: Collection[Path]) -> bool:
    """Whether a folder below one that was named is hidden, or ours: of runs, of one, of logs."""
    is_ours = folder.resolve() in own or is_run_folder(folder)
    return folder.name.startswith(".") or is_ours
