"""HTML as text: a line for each block, lists as sentences, code as it stands.

Beautiful Soup reads it.  Prose that only mentions a tag is no HTML: a report on cross-site
scripting keeps its `<script>`.  Invariant: what stands in angle brackets without being a tag
of HTML stays in the text.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from stages.text.sentences import is_whole

if TYPE_CHECKING:
    from bs4 import Tag

_FORMATS = (
    "p|b|i|u|ul|ol|li|br|div|span|a|h[1-6]|table|thead|tbody|tr|td|th|code|pre|strong|em|sub|sup"
    "|blockquote|tt|font|hr|dl|dt|dd|small|kbd|samp|section|article|header|footer|nav|main|center"
    "|xhtml:[a-z0-9]+|html|body|head|title|figure|figcaption|details|summary|caption|del|ins"
)
_HIDDEN = "script|style|noscript|template|svg|iframe|form|button|img|input|link|meta|object|embed"
_TAG = rf"</?(?:{_FORMATS}|{_HIDDEN})(?:\s[^<>]{{0,2000}})?/?>"
# A pair of tags that format, or one that stands alone.  What a prose only mentions has neither.
_MARKED = re.compile(
    rf"<({_FORMATS})(?:\s[^<>]{{0,2000}})?>[^<]{{0,4000}}(?:<(?!/\1)[^<]{{0,4000}}){{0,40}}</\1\s*>"
    r"|<(?:br|hr)\s*/?>|<code>|^\s*<(?:p|div|ul|html|body|!doctype)\b",
    re.IGNORECASE,
)
_NO_TAG = re.compile(rf"<(?!{_TAG[1:]}|!--|!doctype)", re.IGNORECASE)
_ENTITY = re.compile(
    r"&(?:#\d{2,6}|#[xX][0-9A-Fa-f]{2,5}|amp|lt|gt|quot|apos|nbsp|[lr]dquo|[lr]squo|[mn]dash|hellip);"
)
_RAW = re.compile(r"<|&(?![a-zA-Z#])")
_BLOCKS = frozenset(
    "p div tr h1 h2 h3 h4 h5 h6 blockquote section article table ul ol dl dt dd br hr header"
    " footer main figure figcaption details summary li pre center caption".split()
)
_GONE = "script style noscript template svg iframe button nav img object embed head".split()
_SPACES = re.compile(r"[ \t\r\n\f\v\xa0]+")


def is_html(text: str) -> bool:
    """Whether a text is marked up, not only speaking of markup."""
    return "<" in text and _MARKED.search(text) is not None


def without_entities(text: str) -> str:
    """A text without markup, its entities as characters; left alone where it speaks of them."""
    if "&" not in text or _RAW.search(text):
        return text
    return _ENTITY.sub(lambda entity: html.unescape(entity.group()), text).replace("\xa0", " ")


def html_text(markup: str) -> str:
    """The text of a page or a piece of one."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(_NO_TAG.sub("&lt;", markup), "html.parser")
    for element in soup.find_all(_GONE):
        element.extract()
    pieces: list[str] = []
    _collect(soup, pieces)
    lines = [line.rstrip() for line in "".join(pieces).split("\n")]
    return re.sub(r"\n{2,}", "\n", "\n".join(lines)).strip("\n ")


def _collect(root: Tag, pieces: list[str]) -> None:
    """The text in reading order; a stack, since hostile markup nests deeper than calls can."""
    from bs4 import Comment, Tag
    from bs4.element import NavigableString, PreformattedString

    waiting: list[object] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Tag):
            name = node.name.lower().removeprefix("xhtml:")
            waiting += reversed(_parts(node, name))
        elif isinstance(node, NavigableString):
            hidden = isinstance(node, Comment | PreformattedString)
            pieces.append("" if hidden else _line(str(node), pieces))
        elif isinstance(node, str):
            pieces.append(node)


class _Verbatim(str):
    """Text whose blanks and lines stay."""


def _parts(node: Tag, name: str) -> list[object]:
    """What an element is read as: its text, its contents, and the borders around them."""
    border = ["\n"] if name in _BLOCKS else []
    if name in ("pre", "code", "kbd", "samp", "tt"):
        return [*border, _Verbatim(node.get_text()), *border]
    if name == "li":
        return [*border, "- ", *_list_item(node), *border]
    if name in ("td", "th"):
        return [*node.contents, " "]
    return [*border, *node.contents, *border]


def _list_item(node: Tag) -> list[object]:
    """An item's contents, with a full stop where it has no end of its own."""
    if node.find(["ul", "ol", "pre", "li"]) is not None:
        return list(node.contents)
    text = " ".join(node.get_text(" ").split())
    ended = not text or is_whole(text) or text.endswith((":", ";", ","))
    return [*node.contents, *([] if ended else ["."])]


def _line(text: str, pieces: list[str]) -> str:
    """Running text on one line, without a blank at the beginning of a line."""
    shown = _SPACES.sub(" ", text)
    before = next((piece for piece in reversed(pieces) if piece), "\n")
    return shown.lstrip() if before.endswith(("\n", " ")) else shown
