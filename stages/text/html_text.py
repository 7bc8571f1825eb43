"""HTML as text: a line for each block, lists as sentences, code as it stands.

Beautiful Soup reads it.  Prose that only mentions a tag is no HTML: a report on cross-site
scripting keeps its `<script>`.  Invariant: what stands in angle brackets without being a tag
of HTML stays in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from stages.text.entities import lone_ampersands_escaped
from stages.text.html_tables import name_cells
from stages.text.images import in_place_of
from stages.text.letters import CITES, drop_answered
from stages.text.mentions import FORMATS, HIDDEN, VOID, with_mentions
from stages.text.raised import raise_marks
from stages.text.sentences import is_whole

if TYPE_CHECKING:
    from bs4 import Tag

_TAG = rf"</?(?:{FORMATS}|{HIDDEN})(?:\s[^<>]{{0,2000}})?/?>"
# A pair of tags that format, or one that stands alone.  What a prose only mentions has neither.
_MARKED = re.compile(
    rf"<({FORMATS})(?:\s[^<>]{{0,2000}})?>[^<]{{0,4000}}(?:<(?!/\1)[^<]{{0,4000}}){{0,40}}</\1\s*>"
    r"|<(?:br|hr)\s*/?>|<code>|^\s*<(?:p|div|ul|html|body|!doctype)\b",
    re.IGNORECASE,
)
_NO_TAG = re.compile(rf"<(?!{_TAG[1:]}|!--|!doctype\s+html)", re.IGNORECASE)
_ENDS = re.compile(r"<(/?)([a-z][a-z0-9:]*)\b[^<>]{0,2000}?(/?)>", re.IGNORECASE)
# Lines of running text around the elements that only Markdown has.
_LINES = re.compile(
    r"\S[ \t]*\n[ \t]*\n|^[ ]{0,3}(?:#{1,6} |[-*+>] |\d{1,2}[.)] |\||\x02)", re.MULTILINE
)
_BLOCKS = frozenset(
    "p div tr h1 h2 h3 h4 h5 h6 blockquote section article table ul ol dl dt dd br hr header"
    " footer main figure figcaption details summary li pre center caption".split()
)
_HEADINGS = frozenset("h2 h3 h4 h5 h6".split())  # of sections; h1 is of the page
_BLOCK = re.compile(rf"<(?:xhtml:)?(?:{'|'.join(sorted(_BLOCKS))})\b", re.IGNORECASE)
_GONE = "script style noscript template svg iframe button nav img object embed head".split()
_TEXT = re.compile(r"(?<!<)(?<!</)\b\w{2,}\b(?![^<>]{0,200}>)")
# Tags that say nothing of a text's form; without attributes or an end they are placeholders.
_OTHERS = re.compile(
    r"</?(abbr|acronym|address|area|aside|audio|bdi|bdo|big|cite|col|colgroup|data|dfn|dialog"
    r"|fieldset|label|legend|map|mark|o:p|option|picture|q|rp|rt|ruby|s|select|source|strike"
    r"|textarea|tfoot|time|track|var|video|wbr)(\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_OTHER_BLOCKS = frozenset("address aside dialog fieldset legend option select".split())
_DEEPEST = 500  # elements in one another; more is no page, and costs a parser its square
_UNSEEN = re.compile(
    r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden"
    r"|(?:font-size|opacity)\s*:\s*0(?:\.0+)?(?:px|pt|r?em|%)?\s*(?:!|;|$))",
    re.IGNORECASE,
)
_RAISED = re.compile(r"<(?:xhtml:)?su[bp]\b", re.IGNORECASE)
_TABLE = re.compile(r"<table\b", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f\v\xa0]+")


def is_html(text: str) -> bool:
    """Whether a text is marked up, not only speaking of markup."""
    if "<" not in text:
        return False
    return _MARKED.search(with_mentions(text)) is not None


def html_text(markup: str, code: Callable[[str], str] = str) -> str:
    """The text of a page or a piece of one; `code` gives what stands for the text of an element
    of code."""
    from bs4 import BeautifulSoup
    from bs4.element import NavigableString

    markup = _without_others(lone_ampersands_escaped(with_mentions(markup)))
    markup = _NO_TAG.sub("&lt;", markup)
    if _depth(markup) > _DEEPEST:
        markup = _ENDS.sub("\n", markup)
    soup = BeautifulSoup(markup, "html.parser")
    for image in soup.find_all("img"):
        before, called = image.previous_sibling, image.get("alt")
        if isinstance(before, str):
            image.replace_with(in_place_of(before, called if isinstance(called, str) else ""))
    for element in soup.find_all(_GONE):
        element.extract()
    drop_unseen(soup)
    if CITES.search(markup):
        drop_answered(soup)
    if _RAISED.search(markup):
        raise_marks(soup)
    if _TABLE.search(markup):
        name_cells(soup)
    between = [one for one in soup.contents if type(one) is NavigableString]
    # Without blocks, its line breaks are the text's own.
    inline = "\n" in markup and _BLOCK.search(markup) is None
    flows = inline or any(_LINES.search(text) and text.strip() for text in between)
    pieces: list[str] = []
    _collect(soup, pieces, frozenset(id(text) for text in between if flows), code)
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


def drop_unseen(soup: Tag) -> None:
    """Take out of a tree what its own style or attribute hides from readers.

    A page's body and main part are left: a script shows them when it is loaded.
    """
    for element in soup.find_all(_is_unseen):
        element.extract()


def _is_unseen(element: Tag) -> bool:
    if element.name in ("html", "body", "main", "article"):
        return False
    hidden, style = element.get("hidden"), element.get("style")
    if hidden is not None and hidden != "until-found":
        return True
    return isinstance(style, str) and _UNSEEN.search(style) is not None


def _without_others(markup: str) -> str:
    """Markup without the tags that say nothing of its form, some as the lines that they begin."""
    low = markup.lower()

    def shown(tag: re.Match[str]) -> str:
        name = tag[1].lower()
        if not (tag[2] or name == "wbr" or f"</{name}>" in low):
            return tag[0]
        return "<br>" if name in _OTHER_BLOCKS else ""

    return _OTHERS.sub(shown, markup)


def _depth(markup: str) -> int:
    """How deep elements stand in one another, at most, as they are opened and closed."""
    depth = deepest = 0
    for end, name, alone in _ENDS.findall(markup):
        if not alone and name.lower() not in VOID:
            depth = max(depth + (-1 if end else 1), 0)
            deepest = max(deepest, depth)
    return deepest


def _collect(
    root: Tag, pieces: list[str], flowing: frozenset[int], code: Callable[[str], str]
) -> None:
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
            waiting += reversed(_parts(node, name, code))
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


def _parts(node: Tag, name: str, code: Callable[[str], str]) -> list[object]:
    """What an element is read as: its text, its contents, and the borders around them."""
    if name in ("br", "hr"):
        return ["\n", *node.contents]
    border = ["\n"] if name in _BLOCKS else []
    if name in ("pre", "code", "kbd", "samp", "tt"):
        return [*border, _Verbatim(code(_code_of(node, name))), *border]
    if name == "li":
        return [*border, "- ", *_list_item(node), *border]
    if name in ("td", "th"):
        return [*node.contents, " "]
    if name in _HEADINGS:
        return [*border, *node.contents, _end_of_heading(node), *border]
    return [*border, *node.contents, *border]


def _code_of(node: Tag, name: str) -> str:
    """The text of an element of code; that of a block without its first and last line break."""
    for line in node.find_all("br"):
        line.replace_with("\n")
    text = node.get_text()
    return text.removeprefix("\n").rstrip("\n") if name == "pre" else text


def _list_item(node: Tag) -> list[object]:
    """An item's contents, with a full stop where it has no end of its own."""
    if node.find(["ul", "ol", "pre", "li"]) is not None:
        return list(node.contents)
    text = " ".join(node.get_text(" ").split())
    ended = not text or is_whole(text) or text.endswith((":", ";", ","))
    return [*node.contents, *([] if ended else ["."])]


def _end_of_heading(node: Tag) -> str:
    """A colon where a heading has no end of its own, as of Markdown: no sentence goes on in it."""
    text = node.get_text().strip()
    return ":" if text and text[-1] not in ":?!.…" else ""


def _line(text: str, pieces: list[str]) -> str:
    """Running text on one line, without a blank at the beginning of a line."""
    shown = _SPACES.sub(" ", text)
    before = next((piece for piece in reversed(pieces) if piece), "\n")
    return shown.lstrip() if before.endswith(("\n", " ")) else shown
