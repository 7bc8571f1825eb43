"""RSS and Atom, arXiv's answers among them: each entry cut out, and parsed by feedparser.

Entries are parsed one at a time, so that feeds of any size are read and a broken entry costs
itself alone.  Atom says which texts are HTML; RSS does not, and its prose may speak of tags.
Invariant: feedparser is handed bytes, never a name that it could open or fetch.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from stages.sources.document import Document, Head
from stages.sources.entry import WITHDRAWN, Entry
from stages.sources.found import Found, NotUnderstood, UnreadablePiece
from stages.sources.shapes.html import read_page
from stages.sources.shapes.xml_elements import Root, XmlElements, root_of
from stages.sources.structures.oai import is_withdrawn
from stages.sources.structures.reading import links_of, paragraphs, short_language, text_at
from stages.text.entities import without_entities
from stages.text.html_text import is_html
from stages.text.kinds import CTF, OTHER, PAPER, identify

_ROOTS = {"rss": "item", "RDF": "item", "feed": "entry"}
_FEED = re.compile(r"<(rss|rdf:RDF|feed)\b")
_ARXIV = re.compile(r"(?:https?://arxiv\.org/abs/|oai:arXiv\.org:)([\w./-]+?)(v\d+)?$")
_ANNOUNCED = re.compile(r"arXiv:\S+ Announce Type:.*?Abstract:\s*", re.DOTALL)  # arXiv's RSS
_CTFTIME = re.compile(r"https?://ctftime\.org/event/(\d+)/?$")
_HARMLESS = ("undefined entity", "not well-formed (invalid token)")


def sniff(head: Head) -> float:
    if not _FEED.search(head.text[:8192]):
        return 0.0
    root = root_of(head.data)
    if root is None or root.name not in _ROOTS:
        return 0.0
    return 0.0 if root.name == "feed" and b"/Atom" not in root.namespaces else 1.0


def read(document: Document) -> Iterator[Found]:
    root = root_of(document.head.data)
    if root is None or root.name not in _ROOTS:
        raise NotUnderstood("neither RSS nor Atom")
    elements = XmlElements(document.stream, root.name, _ROOTS[root.name], partial(_parse, root))
    for parsed in elements:
        if parsed.value is None:
            yield Found(parsed.place, problem=parsed.problem)
            continue
        channel = _channel(root, elements.before)
        typed = root.name == "feed"
        entry = _entry(parsed.value, channel, document.head.name, typed)
        if not entry.text and not entry.title:
            yield Found(parsed.place, problem="no text in this entry")
        else:
            yield Found(parsed.place, entry.record(_plain(parsed.value)))


def _parse(root: Root, data: bytes) -> Any:
    """feedparser's entry of the bytes of one."""
    parsed = _feedparser(_around(root, data))
    error = str(parsed.get("bozo_exception", ""))
    if parsed.bozo and not any(words in error for words in _HARMLESS):
        raise UnreadablePiece(f"not well-formed XML: {error.partition(': ')[2] or error}")
    if len(parsed.entries) != 1:
        raise UnreadablePiece("no entry of a feed")
    return parsed.entries[0]


def _around(root: Root, data: bytes) -> bytes:
    """A whole feed with nothing but these bytes in it."""
    if root.name == "feed":
        return root.tag + data + b"</feed>"
    if root.name == "RDF":
        return root.tag + data + b"</rdf:RDF>"
    return root.tag + b"<channel>" + data + b"</channel></rss>"


def _feedparser(data: bytes) -> Any:
    import feedparser

    headers = {"content-type": "application/xml; charset=utf-8"}
    # Sanitizing would take tags out of prose that only speaks of them.
    how = {"resolve_relative_uris": False, "sanitize_html": False}
    return feedparser.parse(io.BytesIO(data), response_headers=headers, **how)


def _channel(root: Root, before: bytes) -> dict[str, str]:
    """Title, language and rights of the feed itself."""
    begin = before.find(root.tag)
    inner = before[begin + len(root.tag) :] if begin >= 0 else b""
    closing = {"feed": b"</feed>", "RDF": b"</rdf:RDF>"}.get(root.name, b"</channel></rss>")
    feed = _feedparser(root.tag + inner + closing).feed
    return {name: str(feed.get(name, "")) for name in ("title", "language", "rights", "link")}


def _entry(item: Any, channel: dict[str, str], name: str, typed: bool) -> Entry:
    links = links_of([item.get("link"), *(one.get("href") for one in item.get("links", []))])
    address = str(item.get("id") or item.get("link") or "")
    arxiv = _ARXIV.match(address)
    kind, own_id = _own(item, address)
    text = _text(item, typed)
    return Entry(
        text=_ANNOUNCED.sub("", text, count=1) if arxiv else text,
        title=" ".join(_words(item.get("title_detail"), typed).split()),
        kind=kind,
        id=own_id,
        source="arXiv" if arxiv else channel["title"] or name,
        links=links,
        licence="CC0-1.0 (metadata)" if arxiv else str(item.get("rights", channel["rights"])),
        language="en" if arxiv else short_language(channel["language"]),
        published=str(item.get("published", "")),
        status=WITHDRAWN if arxiv and is_withdrawn(text_at(item, "arxiv_comment")) else "",
        modified=str(dict.get(item, "updated", "")),  # item.get takes `published` for it
        more=_more(item),
    )


def _own(item: Any, address: str) -> tuple[str, str]:
    """Kind and id, by the entry's id or the page that it is at: a feed of advisories has
    advisories' ids, or pages that are named by them."""
    for form, kind in ((_ARXIV, PAPER), (_CTFTIME, CTF)):
        if match := form.match(address):
            return kind, match[1]
    own_id, last = str(item.get("id", "")), address.rstrip("/").rpartition("/")[2]
    for named in (own_id, last):
        found = identify({"id": named, "title": str(item.get("title", ""))}).kind
        if found not in (PAPER, OTHER):
            return found, named
    return OTHER, own_id


def _text(item: Any, typed: bool) -> str:
    """The whole of an entry where the feed has it, else its summary."""
    said = [*item.get("content", []), item.get("summary_detail")]
    longest = max(said, key=lambda one: len(text_at(one, "value")))
    return paragraphs(_words(longest, typed))


def _words(said: Any, typed: bool) -> str:
    """The text of one of feedparser's {type, value}.

    `typed`: the type is the feed's own word.  Else a text is HTML where a pair of tags formats it.
    """
    text = text_at(said, "value")
    if text_at(said, "type") == "text/plain" if typed else not is_html(text):
        return text if typed else without_entities(text)
    return read_page(text, "").text


def _more(item: Any) -> dict[str, Any]:
    tags = [str(tag.get("term") or "") for tag in item.get("tags", [])]
    authors = [str(author.get("name") or "") for author in item.get("authors", [])]
    return {
        "authors": [name for name in authors if name],
        "categories": [tag for tag in tags if tag],
        "doi": str(item.get("arxiv_doi", "")),
    }


def _plain(value: Any) -> Any:
    """feedparser's dictionaries as plain ones; parsed times, which repeat what is there, go."""
    if isinstance(value, dict):
        kept = {str(k): v for k, v in value.items() if not str(k).endswith("_parsed")}
        return {key: _plain(item) for key, item in kept.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
