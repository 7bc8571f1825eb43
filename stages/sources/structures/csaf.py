"""CSAF 2.0 advisories, without the legal notices and the revision history.

An advisory is one record; of several vulnerabilities, those that have a CVE and are described can
be had as records of their own.  Invariant: what remediates and what is affected is quoted with
the product names that the document's own tree gives to its ids, and a workaround says it is one.
What is not affected, and why, is a sentence of the text where a few products are said not to be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from stages.sources.cvss import Cvss, from_data, newest, worst
from stages.sources.entry import DRAFT, SUPERSEDED, WITHDRAWN, Entry, SubEntry
from stages.sources.structures.csaf_products import bounds_of, product_names
from stages.sources.structures.csaf_remedies import (
    affected_ids,
    groups_of,
    remedies_of,
    spared_ids,
    unfixed,
)
from stages.sources.structures.notes import asked_and_answered, tells
from stages.sources.structures.reading import (
    links_of,
    look_up,
    named_weakness,
    objects_at,
    paragraphs,
    short_language,
    strings_at,
    text_at,
)
from stages.sources.structures.vex import unaffected
from stages.text.kinds import ADVISORY, VULNERABILITY
from stages.text.severity import highest, level_of

_TOLD = ("summary", "description", "details", "general")
_OF_THE_DOCUMENT = ("summary", "description", "details")
_OTHERWISE = ("other",)  # where nothing else is said; an FAQ tells what somebody gains or needs


def is_csaf(value: dict[str, Any]) -> bool:
    document = value.get("document")
    return isinstance(document, dict) and ("csaf_version" in document or "tracking" in document)


def read_csaf(value: dict[str, Any]) -> Entry:
    document = value["document"]
    flaws = list(objects_at(value, "vulnerabilities"))
    products, groups = _tree(value)
    bounded = _bounded(value, products)
    own_id = text_at(document, "tracking", "id")
    return Entry(
        text=_text_of(document, flaws, products),
        title=text_at(document, "title"),
        kind=ADVISORY,
        id=own_id,
        source=text_at(document, "publisher", "name"),
        links=links_of(document.get("references")),
        licence=text_at(document, "distribution", "text"),
        language=short_language(text_at(document, "lang")),
        severity=text_at(document, "aggregate_severity", "text")
        or highest([_own_word(flaw) for flaw in flaws]),
        cvss=worst(newest(_ratings(flaw)) for flaw in flaws),
        cwes=tuple(cwe for flaw in flaws for cwe in _cwes(flaw)),
        weaknesses=tuple(named for flaw in flaws for named in _weaknesses(flaw)),
        affected=_affected(flaws, bounded),
        mitigations=(*remedies_of(flaws, products, groups), *_in_general(document)),
        fix_notes=tuple(unfixed(flaws, products, groups)),
        aliases=tuple(cve for flaw in flaws if (cve := text_at(flaw, "cve"))),
        status=_status(document),
        published=text_at(document, "tracking", "initial_release_date"),
        modified=text_at(document, "tracking", "current_release_date"),
        more={"exploitation": " ".join(_exploitation(flaws)), "faq": _faq(document, flaws)},
    )


def _text_of(document: Any, flaws: list[dict[str, Any]], products: dict[str, str]) -> str:
    """The notes and what is told of each flaw; several stand apart."""
    told = [*_notes(document, _OF_THE_DOCUMENT), *(_about(flaw, products) for flaw in flaws)]
    return "\n\n".join(dict.fromkeys(filter(None, told))) if len(flaws) > 1 else paragraphs(*told)


def _exploitation(flaws: list[dict[str, Any]]) -> Iterator[str]:
    """What is known of attacks by each flaw, with its id where there are several."""
    for flaw in flaws:
        for threat in objects_at(flaw, "threats"):
            said = text_at(threat, "details")
            if text_at(threat, "category") == "exploit_status" and said:
                said = said if said.endswith(".") else f"{said}."
                yield f"{text_at(flaw, 'cve')}: {said}" if len(flaws) > 1 else said


def parts_of_csaf(value: dict[str, Any]) -> list[SubEntry]:
    """The advisory and its vulnerabilities, where several of them can be records; else none."""
    flaws = list(enumerate(objects_at(value, "vulnerabilities")))
    own = {number for number, flaw in flaws if text_at(flaw, "cve") and _told(flaw)}
    if len(own) < 2:
        return []
    whole = read_csaf(value)
    products, groups = _tree(value)
    bounded = _bounded(value, products)
    said = [
        _called(flaw, "title") if number in own else _about(flaw, products)
        for number, flaw in flaws
    ]
    notes = _notes(value["document"], _OF_THE_DOCUMENT)
    advisory = replace(whole, text=paragraphs(*notes, *said))
    return [SubEntry("", advisory, value)] + [
        SubEntry(f"vulnerabilities[{number}]", _flaw(flaw, whole, products, groups, bounded), flaw)
        for number, flaw in flaws
        if number in own
    ]


def _flaw(
    flaw: dict[str, Any],
    whole: Entry,
    products: dict[str, str],
    groups: dict[str, tuple[str, ...]],
    bounded: dict[str, str],
) -> Entry:
    """A vulnerability by itself, published with the advisory."""
    return Entry(
        text=paragraphs(_told(flaw), _unaffected(flaw, products)),
        title=text_at(flaw, "title"),
        kind=VULNERABILITY,
        id=text_at(flaw, "cve").upper(),
        source=whole.source,
        links=(*links_of(flaw.get("references")), *whole.links),
        licence=whole.licence,
        language=whole.language,
        severity=_own_word(flaw),
        cvss=newest(_ratings(flaw)),
        cwes=tuple(_cwes(flaw)),
        weaknesses=tuple(_weaknesses(flaw)),
        affected=_affected([flaw], bounded),
        mitigations=tuple(remedies_of([flaw], products, groups)),
        fix_notes=tuple(unfixed([flaw], products, groups)),
        status=whole.status,
        published=text_at(flaw, "release_date") or whole.published,
        modified=whole.modified,
    )


def _notes(value: Any, categories: tuple[str, ...]) -> Iterator[str]:
    for note in objects_at(value, "notes"):
        if tells(text_at(note, "category"), text_at(note, "title"), categories):
            yield text_at(note, "text")


def _faq(document: Any, flaws: list[dict[str, Any]]) -> list[str]:
    """Questions with their answers, where they can only be on the one flaw."""
    notes = [note for one in (document, *flaws) for note in objects_at(one, "notes")]
    parts = ((text_at(note, name) for name in ("category", "title", "text")) for note in notes)
    return [said for one in parts if (said := asked_and_answered(*one))] if len(flaws) < 2 else []


def _in_general(document: Any) -> Iterator[str]:
    """What a vendor recommends besides, for all of its products."""
    for note in objects_at(document, "notes"):
        if "recommend" in text_at(note, "title").lower() and (said := text_at(note, "text")):
            yield said


def _told(flaw: dict[str, Any]) -> str:
    """A vulnerability's notes, without one that only gives its title beside others; where it has
    none, why products are not affected by it."""
    title = text_at(flaw, "title").rstrip(".")
    notes = list(_notes(flaw, _TOLD))
    more = [one for one in notes if one.rstrip(".") != title]
    return paragraphs(*(more or notes)) or paragraphs(
        *_notes(flaw, _OTHERWISE), *(said for said in _impacts(flaw) if " " in said)
    )


def _impacts(flaw: dict[str, Any]) -> list[str]:
    """What its threats say of the impact: a statement, or the vendor's severity in a word."""
    threats = objects_at(flaw, "threats")
    return [text_at(one, "details") for one in threats if text_at(one, "category") == "impact"]


