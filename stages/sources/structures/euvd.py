"""Entries of ENISA's European Vulnerability Database.

Invariant: products are named with their ranges in words, as its interface writes them in signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from stages.sources.cvss import Cvss, from_vector
from stages.sources.entry import Entry
from stages.sources.structures.nvd import status_of
from stages.sources.structures.reading import links_of, objects_at, text_at
from stages.text.kinds import VULNERABILITY

_PAGE = "https://euvd.enisa.europa.eu/vulnerability/"
_ID = re.compile(r"EUVD-\d{4}-\d+", re.IGNORECASE)
_RANGE = re.compile(r"(?:(\S+) )?([<≤]=?) ?(\S.*)")
_NO_VERSION = frozenset({"", "n/a", "unspecified", "unknown", "all", "*", "-", "0"})


def is_euvd(value: dict[str, Any]) -> bool:
    """An entry of the interface: by its id, or by the lists that only its entries have."""
    own_id = value.get("id")
    named = isinstance(own_id, str) and _ID.fullmatch(own_id) is not None
    return named and ("assigner" in value or any(name.startswith("enisaId") for name in value))


def read_euvd(value: dict[str, Any]) -> Entry:
    own_id, text = text_at(value, "id").upper(), text_at(value, "description")
    return Entry(
        text=text,
        kind=VULNERABILITY,
        id=own_id,
        source="EUVD",
        links=(_PAGE + own_id, *links_of(text_at(value, "references").split())),
        language="en",
        cvss=_rating(value),
        affected=tuple(_products(value)),
        aliases=tuple(text_at(value, "aliases").split()),
        status=status_of("", text),
        published=text_at(value, "datePublished"),
        modified=text_at(value, "dateUpdated"),
    )


def _rating(value: dict[str, Any]) -> Cvss | None:
    """Of the one who assigned the id; a score below 0 or of 0 says that nobody has rated it."""
    vector, version = text_at(value, "baseScoreVector"), text_at(value, "baseScoreVersion")
    source, score = text_at(value, "assigner"), value.get("baseScore")
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0 < score <= 10:
        return from_vector(vector, source)
    computed = from_vector(vector)
    alike = computed is not None and computed.score == float(score)
    severity = computed.severity if computed and alike else ""
    return Cvss(version, float(score), severity, vector, source)


def _products(value: dict[str, Any]) -> Iterator[str]:
    """Products, with their vendor where there is one for all, and their versions."""
    vendors = {text_at(one, "vendor", "name") for one in objects_at(value, "enisaIdVendor")}
    vendor = next(iter(vendors)) if len(vendors) == 1 else ""
    for item in objects_at(value, "enisaIdProduct"):
        if name := text_at(item, "product", "name"):
            new = vendor.lower() not in ("n/a", "unknown", "") and (
                not name.lower().startswith(vendor.lower())
            )
            named = f"{vendor} {name}" if new else name
            yield f"{named} {_versions(text_at(item, 'product_version'))}".strip()


def _versions(stated: str) -> str:
    """ "from 1.0 before 1.5" of "1.0 <1.5", and a version alone as it is."""
    if stated.lower() in _NO_VERSION:
        return ""
    match = _RANGE.fullmatch(stated)
    if match is None:
        return stated
    first, sign, last = match.groups()
    begin = f"from {first} " if first and first.lower() not in _NO_VERSION else ""
    if last.strip() in _NO_VERSION:
        return begin.strip()
    return f"{begin}{'before' if sign == '<' else 'through'} {last.strip()}"
