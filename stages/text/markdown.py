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
    r"|(?<!`)(?P<ticks>`{1,3})(?=[^`])(?P<inline>[^\n]{1,2000}?)(?<=[^`])(?P=ticks)(?!`)",
    re.DOTALL,
)
CODE_MARK = "\x02{}\x03"
_CODE_MARK = re.compile(r"\x02(\d{1,7})\x03")
_TARGET = (
    r"<?(?:(?:https?|hxxps?|ftp|mailto):|www\.|/|#|\.{1,2}/)[^\s()<>]{0,2000}"
    r"(?:\([^\s()]{0,200}\))?[^\s()<>]{0,500}>?"
)
_TITLE = r"(?:\s+(?:\"[^\"\n]{0,200}\"|'[^'\n]{0,200}'))?"
_IMAGE = re.compile(rf"!\[[^\[\]\n]{{0,300}}\]\({_TARGET}{_TITLE}\)")
_LINK = re.compile(
    rf"(?<!!)\[((?:[^\[\]\n]|\[[^\[\]\n]{{0,60}}\]){{1,500}})\]\({_TARGET}{_TITLE}\)"
)
# Without a definition of its label, or behind a word, it is an index: table[idx][val].
_REFERENCE = re.compile(r"(?<![\w\])])\[([^\[\]\n]{2,200})\]\[([\w -]{1,60})\]")
_DEFINITION = re.compile(
    r"^[ ]{0,3}\[(?:(?P<label>[^\[\]\n^][^\[\]\n]{0,79})\]:[ \t]+<?"
    r"(?:(?:https?|hxxps?|ftp|mailto):|www\.|/|\#|\.{1,2}/)[^\s<>]{1,2000}>?"
    r"(?:[ \t]+(?:\"[^\"\n]{0,200}\"|'[^'\n]{0,200}'|\([^()\n]{0,200}\)))?[ \t]*(?:\n|\Z)"
    r"|\^\d{1,3}\]:[ \t]+[^\n]*\n?)",
    re.MULTILINE,
)
_FOOTNOTE = re.compile(r"(?<=[\w.,;:!?)\"'])\[\^\d{1,3}\]")
_AUTOLINK = re.compile(r"<((?:https?|hxxps?|ftp|mailto):[^\s<>]{1,2000})>")
# Behind one mark, a command or a remark in small letters stands at the prompt of root.
_HEADING = re.compile(r"^[ ]{0,3}(?:#{2,6}[ \t]+|#[ \t]+(?![a-z/.$]))([^\n]*)$", re.MULTILINE)
_CLOSING = re.compile(r"(?:(?<=[ \t])|^)#{1,6}$")
_UNDERLINED = re.compile(r"^(\S[^\n]{0,150})\n(?:={3,}|-{3,})[ \t]*$", re.MULTILINE)
_RULE = re.compile(
    r"^[ ]{0,3}(?:-[ ]?){3,}$|^[ ]{0,3}(?:\*[ ]?){3,}$|^[ ]{0,3}(?:_[ ]?){3,}$", re.M
)
# Lines that begin so are quoted if the first is prose: "> 2.0" is a range of versions.
_QUOTED = re.compile(
    r"^[ ]{0,3}>[ ]?(?=(?:>[ ]?){0,5}(?:[^\W\d_]|[\"'“„«(*_\[`#]|- ))(?!v\d)[^\n]*"
    r"(?:\n[ ]{0,3}>[^\n]*)*",
    re.MULTILINE,
)
_QUOTE = re.compile(r"^[ ]{0,3}(?:>[ ]?){1,6}", re.MULTILINE)
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
# A pair of underscores counts where a text has other marks: "_start and main_" are names.
_IS_MARKDOWN = re.compile(
    r"`|\]\(|\*\*|^[ ]{0,3}#{1,6}[ \t]|__[^\W_][^\n_]* [^\n_]*__", re.MULTILINE
)
_STRUCK = re.compile(r"(?<![~\w/\\])~~([^~\n]{1,300})~~(?![~\w/\\])")
_ROW = re.compile(r"^[ ]{0,3}\|?.*\|.*$")
_RULE_OF_TABLE = re.compile(r"^[ ]{0,3}\|?[ ]*:?-{2,}:?[ ]*(?:\|[ ]*:?-{2,}:?[ ]*)*\|?[ ]*$")


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """Change a text but for its code, which stays with its marks."""
    return "".join(piece if code else change(piece) for piece, code, _ in _pieces(text))


def code_set_aside(text: str, is_code: Callable[[str], bool]) -> tuple[str, list[str]]:
    """A text with a mark, `CODE_MARK.format(number)`, for each piece of code, and the pieces.

    The text must hold no control characters; what `is_code` says no to stays.
    """
    shown, codes = [], list[str]()
    for piece, code, _ in _pieces(text):
        if code and is_code(piece):
            shown.append(CODE_MARK.format(len(codes)))
            codes.append(piece)
        else:
            shown.append(piece)
    return "".join(shown), codes


def with_code(text: str, codes: list[str]) -> str:
    """The text with its code again, fenced code on lines of its own."""
    return _CODE_MARK.sub(lambda mark: _set_back(mark, codes[int(mark[1])]), text)


def _set_back(mark: re.Match[str], code: str) -> str:
    if "\n" not in code:
        return code
    before, after = mark.string[: mark.start()], mark.string[mark.end() :]
    begins = "" if not before.strip(" ") or before.endswith("\n") else "\n"
    return f"{begins}{code}" if not after or after[0] == "\n" else f"{begins}{code.rstrip()}\n"


def plain_markdown(text: str) -> str:
    """The text without Markdown's marks."""
    pieces = list(_pieces(text))
    marked = _IS_MARKDOWN.search(text) is not None
    labels = frozenset(label for piece, code, _ in pieces if not code for label in _labels(piece))
    return "".join(
        inside if code else _plain(piece, labels, marked) for piece, code, inside in pieces
    )


def _labels(text: str) -> Iterator[str]:
    """What a text defines addresses for."""
    if "]:" in text:
        yield from ((match["label"] or "").lower() for match in _DEFINITION.finditer(text))


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


def _plain(text: str, labels: frozenset[str], marked: bool) -> str:
    if "[" in text or "<" in text:
        text = _LINK.sub(r"\1", _IMAGE.sub("", _DEFINITION.sub("", text)))
        text = _AUTOLINK.sub(r"\1", _FOOTNOTE.sub("", text))
    if labels:
        text = _REFERENCE.sub(lambda m: m[1] if m[2].lower() in labels else m[0], text)
    if "|" in text:
        text = _tables(text)
    text = _HEADING.sub(_titled, _UNDERLINED.sub(_titled, text))
    text = _QUOTED.sub(lambda lines: _QUOTE.sub("", lines[0]), _RULE.sub("", text))
    text = _CHECKBOX.sub(r"\1", _BULLET.sub(r"\1-", text))
    if "*" in text:
        text = _EMPHASIS.sub(r"\1", _STRONG.sub(r"\2", text))
    text = _STRUCK.sub(r"\1", text)
    return _UNDERSCORES.sub(r"\2", text) if marked else text


def _titled(match: re.Match[str]) -> str:
    """A heading as a line that no sentence is taken from: it ends with a colon."""
    title = _CLOSING.sub("", match[1].strip()).strip("*_").strip()
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
