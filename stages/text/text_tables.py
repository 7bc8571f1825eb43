"""Tables drawn with "+---+" and "|", as those of Markdown.

Knows borders and columns.  Invariant: a table without a border of "=" below its headings, such
as a database prints, comes out as it went in.
"""

from __future__ import annotations

import re

_BORDER = re.compile(r"[ \t]*\+(?:[-=]{2,}\+)+[ \t]*")


def is_border(line: str) -> bool:
    """Whether a line is the border of a row: "+-----+-----+"."""
    return _BORDER.fullmatch(line) is not None


def table_as_markdown(lines: list[str]) -> list[str]:
    """The rows of a table that begins with its border, under its headings."""
    columns = [at for at, mark in enumerate(lines[0]) if mark == "+"]
    headed = any("=" in line for line in lines if is_border(line))
    if not headed or any(not _fits(line, columns) for line in lines):
        return lines
    head, *rows = _rows(lines[1:], columns)
    return ["", _row(head), f"|{'---|' * len(head)}", *map(_row, rows), ""]


def _rows(lines: list[str], columns: list[int]) -> list[list[str]]:
    """The cells of each row; what stands on several lines of one is joined."""
    rows: list[list[str]] = [[""] * (len(columns) - 1)]
    for line in lines:
        if is_border(line):
            rows.append([""] * (len(columns) - 1))
            continue
        cells = (line[a + 1 : b].strip() for a, b in zip(columns, columns[1:], strict=False))
        rows[-1] = [f"{one} {cell}".strip() for one, cell in zip(rows[-1], cells, strict=True)]
    return [row for row in rows if any(row)] or rows[:1]


def _fits(line: str, columns: list[int]) -> bool:
    """Whether a line has a mark in each column."""
    marks = "+" if is_border(line) else "|"
    return all(line[at : at + 1] == marks for at in columns)


def _row(cells: list[str]) -> str:
    shown = (cell.replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(shown)} |"
