"""Which structure a piece has, told by its own fields, and the record that it becomes.

Knows the structures' names in the order in which they are asked.  Invariant: a piece without a
known structure becomes a record by its text fields, or a problem that names its fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from stages.base import Record
from stages.sources.entry import Entry, SubEntry
from stages.sources.found import Found, UnreadablePiece, printable
from stages.sources.shapes.items import Item
from stages.sources.structures import (
    csaf,
    cve,
    cvrf,
    distributions,
    euvd,
    kev,
    misp,
    msrc,
    nvd,
    osv,
    others,
    scans,
    stix,
)
from stages.sources.structures.reading import first_text, links_of, short_language
from stages.text.kinds import VULNERABILITY, identify
from stages.text.product_versions import versions_of_product
from stages.text.record_text import raw_bodies, title_of

_MOST_FIELDS = 8  # names of fields in a message


@dataclass(frozen=True)
class Structure:
    """A known structure of objects: its name for --format, its test, and its reading."""

    name: str
    fits: Callable[[dict[str, Any]], bool]
    read: Callable[[dict[str, Any]], Entry]


STRUCTURES = (
    Structure("nvd", nvd.is_nvd, nvd.read_nvd),
    Structure("nvd-1.1", nvd.is_nvd_1, nvd.read_nvd_1),
    Structure("cve-5", cve.is_cve_5, cve.read_cve_5),
    Structure("cve-4", cve.is_cve_4, cve.read_cve_4),
    Structure("kev", kev.is_kev, kev.read_kev),
    Structure("euvd", euvd.is_euvd, euvd.read_euvd),
    Structure("msrc", msrc.is_msrc, msrc.read_msrc),
    Structure("stix", stix.is_object, stix.read_stix),
    Structure("csaf", csaf.is_csaf, csaf.read_csaf),
    Structure("cvrf-json", cvrf.is_json, cvrf.read_json),
    Structure("github", osv.is_github, osv.read_github),
    Structure("opencve", others.is_opencve, others.read_opencve),
    Structure("ubuntu-cve", distributions.is_ubuntu_cve, distributions.read_ubuntu_cve),
    Structure("ubuntu", distributions.is_ubuntu_notice, distributions.read_ubuntu_notice),
    Structure("red-hat", distributions.is_red_hat_cve, distributions.read_red_hat_cve),
    Structure("osv", osv.is_osv, osv.read_osv),
    Structure("ctftime", others.is_ctftime, others.read_ctftime),
    Structure("otx", others.is_pulse, others.read_pulse),
    Structure("misp", misp.is_event, misp.read_event),
)
# Objects that may be several records, by a field that they have.
_SEVERAL: dict[str, tuple[str, Callable[[dict[str, Any]], list[SubEntry]]]] = {
    "document": ("csaf", csaf.parts_of_csaf),
    "cvrfdoc": ("cvrf-json", cvrf.parts_of_json),
}
NAMES = frozenset(structure.name for structure in STRUCTURES)
# Structures whose text or products lie deep inside; lines of the others are records as they are.
NESTED = frozenset(
    "nvd nvd-1.1 cve-5 cve-4 csaf cvrf-json euvd msrc misp red-hat ubuntu-cve".split()
)
_NESTED_NAMES = frozenset(
    "cve vulnStatus descriptions cveMetadata CVE_data_meta document cvrfdoc enisaIdProduct"
    " Event threat_severity bugzilla_description packages cveNumber".split()
)
# First names of documents that are one record, though they hold lists.
WHOLE_NAMES = frozenset(
    "document cveMetadata CVE_data_meta ghsa_id ghsaId cvrfdoc text body organizers".split()
)


# In place of a structure's name: every object is taken as it is, whatever it holds.
OBJECTS = "objects"


def wanted_structure(format_name: str | None) -> str | None:
    """The structure that --format names; None where it names none, or a shape."""
    return format_name if format_name in NAMES or format_name == OBJECTS else None


def structure_of(value: Any) -> Structure | None:
    """The structure of an object, or None."""
    if not isinstance(value, dict):
        return None
    return next((structure for structure in STRUCTURES if structure.fits(value)), None)


def record_of(value: Any, key: str = "", wanted: str | None = None) -> Record:
    """The record of a piece; `wanted` is the structure that --format names.

    Raises UnreadablePiece when it holds no text.
    """
    if not isinstance(value, dict):
        raise UnreadablePiece("not a JSON object")
    if wanted == OBJECTS or (isinstance(value.get("text"), str) and wanted is None):
        return value  # a record already
    structure = structure_of(value)
    if wanted is not None and (structure is None or structure.name != wanted):
        raise UnreadablePiece(f"no {wanted} record: {fields_of(value)}")
    entry = structure.read(value) if structure else plain_entry(value, key)
    if structure and not entry.text and not entry.title:  # what was flattened has names of its own
        plain = plain_entry(value, key)
        entry = replace(entry, text=plain.text, title=plain.title)
    if not entry.text and not entry.title and not entry.status:
        raise UnreadablePiece(f"no text in it: {fields_of(value)}")
    return entry.record(value)


def plain_entry(value: Record, key: str = "") -> Entry:
    """An object of no known structure, by the names of its fields."""
    keyed = {"id": key, **value} if key else value
    own, title = identify(keyed), title_of(value)
    affected = versions_of_product(value) if own.kind == VULNERABILITY else []
    return Entry(
        text="\n\n".join(body for body in raw_bodies(value) if body != title),
        title=title,
        kind=own.kind,
        id=own.id or key,
        source=own.source,
        links=links_of([own.url]),
        licence=first_text(value, "license", "licence"),
        affected=tuple(affected),
        language=short_language(first_text(value, "language", "lang")),
    )


def fields_of(value: Record) -> str:
    """What a message says of an object's fields."""
    names = [printable(str(name))[:40] for name in list(value)[:_MOST_FIELDS]]
    more = f" and {len(value) - len(names)} more" if len(value) > len(names) else ""
    return f"its fields are {', '.join(names)}{more}" if names else "it has no fields"


