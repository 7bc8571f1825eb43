"""Tables set with blanks, each cell right below its heading, as those of Markdown.

Knows columns by where they begin; reads no cell.  Invariant: what has fewer than three headings or
two rows, or says nothing in words, such as what a command prints, comes out as it went in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile

_CELL = re.compile(r"\S+(?: \S+)*")
_HEADING = re.compile(r"[A-Z][^.:;,]*")
LEAST_HEADINGS, LEAST_ROWS = 3, 2
LEAST_WORDS = 3  # of a cell that says something
_WORD = re.compile(r"\b[a-z]{2,}\b")


def columns_as_markdown(text: str) -> str:
    """The text with its tables of blanks as tables of Markdown."""
    lines = text.split("\n")
    kept: list[str] = []
    at = 0
    while at < len(lines):
        head = _cells(lines[at])
        rows = _rows(lines, at + 1, head) if _is_head(head) else []
        if len(rows) < LEAST_ROWS or not any(map(_says_something, rows)):
            kept += lines[at : at + 1 + len(rows)]  # no row of these heads a table, either
            at += 1 + len(rows)
            continue
        kept += ["", _row(list(head.values())), f"|{'---|' * len(head)}"]
        kept += [_row([row.get(start, "") for start in head]) for row in rows] + [""]
        at += 1 + len(rows)
    return "\n".join(kept)


def _cells(line: str) -> dict[int, str]:
    """The cells of a line by where they begin."""
    return {found.start(): found[0] for found in _CELL.finditer(line)}


def _is_head(cells: Mapping[int, str]) -> bool:
    headings = all(_HEADING.fullmatch(one) for one in cells.values())
    return headings and len(cells) >= LEAST_HEADINGS


def _rows(lines: Sequence[str], at: int, head: Mapping[int, str]) -> list[dict[int, str]]:
    """The lines from one on whose cells all begin where a heading does, the first one's among
    them; what heads a table of some of them has no others."""
    rows = (_cells(lines[number]) for number in range(at, len(lines)))
    first = min(head)
    return list(
        takewhile(lambda row: len(row) > 1 and first in row and row.keys() <= head.keys(), rows)
    )


def _says_something(row: Mapping[int, str]) -> bool:
    return any(len(_WORD.findall(cell)) >= LEAST_WORDS for cell in row.values())


def _row(cells: Sequence[str]) -> str:
    shown = (cell.replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(shown)} |"
