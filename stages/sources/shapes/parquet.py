"""Parquet, row by row, with pyarrow (an optional extra).

Knows columns and their types.  Invariant: values that JSON has no type for become text.
"""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Iterator
from typing import Any

from stages.sources.document import Document, Head
from stages.sources.found import Damaged, Found, NotUnderstood
from stages.sources.shapes.items import Item
from stages.sources.streams import seekable
from stages.sources.structures.registry import found_in, wanted_structure

_MAGIC = b"PAR1"
_ROWS = 64  # of a batch in memory


def sniff(head: Head) -> float:
    return 1.0 if head.data.startswith(_MAGIC) else 0.0


def read(document: Document) -> Iterator[Found]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise NotUnderstood("Parquet: install the extra `sources` to read it") from None
    wanted = wanted_structure(document.options.format)
    file = seekable(document.stream)
    number = 0
    try:
        table = pyarrow.parquet.ParquetFile(file)
        for batch in table.iter_batches(batch_size=_ROWS):
            for row in batch.to_pylist():
                number += 1
                yield found_in(Item(f"row {number}", _plain(row)), wanted)
    except (
        pyarrow.ArrowException,
        OSError,
        ValueError,
        OverflowError,
        EOFError,
        io.UnsupportedOperation,
    ) as error:
        place = f"row {number + 1}" if number else ""
        raise Damaged(f"Parquet, but damaged: {str(error).splitlines()[0]}", place) from None


def _plain(value: Any) -> Any:
    """The value as JSON has it."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**64 else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