def all_found(item: Item, wanted: str | None = None) -> Iterator[Found]:
    """An item's records: one, but for an advisory whose vulnerabilities are records too, and what a
    scanner has found in one place."""
    if wanted is None and scans.is_result(item.value):
        for index, flaw in enumerate(scans.flaws_of(item.value)):
            yield found_in(Item(f"{item.place}.{scans.FLAWS}[{index}]", flaw))
        return
    parts = _parts(item.value, wanted)
    if not parts:
        yield found_in(item, wanted)
    for part in parts:
        if part.entry.text or part.entry.title:
            place = ".".join(step for step in (item.place, part.place) if step)
            yield Found(place, part.entry.record(part.original))


def _parts(value: Any, wanted: str | None) -> list[SubEntry]:
    field = next((name for name in _SEVERAL if name in value), "") if type(value) is dict else ""
    if not field or isinstance(value.get("text"), str):
        return []
    name, parts = _SEVERAL[field]
    found = structure_of(value)
    return parts(value) if found and found.name == name and wanted in (None, name) else []


def found_in(item: Item, wanted: str | None = None, flat: bool = False) -> Found:
    """The record of an item, or the problem that there is none.

    `flat`: a record of its own that has a text field stays as it is (JSON lines).
    """
    if item.problem is not None:
        return Found(item.place, problem=item.problem, number=item.number)
    value = item.value
    try:
        as_it_is = flat and wanted is None and _stays(value)
        record = value if as_it_is else record_of(value, item.key, wanted)
    except UnreadablePiece as error:
        return Found(item.place, problem=error.problem, number=item.number)
    return Found(item.place, record, number=item.number)


def _stays(value: Any) -> bool:
    """Whether a line's object is passed on untouched: unless it is nested in a known way."""
    if not isinstance(value, dict):
        return False
    if _NESTED_NAMES.isdisjoint(value):
        return True
    structure = structure_of(value)
    return structure is None or structure.name not in NESTED
