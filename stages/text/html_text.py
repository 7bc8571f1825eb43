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
_ENDS = re.compile(r"<(/?)([a-z][a-z0-9:]*)\b[^<>]{0,2000}?(/?)>", re.IGNORECASE)
# Lines of running text around the elements that only Markdown has.
_LINES = re.compile(
    r"\S[ \t]*\n[ \t]*\n|^[ ]{0,3}(?:#{1,6} |[-*+>] |\d{1,2}[.)] |\||\x02)", re.MULTILINE
)
_BLOCKS = frozenset(
    "p div tr h1 h2 h3 h4 h5 h6 blockquote section article table ul ol dl dt dd br hr header"
    " footer main figure figcaption details summary li pre center caption".split()
)
_GONE = "script style noscript template svg iframe button nav img object embed head".split()
_TEXT = re.compile(r"(?<!<)(?<!</)\b\w{2,}\b(?![^<>]{0,200}>)")
_VOID = frozenset("br hr img input link meta embed wbr col".split())
_HIDING = frozenset(_HIDDEN.split("|"))
_HIDDEN_OPENS = re.compile(rf"<({_HIDDEN})\b(?=[^<>]{{0,2000}}>)", re.IGNORECASE)
# A payload in the middle of a sentence, such as `<script>alert(1)</script>`, is spoken of.
_PAYLOAD = re.compile(
    r"(?<=[\w,:(][ \"'(])<(?:script\b[^<>\n]{0,200}>[^<\n]{0,200}</script>"
    r"|(?:img|svg|iframe|object|embed|input|body)\b[^<>\n]{0,200}"
    r"(?:\bon\w{3,20}\s?=|javascript:)[^<>\n]{0,200}>(?:</(?:svg|iframe|object)>)?)"
    r"(?=[\"')]? [\w(]|[\"')]?[.,;:])",
    re.IGNORECASE,
)
_DEEPEST = 500  # elements in one another; more is no page, and costs a parser its square
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
    from bs4.element import NavigableString

    markup = _NO_TAG.sub("&lt;", _with_mentions(markup))
    if _depth(markup) > _DEEPEST:
        markup = _ENDS.sub("\n", markup)
    soup = BeautifulSoup(markup, "html.parser")
    for element in soup.find_all(_GONE):
        element.extract()
    between = [one for one in soup.contents if type(one) is NavigableString]
    flows = any(_LINES.search(text) and text.strip() for text in between)
    pieces: list[str] = []
    _collect(soup, pieces, frozenset(id(text) for text in between if flows))
    most = 2 if flows else 1
    text = "\n".join(line.rstrip() for line in "".join(pieces).split("\n"))
    return re.sub(rf"\n{{{most + 1},}}", "\n" * most, text).strip("\n ")


def is_balanced(code: str) -> bool:
    """Whether a piece of code ends no block that it does not begin, with text on both sides: else
    the marks around it are characters of a page."""
    begun: list[str] = []
    for found in _ENDS.finditer(code):
        name = found[2].lower()
        if not found[1]:
            begun.append(name)
        elif name in begun:
            begun.remove(name)
        elif name in _BLOCKS and _TEXT.search(code, 0, found.start()):
            return _TEXT.search(code, found.end()) is None
    return True


def _with_mentions(markup: str) -> str:
    """Markup in which payloads, and elements without an end that hide what follows, are text."""
    markup = _PAYLOAD.sub(lambda found: html.escape(found.group(), quote=False), markup)
    low = markup.lower()
    lost = frozenset(name for name in _HIDING - _VOID if f"</{name}" not in low)
    return _HIDDEN_OPENS.sub(lambda m: f"&lt;{m[1]}" if m[1].lower() in lost else m[0], markup)


def _depth(markup: str) -> int:
    """How deep elements stand in one another, at most, as they are opened and closed."""
    depth = deepest = 0
    for end, name, alone in _ENDS.findall(markup):
        if not alone and name.lower() not in _VOID:
            depth = max(depth + (-1 if end else 1), 0)
            deepest = max(deepest, depth)
    return deepest


def _collect(root: Tag, pieces: list[str], flowing: frozenset[int]) -> None:
    """The text in reading order; a stack, since hostile markup nests deeper than calls can.

    Lines of the strings with these identities stay as they are.
    """
    from bs4 import Comment, Tag
    from bs4.element import NavigableString, PreformattedString

    waiting: list[object] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Tag):
            name = node.name.lower().removeprefix("xhtml:")
            waiting += reversed(_parts(node, name))
        elif id(node) in flowing:
            begins = not pieces or pieces[-1].endswith("\n")
            pieces.append(str(node).lstrip(" ") if begins else str(node))
        elif isinstance(node, NavigableString):
            hidden = isinstance(node, Comment | PreformattedString)
            pieces.append("" if hidden else _line(str(node), pieces))
        elif isinstance(node, str):
            pieces.append(node)


class _Verbatim(str):
    """Text whose blanks and lines stay."""


def _parts(node: Tag, name: str) -> list[object]:
    """What an element is read as: its text, its contents, and the borders around them."""
    if name in ("br", "hr"):
        return ["\n", *node.contents]
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
