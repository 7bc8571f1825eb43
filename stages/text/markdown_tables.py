"""The tables of Markdown as lines: each cell under its heading, or a measure with its owner.

Knows rules, cells and the names of columns; knows no other mark.  Invariant: each row is a line,
and no word of a cell is lost.
"""

from __future__ import annotations

import re

_ROW = re.compile(r"^[ ]{0,3}\|?.*\|.*$")
_CELL_ENDS = re.compile(r"(?<!\\)\|")
_RULE_OF_TABLE = re.compile(r"^[ ]{0,3}\|?[ ]*:?-{2,}:?[ ]*(?:\|[ ]*:?-{2,}:?[ ]*)*\|?[ ]*$")
_EMPHASIZED = re.compile(r"[*_:]+")
# Columns of a list of measures or of a log, which reads best as one: "1. Lock it (owner: Ida)."
_NUMBERS = frozenset("# no no. nr nr. number".split())
_TIMES = frozenset({"when", "time", "date", "at", "time (utc)", "utc"})
_TOLD = frozenset(
    "action measure task step recommendation what event happened item todo to-do".split()
) | {"action item", "what happened", "follow-up", "corrective action"}
_OF_MEASURES = frozenset(
    "owner who by due when date deadline status state team responsible".split()
)
_OF_REMEDIES = re.compile(
    r"(?:suggested |recommended )?(?:solution|remedy|resolution|mitigation|action|what to do)",
    re.IGNORECASE,
)
_ENDED = re.compile(r" \S+\.\Z")  # a sentence


def rows_as_lines(text: str) -> str:
    """Rows of a table as sentences, each cell under its heading: "SHA256: ...; file: a.dll."."""
    lines = text.split("\n")
    kept: list[str] = []
    at = 0
    while at < len(lines):
        if at + 1 < len(lines) and _is_head(lines[at], lines[at + 1]):
            names = _cells(lines[at])
            at += 2
            while at < len(lines) and _ROW.match(lines[at]):
                kept.append(_row(names, _cells(lines[at])))
                at += 1
        else:
            kept.append(lines[at])
            at += 1
    return "\n".join(kept)


def _is_head(line: str, below: str) -> bool:
    return "|" in below and "|" in line and _RULE_OF_TABLE.match(below) is not None


def _cells(line: str) -> list[str]:
    """The cells of a row; a mark behind a backslash is a character of one."""
    row = line.strip().removeprefix("|")
    if row.endswith("|") and not row.endswith("\\|"):
        row = row[:-1]
    return [cell.strip().replace("\\|", "|") for cell in _CELL_ENDS.split(row)]


def _row(names: list[str], cells: list[str]) -> str:
    named = zip([*names, *[""] * len(cells)], cells, strict=False)
    filled = [(name, cell) for name, cell in named if cell]
    plain = [(_EMPHASIZED.sub("", name), cell) for name, cell in filled]
    if entry := _entry(plain) or _remedy(plain):
        return entry
    told = "; ".join(f"{name}: {cell}" if name else cell for name, cell in filled)
    return told if not told or told.endswith((".", "!", "?")) else f"{told}."


def _remedy(filled: list[tuple[str, str]]) -> str:
    """A row that says last what is to be done about what stands before, as an item; else empty."""
    if len(filled) < 2 or not _OF_REMEDIES.fullmatch(filled[-1][0]):
        return ""
    *of, (_, told) = filled
    return f"- {', '.join(cell for _, cell in of)}: {told}" if _ENDED.search(told) else ""


def _entry(filled: list[tuple[str, str]]) -> str:
    """A row of measures or of a log, behind its number or time, as an item; else empty."""
    plain = [name.lower() for name, _ in filled]
    numbered = plain[:1] and plain[0] in _NUMBERS | _TIMES
    at = 1 if numbered else 0
    owned = len(filled) > 1 and {*plain[1:]} <= _OF_MEASURES
    if plain[at : at + 1] == [] or plain[at] not in _TOLD or not (numbered or owned):
        return ""
    mark, told = filled[0][1], filled[at][1]
    front = f"{mark.rstrip('.')}." if plain[0] in _NUMBERS else f"- {mark}:" if numbered else "-"
    beside = "; ".join(f"{_small(name)}: {cell}".rstrip(".") for name, cell in filled[at + 1 :])
    stop = told[-1] if told.endswith((".", "!", "?")) else "."
    beside = f" ({beside})" if beside else ""
    return f"{front} {told.removesuffix(stop)}{beside}{stop}"


def _small(name: str) -> str:
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
