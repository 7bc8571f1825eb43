"""CVRF 1.1 and 1.2 advisories, as XML and as Red Hat's JSON of the same names.

A document is one advisory; of several vulnerabilities, those that have a CVE and are described
can be had as records of their own.  Invariant: legal notices and revision histories are no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from stages.sources.cvss import Cvss, newest, version_of, worst
from stages.sources.entry import Entry, SubEntry
from stages.sources.structures.notes import tells
from stages.sources.structures.nvd import status_of
from stages.sources.structures.reading import (
    look_up,
    objects,
    objects_at,
    paragraphs,
    strings,
    text_at,
)
from stages.text.kinds import ADVISORY, VULNERABILITY
from stages.text.severity import highest, level_of
from stages.text.workarounds import as_workaround

_TOLD = ("summary", "description", "details", "topic", "general")
_OF_THE_DOCUMENT = ("summary", "description", "details", "topic")
_LEGAL = re.compile(r"licensed under|terms of use|all rights reserved", re.IGNORECASE)
# Remedies; "None Available" and "Will Not Fix" say that there is none.
_FIXES = ("vendor fix", "mitigation", "workaround", "optional patch", "fix planned", "")
_WORDS = re.compile(r"\b[^\W\d_]{2,}\b")
_SEVERITIES = ("impact", "severity")  # types of threats: Red Hat's and Microsoft's
_DEEPEST = 30


def plain(value: Any, depth: int = _DEEPEST) -> Any:
    """The same with names that both forms share: DocumentTitle, document_title -> documenttitle."""
    if isinstance(value, dict) and depth:
        return {re.sub(r"[^a-z0-9#]", "", k.lower()): plain(v, depth - 1) for k, v in value.items()}
    if isinstance(value, list) and depth:
        return [plain(item, depth - 1) for item in value]
    return value


def is_json(value: dict[str, Any]) -> bool:
    return isinstance(value.get("cvrfdoc"), dict)


def read_json(value: dict[str, Any]) -> Entry:
    document = plain(value["cvrfdoc"])
    return read_advisory(document, list(_flaws(document)))


def parts_of_json(value: dict[str, Any]) -> list[SubEntry]:
    """The same as `parts_of`, of Red Hat's JSON."""
    document = plain(value["cvrfdoc"])
    flaws = list(objects(look_up(value, "cvrfdoc", "vulnerability")))
    return parts_of(document, flaws, value)


def parts_of(
    document: dict[str, Any], flaws: list[dict[str, Any]], original: Any
) -> list[SubEntry]:
    """The advisory and its vulnerabilities, where several of them can be records; else none."""
    plains = [plain(flaw) for flaw in flaws]
    own = {n for n, flaw in enumerate(plains) if said(flaw, "cve") and _told(flaw)}
    if len(own) < 2:
        return []
    text = [_titled(flaw) if n in own else _about(flaw) for n, flaw in enumerate(plains)]
    told = _notes(document, "documentnotes", _OF_THE_DOCUMENT)
    advisory = replace(read_advisory(document, plains), text=paragraphs(*told, *text))
    return [SubEntry("", advisory, original)] + [
        SubEntry(f"Vulnerability[{n}]", read_flaw(document, plains[n]), flaws[n])
        for n in sorted(own)
    ]