def _own_word(flaw: dict[str, Any]) -> str:
    """The vendor's own severity, which Red Hat and SUSE give beside CVSS; the highest, where it
    differs between products."""
    return highest([word for word in _impacts(flaw) if level_of(word)])


def _about(flaw: dict[str, Any], products: dict[str, str]) -> str:
    """What is told of a vulnerability, under its id and title, and what is not affected by it."""
    called, told = _called(flaw, "cve", "title"), _told(flaw)
    others = _unaffected(flaw, products)
    if not told:
        return paragraphs(called if text_at(flaw, "title") else "", others)
    return paragraphs(f"{called}: {told}" if called else told, others)


def _unaffected(flaw: dict[str, Any], products: dict[str, str]) -> str:
    """What is not affected, with what the document says of that in its own words."""
    told = _told(flaw)
    threats = [one for one in objects_at(flaw, "threats") if text_at(one, "category") == "impact"]
    said = [(text_at(one, "details"), strings_at(one, "product_ids")) for one in threats]
    why = [one for one in said if " " in one[0] and one[0] not in told and not level_of(one[0])]
    return unaffected(flaw, products, why)


def _called(flaw: dict[str, Any], *needed: str) -> str:
    """Id and title of a vulnerability; empty where it has none of what is needed."""
    if not any(text_at(flaw, name) for name in needed):
        return ""
    cve, title = text_at(flaw, "cve"), text_at(flaw, "title")
    return title if title.startswith(cve) else f"{cve} {title}".strip()


