"""Tables as text for a terminal of 80 columns, without colours.

Invariant: no line is longer than 79 characters, whatever the cells hold.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from workers.observe.report.tables import Table

WIDTH = 79
_GAP = 2
_SEAM = "\0"  # where a name may be parted


def table_text(table: Table) -> str:
    """Title, head, rows and note; a last column of words is wrapped, numbers are flush right."""
    return "\n".join([table.title, *_rows(table), *_note(table.note)])


def _rows(table: Table) -> Iterator[str]:
    cells = [list(table.head), *map(list, table.rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(table.head))]
    right = [_is_numeric([row[i] for row in table.rows]) for i in range(len(table.head))]
    over = sum(widths) + _GAP * (len(widths) - 1) + 2 - WIDTH
    if over > 0:
        widest = widths.index(max(widths))
        widths[widest] = max(12, widths[widest] - over)
    for row in cells:
        yield from _row(row, widths, right)


def _row(row: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> Iterator[str]:
    wrapped = [_wrapped(cell, width) for cell, width in zip(row, widths, strict=True)]
    for number in range(max(map(len, wrapped))):
        cells = [lines[number] if number < len(lines) else "" for lines in wrapped]
        aligned = (
            cell.rjust(width) if flush else cell.ljust(width)
            for cell, width, flush in zip(cells, widths, right, strict=True)
        )
        yield ("  " + (" " * _GAP).join(aligned)).rstrip()


def _wrapped(cell: str, width: int) -> list[str]:
    """Lines of a cell; a name that is too long for one ends a line with its underscore."""
    if len(cell) <= width:
        return [cell]
    lines = textwrap.wrap(cell.replace("_", f"_{_SEAM} "), width)
    return [line.replace(f"{_SEAM} ", "").replace(_SEAM, "") for line in lines]


def _is_numeric(cells: Sequence[str]) -> bool:
    return all(cell[:1].isdigit() or cell == "-" for cell in cells)


def _note(note: str) -> list[str]:
    return textwrap.wrap(
        f"({note})", WIDTH - 2, initial_indent="  ", subsequent_indent="  "
    ) * bool(note)
