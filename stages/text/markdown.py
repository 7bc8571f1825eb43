"""Markdown as text: links by their words, tables and headings as lines, no emphasis.

A parser of Markdown would take backslashes for escapes and so break Windows paths; these rules
touch nothing but marks that stand where only Markdown puts them.  Invariant: code, fenced or in
backticks, comes out byte for byte without its marks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

# Fenced or in backticks; the fence's own lines are marks.
_CODE = re.compile(
    r"(?:^|(?<=\n))[ \t]{0,3}(?P<fence>```|~~~)[^\n`]{0,80}\n"
    r"(?P<block>.*?)(?:(?<=\n)[ \t]{0,3}(?P=fence)[ \t]*(?=\n|$)|\Z)"
    r"|(?P<ticks>`{1,2})(?=[^`])(?P<inline>[^\n]{1,2000}?)(?<=[^`])(?P=ticks)(?!`)",
    re.DOTALL,
)
_TARGET = (
    r"<?(?:(?:https?|hxxps?|ftp|mailto):|www\.|/|#|\.{1,2}/)[^\s()<>]{0,2000}"
    r"(?:\([^\s()]{0,200}\))?[^\s()<>]{0,500}>?"
)
_TITLE = r"(?:\s+(?:\"[^\"\n]{0,200}\"|'[^'\n]{0,200}'))?"
_IMAGE = re.compile(rf"!\[[^\[\]\n]{{0,300}}\]\({_TARGET}{_TITLE}\)")
_LINK = re.compile(
    rf"(?<!!)\[((?:[^\[\]\n]|\[[^\[\]\n]{{0,60}}\]){{1,500}})\]\({_TARGET}{_TITLE}\)"
)
_REFERENCE = re.compile(r"\[([^\[\]\n]{2,200})\]\[[\w -]{1,60}\]")
_DEFINITION = re.compile(r"^[ ]{0,3}\[[^\[\]\n]{1,80}\]:\s+<?\S+>?.*\n?", re.MULTILINE)
_FOOTNOTE = re.compile(r"(?<=[\w.,;:!?)\"'])\[\^\d{1,3}\]")
_AUTOLINK = re.compile(r"<((?:https?|hxxps?|ftp|mailto):[^\s<>]{1,2000})>")
_HEADING = re.compile(r"^[ ]{0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$", re.MULTILINE)
_UNDERLINED = re.compile(r"^(\S[^\n]{0,150})\n(?:={3,}|-{3,})[ \t]*$", re.MULTILINE)
_RULE = re.compile(
    r"^[ ]{0,3}(?:-[ ]?){3,}$|^[ ]{0,3}(?:\*[ ]?){3,}$|^[ ]{0,3}(?:_[ ]?){3,}$", re.M
)
_QUOTE = re.compile(r"^[ ]{0,3}>[ ]?(?=\S)", re.MULTILINE)
_BULLET = re.compile(r"^([ \t]*)[*+](?=[ \t]+\S)", re.MULTILINE)
_CHECKBOX = re.compile(r"^([ \t]*- )\[[ xX]\][ \t]+", re.MULTILINE)
# Emphasis opens before a letter or quote and closes behind one: globs and dunders are not it.
_OPENS = r"(?<![^\s(\"'\[>—-])"  # at the beginning of a word, not within an address or path
_CLOSES = r"(?<=[\w\"').!?:\]])"
_STRONG = re.compile(rf"{_OPENS}(\*\*\*|\*\*)(?=[\w\"'(\[])([^*\n]{{1,400}}?){_CLOSES}\1(?![\w*])")
_EMPHASIS = re.compile(
    rf"{_OPENS}\*(?=[A-Za-z\"'(])([^*\n\\/]{{1,400}}?){_CLOSES}\*(?![\w*])",
)
# Of one word, underscores may be part of a name.
_UNDERSCORES = re.compile(
    rf"{_OPENS}(__|_)(?=[A-Za-z])([^_\n\\/]{{1,200}}? [^_\n\\/]{{0,200}}?)(?<=[\w.!?])\1"
    r"(?![\w\\/.(])"
)
_STRUCK = re.compile(r"(?<!~)~~([^~\n]{1,300})~~(?!~)")
_ROW = re.compile(r"^[ ]{0,3}\|?.*\|.*$")
_RULE_OF_TABLE = re.compile(r"^[ ]{0,3}\|?[ ]*:?-{2,}:?[ ]*(?:\|[ ]*:?-{2,}:?[ ]*)*\|?[ ]*$")


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """Change a text but for its code, which stays with its marks."""
    return "".join(piece if code else change(piece) for piece, code, _ in _pieces(text))


def plain_markdown(text: str) -> str:
    """The text without Markdown's marks."""
    return "".join(inside if code else _plain(piece) for piece, code, inside in _pieces(text))


def _pieces(text: str) -> Iterator[tuple[str, bool, str]]:
    """Piece after piece, whether it is code, and the code without its marks."""
    at = 0
    if "`" in text or "~~~" in text:
        for match in _CODE.finditer(text):
            yield text[at : match.start()], False, ""
            block, inline = match["block"], match["inline"]
            yield match.group(), True, inline if block is None else block.rstrip("\n")
            at = match.end()
    yield text[at:], False, ""


def _plain(text: str) -> str:
    if "[" in text or "<" in text:
        text = _LINK.sub(r"\1", _IMAGE.sub("", _DEFINITION.sub("", text)))
        text = _AUTOLINK.sub(r"\1", _REFERENCE.sub(r"\1", _FOOTNOTE.sub("", text)))
    if "|" in text:
        text = _tables(text)
    text = _HEADING.sub(_titled, _UNDERLINED.sub(_titled, text))
    text = _QUOTE.sub("", _RULE.sub("", text))
    text = _CHECKBOX.sub(r"\1", _BULLET.sub(r"\1-", text))
    if "*" in text:
        text = _EMPHASIS.sub(r"\1", _STRONG.sub(r"\2", text))
    return _UNDERSCORES.sub(r"\2", _STRUCK.sub(r"\1", text))


def _titled(match: re.Match[str]) -> str:
    """A heading as a line that no sentence is taken from: it ends with a colon."""
    title = match[1].strip().strip("*_").strip()
    return title if not title or title.endswith((":", "?", "!", ".")) else f"{title}:"


def _tables(text: str) -> str:
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
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _row(names: list[str], cells: list[str]) -> str:
    filled = zip([*names, *[""] * len(cells)], cells, strict=False)
    parts = [f"{name}: {cell}" if name else cell for name, cell in filled if cell]
    return f"{'; '.join(parts)}." if parts else ""