def _ratings(flaw: dict[str, Any]) -> Iterator[Cvss | None]:
    for score in objects_at(flaw, "scores"):
        for name in ("cvss_v4", "cvss_v3", "cvss_v2"):
            yield from_data(score.get(name), primary=True)
    for metric in objects_at(flaw, "metrics"):  # CSAF 2.1
        for name in ("cvss_v4", "cvss_v3", "cvss_v2"):
            yield from_data(look_up(metric, "content", name), text_at(metric, "source"), True)


def _cwes(flaw: dict[str, Any]) -> Iterator[str]:
    for cwe in (*objects_at(flaw, "cwe"), *objects_at(flaw, "cwes")):
        if own_id := text_at(cwe, "id"):
            yield own_id


def _weaknesses(flaw: dict[str, Any]) -> Iterator[str]:
    for cwe in (*objects_at(flaw, "cwe"), *objects_at(flaw, "cwes")):
        if named := named_weakness(text_at(cwe, "id"), text_at(cwe, "name")):
            yield named


def _tree(value: dict[str, Any]) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """The names of the document's products by their ids, and the ids of those in groups."""
    tree = value.get("product_tree")
    return product_names(tree), groups_of(tree)


def _bounded(value: dict[str, Any], products: dict[str, str]) -> dict[str, str]:
    """The products with the range of versions that their branch of the tree says they are."""
    bounds = bounds_of(value.get("product_tree"))
    return products | {one: f"{products[one]} {bound}" for one, bound in bounds.items()}


def _affected(flaws: list[dict[str, Any]], products: dict[str, str]) -> tuple[str, ...]:
    """The names of affected products; an id without one says nothing to a reader.  One that another
    flaw spares stands with the flaws that affect it."""
    by: dict[str, list[str]] = {}
    for flaw in flaws:
        for own_id in affected_ids(flaw):
            by.setdefault(own_id, []).append(text_at(flaw, "cve"))
    spared = {own_id for flaw in flaws for own_id in spared_ids(flaw)}
    return tuple(
        f"{products[own_id]} ({' and '.join(cves)} only)"
        if own_id in spared and all(cves)
        else products[own_id]
        for own_id, cves in by.items()
        if own_id in products
    )


def _status(document: dict[str, Any]) -> str:
    category, title = text_at(document, "category").lower(), text_at(document, "title").lower()
    if "withdrawn" in category or title.startswith(("withdrawn", "retracted")):
        return WITHDRAWN
    if text_at(document, "tracking", "status").lower() == "draft":
        return DRAFT
    return SUPERSEDED if "superseded" in category else ""
