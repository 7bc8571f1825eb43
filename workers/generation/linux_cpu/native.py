"""C of our own, compiled for this very machine, once, and kept in the cache.

Knows compilers and the cache's folder; nothing of what is compiled.  Invariant: a library is
there whole or not at all, and no trouble here is more than a None.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

_FLAGS = ("-O3", "-march=native", "-ffp-contract=fast", "-fPIC", "-shared", "-x", "c")
_COMPILERS = ("cc", "gcc", "clang", "g++")
_COMPILING_S = 60


def compiled(source: Path, folder: Path, more: Sequence[str] = ()) -> Path | None:
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
    known = [code, _processor(), compiler.encode(), *map(str.encode, flags)]
    key = hashlib.sha256(b"\0".join(known)).hexdigest()[:16]
    target = folder / f"{key}.so"
    if target.is_file() or _compile([compiler, *flags, str(source)], target):
        return target
    return None


def _compile(command: list[str], target: Path) -> bool:
    """Compile to `target`, whole or not at all."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            made = Path(folder) / target.name
            ended = subprocess.run(
                [*command, "-nostdlib", "-lc", "-o", str(made)],
                capture_output=True,
                timeout=_COMPILING_S,
                stdin=subprocess.DEVNULL,
            )
            if ended.returncode == 0:
                os.replace(made, target)
            return ended.returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _processor() -> bytes:
    """What `-march=native` depends on."""
    try:
        lines = Path("/proc/cpuinfo").read_bytes().splitlines()
    except OSError:
        return platform.processor().encode()
    return b"\n".join(
        next((line for line in lines if line.startswith(name)), b"")
        for name in (b"model name", b"flags", b"Features")
    )
