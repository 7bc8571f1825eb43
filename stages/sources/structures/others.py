"""OpenCVE's entries, CTFtime's events and OTX pulses.

Invariant: a pulse keeps its indicators in the original; they are no prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from stages.sources.cvss import Cvss, from_vector, newest
from stages.sources.entry import Entry
from stages.sources.structures.nvd import status_of
from stages.sources.structures.reading import (
    first_text,
    links_of,
    look_up,
    objects_at,
    strings,
    strings_at,
    text_at,
)
from stages.text.kinds import CTF, REPORT, VULNERABILITY

_CVE = re.compile(r"CVE-\d{4}-\d{4,}")
_OF_A_PULSE = frozenset(
    "indicators indicator_count pulse_source adversary tlp TLP author_name attack_ids"
    " targeted_countries malware_families".split()
)
_MOST_LISTED = 20  # indicators that a pulse's record names


def is_opencve(value: dict[str, Any]) -> bool:
    own_id = value.get("cve_id") or value.get("cve") or value.get("id")
    if not isinstance(own_id, str) or not _CVE.fullmatch(own_id):
        return False
    old = "cwes" in value or "raw_nvd_data" in value or isinstance(value.get("cvss"), dict)
    timed = "created_at" in value and "updated_at" in value
    told = "summary" in value or "description" in value
    return "opencve" in value or (
        told and (timed or "vendors" in value or (old and "summary" in value))
    )


def read_opencve(value: dict[str, Any]) -> Entry:
    text = first_text(value, "description", "summary")
    own_id = first_text(value, "cve_id", "cve", "id")
    return Entry(
        text=text,
        title=text_at(value, "title"),
        language="en",
        kind=VULNERABILITY,
        id=own_id,
        source="OpenCVE",
        links=(f"https://app.opencve.io/cve/{own_id}", *links_of(value.get("references"))),
        cvss=newest(_opencve_ratings(value)),
        cwes=(*strings_at(value, "weaknesses"), *strings_at(value, "cwes")),
        affected=tuple(_vendors(value)),
        status=status_of("", text),
        published=first_text(value, "created_at", "created"),
        modified=first_text(value, "updated_at", "updated"),
    )


def _opencve_ratings(value: dict[str, Any]) -> Iterator[Cvss | None]:
    metrics = value.get("metrics")
    for name, metric in metrics.items() if isinstance(metrics, dict) else ():
        if name.startswith("cvss"):
            provider = text_at(metric, "provider")
            yield _with_score(look_up(metric, "data"), name, provider)
    for name, version in (("v3", "3.1"), ("v2", "2.0")):
        score = look_up(value, "cvss", name)
        if isinstance(score, int | float) and not isinstance(score, bool):
            yield Cvss(version[0], float(score))


def _with_score(data: Any, name: str, provider: str) -> Cvss | None:
    """A rating of {score, vector}, under a name such as cvssV3_1."""
    score = look_up(data, "score")
    vector = text_at(data, "vector")
    version = name.removeprefix("cvssV").replace("_", ".")
    if not isinstance(score, int | float) or isinstance(score, bool):
        return from_vector(vector, provider)
    computed = from_vector(vector)
    severity = computed.severity if computed and computed.score == float(score) else ""
    return Cvss(version, float(score), severity, vector, provider, provider == "nvd")


def _vendors(value: dict[str, Any]) -> Iterator[str]:
    """Vendors and products: a mapping of lists in old entries, "vendor$PRODUCT$name" in new."""
    vendors = value.get("vendors")
    for vendor, products in vendors.items() if isinstance(vendors, dict) else ():
        yield from (f"{vendor} {product}" for product in strings(products))
    for name in strings(vendors):
        if "$PRODUCT$" in name:
            yield name.replace("$PRODUCT$", " ").replace("_", " ")


def is_ctftime(value: dict[str, Any]) -> bool:
    return isinstance(value.get("organizers"), list) and (
        "ctftime_url" in value or ("weight" in value and "format" in value)
    )


def read_ctftime(value: dict[str, Any]) -> Entry:
    own_id = value.get("ctf_id", value.get("id", ""))
    hosts = [text_at(one, "name") for one in objects_at(value, "organizers")]
    prizes = text_at(value, "prizes")
    return Entry(
        text="\n".join(part for part in (text_at(value, "description"), prizes) if part),
        title=text_at(value, "title"),
        kind=CTF,
        id=str(own_id) if isinstance(own_id, int | str) else "",
        source="CTFtime",
        links=links_of([value.get("ctftime_url"), value.get("url")]),
        published=text_at(value, "start"),
        more={
            "format": text_at(value, "format"),
            "start": text_at(value, "start"),
            "finish": text_at(value, "finish"),
            "organizers": [name for name in hosts if name],
            "restrictions": text_at(value, "restrictions"),
        },
    )


def is_pulse(value: dict[str, Any]) -> bool:
    """A pulse with its indicators, or without them as searches give it."""
    return isinstance(value.get("name"), str) and len(_OF_A_PULSE & value.keys()) > 1


def read_pulse(value: dict[str, Any]) -> Entry:
    own_id = text_at(value, "id")
    indicators = list(objects_at(value, "indicators"))
    attacks = [text_at(one, "id") for one in objects_at(value, "attack_ids")]
    families = [text_at(one, "display_name") for one in objects_at(value, "malware_families")]
    return Entry(
        text=text_at(value, "description"),
        title=text_at(value, "name"),
        kind=REPORT,
        id=own_id,
        source="AlienVault OTX",
        links=(
            f"https://otx.alienvault.com/pulse/{own_id}" if own_id else "",
            *links_of(value.get("references")),
        ),
        published=text_at(value, "created"),
        modified=text_at(value, "modified"),
        more={
            "adversary": text_at(value, "adversary"),
            "tags": list(strings(value.get("tags"))),
            "targeted_countries": list(strings(value.get("targeted_countries"))),
            "industries": list(strings(value.get("industries"))),
            "techniques": [name for name in (*strings_at(value, "attack_ids"), *attacks) if name],
            "malware": [n for n in (*strings_at(value, "malware_families"), *families) if n],
            "indicators": [
                f"{text_at(one, 'type')}: {text_at(one, 'indicator')}"
                for one in indicators[:_MOST_LISTED]
            ],
        },
    )
