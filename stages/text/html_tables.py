"""Tables of a page as sentences: each cell under its heading, as those of Markdown are read.

Knows rows, headings and cells of HTML; touches no table that only lays out a page.  Invariant: no
word of a cell is lost, and of a table that is changed each row still is a row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stages.text.sentences import is_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bs4 import Tag

_CELLS = ["td", "th"]
_INLINE = ["p", "div"]  # one of them in a cell is a cell
# What makes a cell more than a phrase.
_BLOCKS = "ul ol dl pre table blockquote h1 h2 h3 h4 h5 h6".split()
_LONGEST_NAME = 60  # characters of a heading


def name_cells(soup: Tag) -> None:
    """Put the heading of its column in front of every cell, and drop the row of headings."""
    for table in soup.find_all("table"):
        if table.find(_BLOCKS) is not None:  # first of all: tables nest without end
            continue
        rows = table.find_all("tr")
        cells = [row.find_all(_CELLS, recursive=False) for row in rows]
        if len(rows) > 1 and _is_plain(cells) and (names := _names(cells[0])):
            rows[0].extract()
            for row in cells[1:]:
                _name(row, names)


def _names(head: list[Tag]) -> list[str]:
    """What the columns are called; empty where fewer than two are, or one is called a sentence."""
    names = [_text(cell) for cell in head]
    fit = all(len(name) <= _LONGEST_NAME for name in names) and sum(map(bool, names)) > 1
    return names if fit else []


def _is_plain(cells: Sequence[Sequence[Tag]]) -> bool:
    """Whether a table's first row names columns that each other row has one cell of."""
    head, every = cells[0], [one for row in cells for one in row]
    if not head or any(len(row) != len(head) for row in cells):
        return False
    is_head = all(one.name == "th" for one in head) or head[0].find_parent("thead") is not None
    spans = (one.get(name) for one in every for name in ("colspan", "rowspan"))
    return (
        is_head
        and all(span in (None, "1") for span in spans)
        and all(len(one.find_all(_INLINE)) < 2 for one in every)
    )


def _name(cells: list[Tag], names: list[str]) -> None:
    filled = [(cell, name) for cell, name in zip(cells, names, strict=True) if _text(cell)]
    for cell, name in filled:
        for block in cell.find_all(_INLINE):
            block.unwrap()
        if name:
            cell.insert(0, f"{name.rstrip(':')}: ")
        last = cell is filled[-1][0]
        text = _text(cell)
        if not text.endswith((";", ",")) and not (last and is_whole(text)):
            cell.append("." if last else ";")


def _text(cell: Tag) -> str:
    return " ".join(cell.get_text().split())