def _flaws(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from objects_at(document, "vulnerability")


def read_advisory(document: dict[str, Any], flaws: list[dict[str, Any]]) -> Entry:
    """The advisory of a document's values and those of its vulnerabilities, both `plain`."""
    products = product_names(look_up(document, "producttree"))
    tracking = look_up(document, "documenttracking")
    return Entry(
        text=paragraphs(*_notes(document, "documentnotes", _OF_THE_DOCUMENT), *map(_about, flaws)),
        title=said(document, "documenttitle"),
        kind=ADVISORY,
        id=said(tracking, "identification", "id"),
        source=_publisher(document),
        links=tuple(_links(document, "documentreferences")),
        licence=said(document, "documentdistribution"),
        language="en",
        severity=said(document, "aggregateseverity")
        or highest([_own_word(flaw) for flaw in flaws]),
        cvss=worst(newest(_ratings(flaw)) for flaw in flaws),
        cwes=tuple(cwe for flaw in flaws for cwe in _cwes(flaw)),
        affected=tuple(name for flaw in flaws for name in _affected(flaw, products)),
        mitigations=tuple(text for flaw in flaws for text in _remedies(flaw)),
        aliases=tuple(cve for flaw in flaws if (cve := said(flaw, "cve"))),
        published=said(tracking, "initialreleasedate"),
        modified=said(tracking, "currentreleasedate"),
    )


def read_flaw(document: dict[str, Any], flaw: dict[str, Any]) -> Entry:
    """One vulnerability by itself."""
    text = _told(flaw)
    own_id = said(flaw, "cve") or said(flaw, "id")
    title = said(flaw, "title")
    return Entry(
        text=text,
        title="" if title == own_id else title,
        kind=VULNERABILITY,
        id=own_id,
        source=_publisher(document),
        links=tuple(_links(flaw, "references")),
        language="en",
        severity=_own_word(flaw),
        cvss=newest(_ratings(flaw)),
        cwes=tuple(_cwes(flaw)),
        affected=tuple(_affected(flaw, product_names(look_up(document, "producttree")))),
        mitigations=tuple(_remedies(flaw)),
        status=status_of("", text),
        published=said(flaw, "releasedate") or said(flaw, "discoverydate"),
    )


def said(value: Any, *path: str) -> str:
    """The text at a path; of an element with attributes, its own."""
    found = look_up(value, *path)
    return text_at(found, "#text") if isinstance(found, dict) else next(strings(found), "")


def _publisher(document: dict[str, Any]) -> str:
    publisher = look_up(document, "documentpublisher")
    return said(publisher, "issuingauthority") or text_at(publisher, "vendorid") or "CVRF"


def _notes(value: Any, name: str, types: tuple[str, ...]) -> Iterator[str]:
    notes = look_up(value, name)
    for note in (*objects_at(notes, "note"), *objects(notes)):
        if tells(text_at(note, "type"), text_at(note, "title"), types):
            yield text_at(note, "#text") or text_at(note, "text")
    for text in (*strings(notes), *strings(look_up(notes, "note"))):  # Red Hat's, without types
        if not _LEGAL.search(text):
            yield text


def _told(flaw: dict[str, Any]) -> str:
    return paragraphs(*_notes(flaw, "notes", _TOLD))


def _about(flaw: dict[str, Any]) -> str:
    called, told = _called(flaw), _told(flaw)
    return f"{called}: {told}" if called and told else told or _titled(flaw)


def _titled(flaw: dict[str, Any]) -> str:
    """Id and title of a vulnerability that has a title other than its id."""
    return _called(flaw) if said(flaw, "title") not in ("", said(flaw, "cve")) else ""


def _called(flaw: dict[str, Any]) -> str:
    parts = (said(flaw, "cve"), said(flaw, "title"))
    return " ".join(dict.fromkeys(part for part in parts if part))


def _links(value: Any, name: str) -> Iterator[str]:
    references = look_up(value, name)
    for reference in (*objects_at(references, "reference"), *objects(references)):
        link = text_at(reference, "url")
        if link.startswith(("http://", "https://")):
            yield link


def _own_word(flaw: dict[str, Any]) -> str:
    """The vendor's own severity; the highest, where it differs between products."""
    threats = look_up(flaw, "threats")
    words = [
        said(threat, "description")
        for threat in (*objects_at(threats, "threat"), *objects(threats))
        if text_at(threat, "type").lower() in _SEVERITIES
    ]
    return highest([word for word in words if level_of(word)])


def _ratings(flaw: dict[str, Any]) -> Iterator[Cvss | None]:
    sets = look_up(flaw, "cvssscoresets")
    for form, version in (("scoresetv3", "3"), ("scoresetv2", "2.0"), ("scoreset", "2.0")):
        for one in objects_at(sets, form):
            score = said(one, "basescorev3") or said(one, "basescorev2") or said(one, "basescore")
            vector = said(one, "vectorv3") or said(one, "vectorv2") or said(one, "vector")
            try:
                yield Cvss(version_of(vector) or version, float(score), "", vector, primary=True)
            except ValueError:
                continue


def _cwes(flaw: dict[str, Any]) -> Iterator[str]:
    for cwe in objects_at(flaw, "cwe"):
        if own_id := text_at(cwe, "id"):
            yield own_id


def _affected(flaw: dict[str, Any], products: dict[str, str]) -> Iterator[str]:
    statuses = look_up(flaw, "productstatuses")
    for status in (*objects_at(statuses, "status"), *objects(statuses)):
        if text_at(status, "type").lower() in ("known affected", "first affected", "last affected"):
            for own_id in strings(look_up(status, "productid")):
                yield products.get(own_id, "")


def _remedies(flaw: dict[str, Any]) -> Iterator[str]:
    remedies = look_up(flaw, "remediations")
    for remedy in (*objects_at(remedies, "remediation"), *objects(remedies)):
        told, text = text_at(remedy, "type").lower(), said(remedy, "description")
        # A bare number or file is none to follow: Microsoft's "5005030".
        if told in _FIXES and _WORDS.search(text):
            yield as_workaround(text) if told == "workaround" else text


def product_names(tree: Any) -> dict[str, str]:
    """The names of a product tree's ids."""
    found: dict[str, str] = {}
    waiting = [(tree, _DEEPEST)]
    while waiting:
        node, depth = waiting.pop()
        for product in objects_at(node, "fullproductname"):
            own_id, name = text_at(product, "productid"), said(product) or text_at(product, "#text")
            if own_id and name:
                found.setdefault(own_id, name)
        if depth:
            waiting += [(branch, depth - 1) for branch in objects_at(node, "branch")]
            waiting += [(one, depth - 1) for one in objects_at(node, "relationship")]
    return found
