"""AsciiDoc as Markdown: headings, blocks of code, links by their words, tables.

Knows the marks of Asciidoctor; includes no file.  Invariant: what stands between the lines of a
block of code comes out byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_HEADING = re.compile(r"^(={1,6})[ \t]+([^=\n][^\n]{0,150}?[^=\s])[ \t]*$", re.MULTILINE)
_TITLE = re.compile(r"\A\s*= [^=\n]+\n(?:[^\n]{0,200}\n){0,3}?(?:\n|:[\w-]+:)")
_LISTING = re.compile(
    r"(?:^\[(?:source|listing|,)[^\]\n]{0,200}\][ \t]*\n(?:^\.\S[^\n]{0,150}\n)?)?"
    r"^(-{4,}|\.{4,})[ \t]*\n(.{0,50000}?)^\1[ \t]*$",
    re.DOTALL | re.MULTILINE,
)
_NAMED_LISTING = re.compile(r"^\[(?:source|listing)[^\]\n]{0,200}\][ \t]*$", re.MULTILINE)
_FENCED = re.compile(r"(^```.*?^```$)", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"(?:link:|(?=https?://|mailto:))([^\s\[\]]{1,1000})\[([^\[\]\n]{1,300})\]")
_CROSS = re.compile(
    r"<<[\w#./-]{1,120}(?:,[ \t]?([^<>\n]{1,200}))?>>|xref:[^\s\[\]]{1,200}\[([^\[\]\n]{0,200})\]"
)
_IMAGE = re.compile(r"^image::[^\n]*$|image:[^\s\[\]]{1,300}\[[^\[\]\n]{0,300}\]", re.MULTILINE)
_ATTRIBUTE = re.compile(
    r"^:!?[\w-]{1,60}!?:[^\n]*\n|^\[{1,2}[\w#.%,=\"' -]{1,120}\]{1,2}[ \t]*\n|^//[^\n]*\n"
    r"|^(?:include|ifdef|ifndef|endif)::[^\n]*\n",
    re.MULTILINE,
)
_BLOCK_TITLE = re.compile(r"^\.([A-Z][^\n]{1,150})$", re.MULTILINE)
_BORDER = re.compile(r"^(?:={4,}|\*{4,}|_{4,}|--)[ \t]*\n", re.MULTILINE)
_BOLD = re.compile(r"(?<![\w*\\/])\*(?=[\w\"'(])([^*\n]{1,300}?)(?<=[\w.\"')!?:])\*(?![\w*/])")
_TABLE = re.compile(r"^\|===[ \t]*\n(.{0,50000}?)^\|===[ \t]*$", re.DOTALL | re.MULTILINE)


def is_asciidoc(text: str) -> bool:
    """Whether a text has its title, a block of code with its language, or two headings."""
    if "\n=" not in text and not text.startswith("=") and "[source" not in text:
        return False
    if _TITLE.match(text) or _NAMED_LISTING.search(text):
        return True
    return sum(len(found[1]) > 1 for found in _HEADING.finditer(text)) > 1


def asciidoc_as_markdown(text: str) -> str:
    pieces = _FENCED.split(_LISTING.sub(r"```\n\2```", text))
    return "".join(one if number % 2 else _prose(one) for number, one in enumerate(pieces))


def _prose(text: str) -> str:
    text = _TABLE.sub(lambda table: "\n".join(_rows(table[1])), _ATTRIBUTE.sub("", text))
    text = _IMAGE.sub("", _BORDER.sub("", text))
    text = _LINK.sub(lambda link: link[2].rstrip("^"), text)
    text = _CROSS.sub(lambda link: link[1] or link[2] or "", text)
    text = _BOLD.sub(r"\1", _BLOCK_TITLE.sub(r"\1:", text))
    return _HEADING.sub(r"\n## \2\n", text)


def _rows(table: str) -> Iterator[str]:
    """The rows of a table, under those cells that stand above a blank line."""
    head, _, rest = table.strip("\n").partition("\n\n")
    names = _cells(head) if rest else []
    width = len(names) or len(_cells(table.strip("\n").split("\n")[0])) or 1
    cells = _cells(rest or head)
    yield f"\n| {' | '.join(names or [''] * width)} |"
    yield f"|{'---|' * width}"
    for at in range(0, len(cells), width):
        yield f"| {' | '.join(cells[at : at + width])} |"


def _cells(text: str) -> list[str]:
    return [" ".join(cell.split()) for cell in re.split(r"(?<!\\)(?:^|(?<=\s))\w?\|", text)[1:]]
