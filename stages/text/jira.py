"""Tickets and pages of Jira and Confluence as Markdown.

Knows the marks of their wiki; knows no ticket.  Invariant: what stands between the marks of code
comes out byte for byte.
"""

from __future__ import annotations

import re

_HEADING = re.compile(r"^h([1-6])\.[ \t]+(?=\S)", re.MULTILINE)
_BLOCK = re.compile(
    r"^\{(code|noformat)(?::[^{}\n]{0,100})?\}[ \t]*\n?((?:(?!\{\1[:}]).)*?)\n?\{\1\}",
    re.DOTALL | re.MULTILINE,
)
# In a line of prose: "run {noformat}net stop bell{noformat} first".
_IN_LINE = re.compile(
    r"\{(noformat|code)(?::[^{}\n]{0,100})?\}(?=\S)([^`{}\n]{1,300}?)(?<=\S)\{\1\}"
)
_KEPT = "\x04"  # for code in a line
_BORDER = re.compile(
    r"^[ \t]*\{(?:quote|panel|info|note|warning|tip|expand)(?::[^{}\n]{0,200})?\}[ \t]*(?:\n|\Z)",
    re.MULTILINE,
)
_MARK = re.compile(
    r"\{(?:quote|panel|color|info|note|warning|tip|expand|toc|anchor)(?::[^{}\n]{0,200})?\}"
)
_MONOSPACE = re.compile(r"\{\{(?=\S)([^{}\n]{1,300}?)(?<=\S)\}\}")
_LINK = re.compile(
    r"\[([^\[\]\n|]{1,200})\|(?:https?://|mailto:|#|/)[^\[\]\n|]{0,1000}(?:\|[^\[\]\n]{0,200})?\]"
)
_ADDRESS = re.compile(r"\[((?:https?|ftp)://[^\[\]\s|]{1,1000})\]")
_PERSON = re.compile(r"\[~(?:accountid:)?([\w.@:-]{1,80})\]")
_IMAGE = re.compile(
    r"!(?=[\w/])[^!\s|]{1,300}\.(?:png|jpe?g|gif|svg|bmp)(?:\|[^!\n]{0,200})?!", re.I
)
_BOLD = re.compile(r"(?<![\w*\\/])\*(?=[\w\"'(])([^*\n]{1,300}?)(?<=[\w.\"')!?:])\*(?![\w*/])")
_EMPHASIS = re.compile(r"(?<![\w_\\/.])_(?=[A-Za-z])([^_\n]{1,300}?)(?<=[\w.!?])_(?![\w_\\/.(])")
_ITEM = re.compile(r"^[ \t]*([*#-]{1,6})[ \t]+(?=\S)", re.MULTILINE)
_QUOTE = re.compile(r"^bq\.[ \t]+", re.MULTILINE)
_HEAD = re.compile(r"^[ \t]*\|\|([^\n]{1,2000})\|\|[ \t]*$", re.MULTILINE)
_FENCED = re.compile(r"(^```.*?^```$)", re.DOTALL | re.MULTILINE)


def is_jira(text: str) -> bool:
    """Whether a heading or a pair of borders of theirs stands in a text."""
    if "{noformat}" in text and _IN_LINE.search(text):
        return True
    if "{" in text and (_BLOCK.search(text) or len(_BORDER.findall(text)) > 1):
        return True
    return ("\nh" in text or text[:1] == "h") and _HEADING.search(text) is not None


def jira_as_markdown(text: str) -> str:
    pieces = _FENCED.split(_BLOCK.sub(r"```\n\2\n```", text))
    return "".join(one if number % 2 else _prose(one) for number, one in enumerate(pieces))


def _prose(text: str) -> str:
    text = text.replace(_KEPT, "")
    codes = [code[2] for code in _IN_LINE.finditer(text)]
    text = _IN_LINE.sub(_KEPT, text)
    text = _ITEM.sub(lambda item: f"{'  ' * (len(item[1]) - 1)}- ", _QUOTE.sub("", text))
    text = _HEADING.sub("## ", _MARK.sub("", _BORDER.sub("", text)))
    text = _HEAD.sub(_headed, _IMAGE.sub("", text))
    text = _PERSON.sub(r"\1", _ADDRESS.sub(r"\1", _LINK.sub(r"\1", text)))
    text = _EMPHASIS.sub(r"\1", _BOLD.sub(r"\1", text))
    prose, *behind = _MONOSPACE.sub(r"`\1`", text).split(_KEPT)
    return prose + "".join(f"`{code}`{said}" for code, said in zip(codes, behind, strict=False))


def _headed(row: re.Match[str]) -> str:
    """The headings of a table with the rule of Markdown below them."""
    names = [name.strip() for name in row[1].split("||")]
    return f"| {' | '.join(names)} |\n|{'---|' * len(names)}"
