"""C of our own, compiled for this very machine, once, and kept in the cache.

Knows compilers and the cache's folder; nothing of what is compiled.  Invariant: a library is
there whole or not at all, and no trouble here is more than a None.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from workers.core.cache import CachedResult
from workers.generation.machine import processor
from workers.generation.steps import Begin, Step, silent

_FLAGS = ("-O3", "-march=native", "-ffp-contract=fast", "-fPIC", "-shared", "-x", "c")
_COMPILERS = ("cc", "gcc", "clang", "g++")
_COMPILING_S = 60


class _DoesNotCompileError(Exception):
    pass


def compiled(
    source: Path, folder: Path, more: Sequence[str] = (), begin: Begin = silent
) -> Path | None:
    """The library for this source, processor and compiler; None where it does not compile.

    Symbols that are not the C library's must have been loaded before it.
    """
    compiler = next((path for name in _COMPILERS if (path := shutil.which(name))), None)
    if compiler is None:
        return None
    flags = [*_FLAGS, *more]
    try:
        code = source.read_bytes()
    except OSError:
        return None
    known = [code, processor().encode(), compiler.encode(), *map(str.encode, flags)]
    key = hashlib.sha256(b"\0".join(known)).hexdigest()[:16]

    def make() -> bytes:
        begin(Step.COMPILING, f"{source.name} for this processor")
        return _library([compiler, *flags, str(source)])

    kept = CachedResult(folder / f"{source.stem}-{key}.so", make, dump=bytes, load=bytes)
    try:
        kept.get(lambda: begin(Step.WAITING, f"for {source.name}, which another process compiles"))
    except _DoesNotCompileError:
        return None
    return kept.path if kept.path.is_file() else None


def _library(command: list[str]) -> bytes:
    """What the compiler makes."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / "library.so"
            ended = subprocess.run(
                [*command, "-nostdlib", "-lc", "-o", str(made)],
                capture_output=True,
                timeout=_COMPILING_S,
                stdin=subprocess.DEVNULL,
            )
            if ended.returncode == 0:
                return made.read_bytes()
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _DoesNotCompileError from error
    raise _DoesNotCompileError
