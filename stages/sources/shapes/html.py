"""HTML pages: the text that a reader came for, without navigation, scripts and styles.

Knows elements that hold no text of the page's own.  Invariant: nothing is fetched, and nothing
of a script is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from stages.sources.document import Document, Head
from stages.sources.entry import Entry
from stages.sources.found import Found, NotUnderstood
from stages.sources.structures.reading import links_of, short_language
from stages.text.html_tables import name_cells
from stages.text.html_text import drop_unseen
from stages.text.raised import raise_marks

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

MAX_BYTES = 8 * 2**20  # a page's tree takes some thirty times as much memory
_BEGINS = re.compile(
    r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.DOTALL
)
_PARTS = re.compile(r"<(?:p|div|h[1-6]|table|ul|article|section|span|a)\b[^>]*>", re.IGNORECASE)
_NO_TEXT = "script style noscript template svg iframe button nav footer aside dialog".split()
_BLOCKS = frozenset(
    "p div li tr h1 h2 h3 h4 h5 h6 pre blockquote section article table ul ol dl dt dd br hr main"
    " header figure figcaption address details summary".split()
)
_XML_DECLARATION = re.compile(r"<\?xml\b[^>]*>?", re.IGNORECASE)
_CELLS = frozenset({"td", "th"})
_SPACES = re.compile(r"[ \t\r\f\v\xa0]+")


def sniff(head: Head) -> float:
    if _BEGINS.match(head.text[:4096]):
        return 0.95
    named = head.suffix in (".html", ".htm", ".xhtml")
    if head.begins.startswith("<") and not head.begins.startswith("<?xml"):
        return 0.8 if named else 0.3 if len(_PARTS.findall(head.text[:4096])) > 2 else 0.0
    if "<html" in head.text[:1024].lower():
        return 0.95
    return 0.6 if named and _PARTS.search(head.text) else 0.0


def read(document: Document) -> Iterator[Found]:
    data = document.stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise NotUnderstood(f"an HTML page of more than {MAX_BYTES // 2**20} MiB; split it first")
    entry = read_page(data.decode("utf-8", "replace"), document.head.name)
    if not entry.text:
        raise NotUnderstood("an HTML page without text, such as one that a script fills in")
    yield Found(
        "", entry.record({"file": document.head.name, "html": data.decode("utf-8", "replace")})
    )


def read_page(markup: str, source: str) -> Entry:
    soup = _soup(markup)
    title = _title(soup)
    html = soup.find("html")
    return Entry(
        text=page_text(soup),
        title=title,
        source=_meta(soup, "og:site_name") or source,
        links=links_of([_canonical(soup), _meta(soup, "og:url")]),
        language=short_language(_attribute(html, "lang")),
        published=_meta(soup, "article:published_time") or _meta(soup, "date"),
        modified=_meta(soup, "article:modified_time"),
    )


def _soup(markup: str) -> BeautifulSoup:
    """The page's tree; what the parser rejects as declarations is text."""
    from bs4 import BeautifulSoup
    from bs4.exceptions import ParserRejectedMarkup

    # Of an XML declaration, the parser says on stderr that it expected none.
    markup = _XML_DECLARATION.sub("", markup)
    try:
        return BeautifulSoup(markup, "html.parser")
    except ParserRejectedMarkup:
        return BeautifulSoup(markup.replace("<!", "&lt;!"), "html.parser")


def page_text(soup: BeautifulSoup) -> str:
    """The text of the page's main part, a line for each block."""
    for element in soup.find_all(_NO_TEXT):
        element.extract()
    drop_unseen(soup)
    raise_marks(soup)
    name_cells(soup)
    articles = soup.find_all("article", limit=2)
    only = articles[0] if len(articles) == 1 else None  # of several, none is the page
    main = soup.find("main") or only or soup.find("body") or soup
    pieces: list[str] = []
    _collect(main, pieces)
    lines = (_SPACES.sub(" ", line).strip() for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _collect(main: Any, pieces: list[str]) -> None:
    from bs4 import Comment, Tag
    from bs4.element import PreformattedString

    waiting: list[Any] = [main]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            hidden = isinstance(node, Comment | PreformattedString)
            kept = node.find_parent("pre") if hasattr(node, "find_parent") else None
            pieces.append("" if hidden else str(node) if kept or node == "\n" else _line(node))
        elif isinstance(node, Tag):
            border = "\n" if node.name in _BLOCKS else " " if node.name in _CELLS else ""
            waiting += [border, *reversed(node.contents), border]


def _line(text: str) -> str:
    return text.replace("\n", " ")


def _title(soup: BeautifulSoup) -> str:
    for name in ("og:title", "dc.title"):
        if found := _meta(soup, name):
            return found
    for tag in ("title", "h1"):
        if (element := soup.find(tag)) and (text := element.get_text(" ", strip=True)):
            return " ".join(text.split())
    return ""


def _meta(soup: BeautifulSoup, name: str) -> str:
    for key in ("property", "name"):
        if found := soup.find("meta", attrs={key: name}):
            return _attribute(found, "content")
    return ""


def _canonical(soup: BeautifulSoup) -> str:
    return _attribute(soup.find("link", rel="canonical"), "href")


def _attribute(element: Tag | Any, name: str) -> str:
    value = element.get(name) if hasattr(element, "get") else None
    return value.strip() if isinstance(value, str) else ""
