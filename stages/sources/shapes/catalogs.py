"""XML catalogs of a known vocabulary: CWE, CAPEC, OAI-PMH and CVRF, element by element.

Invariant: an XML document of another vocabulary is refused by the name of its root.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any
from xml.etree.ElementTree import Element

from stages.sources.document import Document, Head
from stages.sources.entry import Entry, SubEntry
from stages.sources.found import Damaged, Found, NotUnderstood, UnreadablePiece, printable
from stages.sources.shapes.xml_elements import Parsed, Root, XmlElements, parse_element, root_of
from stages.sources.shapes.xml_values import as_value, local
from stages.sources.structures import cvrf, oai, weaknesses

_MOST_FLAWS = 100  # of an advisory; a document with more is a catalog


@dataclass(frozen=True)
class Catalog:
    """A vocabulary: its root, the element that is a record, and its reading."""

    root: str
    element: str
    read: Callable[[Element], Entry]


CWE = Catalog("Weakness_Catalog", "Weakness", weaknesses.read_weakness)
CAPEC = Catalog("Attack_Pattern_Catalog", "Attack_Pattern", weaknesses.read_pattern)
OAI = Catalog("OAI-PMH", "record", oai.read_paper)
_CVRF = "cvrfdoc"
_ROOTS = (CWE.root, CAPEC.root, OAI.root, _CVRF)


def sniff_cwe(head: Head) -> float:
    return _has_root(head, CWE.root)


def sniff_capec(head: Head) -> float:
    return _has_root(head, CAPEC.root)


def sniff_oai(head: Head) -> float:
    return _has_root(head, OAI.root)


def sniff_cvrf(head: Head) -> float:
    return _has_root(head, _CVRF)


def _has_root(head: Head, name: str) -> float:
    if not head.begins.startswith("<") or name not in head.text:
        return 0.0
    root = root_of(head.data)
    return 1.0 if root and root.name == name else 0.0


def sniff_other(head: Head) -> float:
    """No reader: says what an XML document that none reads looks like."""
    if not head.begins.startswith("<?xml") or "<html" in head.text[:4096].lower():
        return 0.0
    root = root_of(head.data)
    if root is not None and root.name not in _ROOTS:
        raise NotUnderstood(
            f"an XML document with the root <{printable(root.name)}>, which no reader knows;"
            " convert it to JSON or CSV"
        )
    return 0.0


def read_cwe(document: Document) -> Iterator[Found]:
    return _read(document, CWE)


def read_capec(document: Document) -> Iterator[Found]:
    return _read(document, CAPEC)


def read_oai(document: Document) -> Iterator[Found]:
    return _read(document, OAI)


def _read(document: Document, catalog: Catalog) -> Iterator[Found]:
    root = root_of(document.head.data)
    namespaces = root.namespaces if root else b""
    parse = partial(_record, namespaces=namespaces, read=catalog.read)
    for parsed in XmlElements(document.stream, catalog.root, catalog.element, parse):
        yield Found(parsed.place, parsed.value, parsed.problem)


def _record(data: bytes, namespaces: bytes, read: Callable[[Element], Entry]) -> dict[str, Any]:
    element = parse_element(data, namespaces)
    entry = read(element)
    if not entry.text and not entry.status:
        raise UnreadablePiece("no text in it")
    return entry.record(as_value(element))


# CVRF


def read_cvrf(document: Document) -> Iterator[Found]:
    root = root_of(document.head.data)
    if root is None:
        raise NotUnderstood("no CVRF document")
    parse = partial(_flaw, namespaces=root.namespaces)
    elements = XmlElements(document.stream, _CVRF, "Vulnerability", parse)
    together = iter(elements)
    first = list(islice(together, _MOST_FLAWS + 1))
    before = elements.before or document.head.data if not first else elements.before
    frame = _frame(root, before)
    if len(first) <= _MOST_FLAWS:
        yield from _advisory(frame, first)
        return
    for parsed in (*first, *together):
        if parsed.value is None:
            yield Found(parsed.place, problem=parsed.problem)
        else:
            record = cvrf.read_flaw(cvrf.plain(frame), cvrf.plain(parsed.value))
            yield Found(parsed.place, record.record(parsed.value))


def _flaw(data: bytes, namespaces: bytes) -> dict[str, Any]:
    value = as_value(parse_element(data, namespaces))
    if not isinstance(value, dict):
        raise UnreadablePiece("nothing in it")
    return value


def _frame(root: Root, before: bytes) -> dict[str, Any]:
    """What the document says before its vulnerabilities."""
    begin = before.find(root.tag)
    tag_name = root.tag[1:].split(None, 1)[0].rstrip(b">")
    inner = before[begin:] if begin >= 0 else root.tag
    closed = inner if inner.rstrip().endswith(b"</" + tag_name + b">") else None
    try:
        element = parse_element(closed or inner + b"</" + tag_name + b">", root.namespaces)
        value = as_value(element)
    except UnreadablePiece as error:
        raise Damaged(f"CVRF, but damaged before its vulnerabilities: {error.problem}") from None
    assert local(element) == root.name, "the root was found by its tag"
    return value if isinstance(value, dict) else {}


def _advisory(frame: dict[str, Any], parsed: list[Parsed[dict[str, Any]]]) -> Iterator[Found]:
    flaws = [one.value for one in parsed if one.value is not None]
    original = {**frame, **({"Vulnerability": flaws} if flaws else {})}
    document = cvrf.plain(frame)
    parts = cvrf.parts_of(document, flaws, original)
    whole = cvrf.read_advisory(document, [cvrf.plain(flaw) for flaw in flaws])
    for part in parts or [SubEntry("", whole, original)]:
        if part.entry.text or part.entry.title:
            yield Found(part.place, part.entry.record(part.original))
    yield from (Found(one.place, problem=one.problem) for one in parsed if one.problem)
