"""The file that a command writes at its end: refused at the start where that would do harm.

Knows paths.  Invariant: no file that a command reads is written over.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from workers.core.errors import UsageError


def refuse_output(output: Path, inputs: Collection[Path], beside: Collection[Path] = ()) -> None:
    """Raise UsageError for an output (-o) that can't be written, or would replace an input.

    beside: the files that are written with it.
    """
    if output.is_dir():
        raise UsageError(f"-o {output}: is a folder; give a file")
    read = {path.resolve() for path in inputs}
    if output.resolve() in read:
        raise UsageError(f"-o {output}: is an input file; choose another")
    for path in beside:
        if path.resolve() in read:
            raise UsageError(
                f"-o {output}: {path.name}, which is written beside it, is an input file; "
                "give another"
            )
