"""STIX 2.x objects, ATT&CK's above all: techniques, software, groups, mitigations, detections.

Reads one object; what relationships add is joined by stix_bundle.  Invariant: objects that are
no texts (relationships, marking definitions, identities ...) are told apart by their type.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stages.sources.entry import DEPRECATED, REVOKED, Entry
from stages.sources.structures.reading import (
    first_text,
    links_of,
    objects_at,
    paragraphs,
    short_language,
    strings_at,
    text_at,
)
from stages.text import kinds

_ID = re.compile(r"[a-z0-9-]+--[0-9A-Za-z-]+")
NO_TEXTS = frozenset(
    "relationship marking-definition identity sighting observed-data extension-definition"
    " language-content bundle location opinion grouping x-mitre-matrix x-mitre-collection"
    " x-mitre-analytic file ipv4-addr ipv6-addr domain-name url email-addr email-message artifact"
    " process mutex software network-traffic windows-registry-key x509-certificate directory"
    " autonomous-system mac-addr user-account".split()
)
KINDS = {
    "malware": kinds.MALWARE,
    "tool": kinds.TOOL,
    "intrusion-set": kinds.GROUP,
    "threat-actor": kinds.GROUP,
    "campaign": kinds.CAMPAIGN,
    "course-of-action": kinds.MITIGATION,
    "x-mitre-detection-strategy": kinds.DETECTION,
    "x-mitre-data-component": kinds.DETECTION,
    "x-mitre-data-source": kinds.DETECTION,
    "vulnerability": kinds.VULNERABILITY,
    "indicator": kinds.INDICATOR,
    "incident": kinds.INCIDENT,
    "report": kinds.REPORT,
}
_SOURCES = {
    "mitre-attack": "MITRE ATT&CK",
    "mitre-mobile-attack": "MITRE ATT&CK",
    "mitre-ics-attack": "MITRE ATT&CK",
    "mitre-pre-attack": "MITRE ATT&CK",
    "capec": "CAPEC",
    "cve": "CVE",
}
_SOFTWARE, _GROUP = r"S\d{4}", r"G\d{4}"
# The ids that an object of each type may have; any other that it refers to is of another object.
_OWN_IDS = {
    "attack-pattern": re.compile(r"(?:PRE-|MOB-)?T\d{4}(?:\.\d{3})?|CAPEC-\d+"),
    "malware": re.compile(_SOFTWARE),
    "tool": re.compile(_SOFTWARE),
    "intrusion-set": re.compile(_GROUP),
    "threat-actor": re.compile(_GROUP),
    "campaign": re.compile(r"C\d{4}"),
    "course-of-action": re.compile(r"M\d{4}"),
    "vulnerability": re.compile(r"CVE-\d{4}-\d{4,}", re.IGNORECASE),
}
_OF_MITRE = re.compile(r"[A-Z]{1,3}\d{4}")  # of types that only ATT&CK has: TA0001, DS0009 ...
_TEXTS = ("name", "description", "abstract", "content")
_CITATION = re.compile(r"\s?\(Citation: [^()]*(?:\([^()]*\)[^()]*)*\)")


@dataclass(frozen=True)
class Joined:
    """What other objects of a bundle say of one."""

    mitigations: tuple[str, ...] = ()
    detections: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    revoked_by: str = ""
    licence: str = ""
    author: str = ""
    analytics: tuple[str, ...] = ()


ALONE = Joined()


def is_stix(value: Mapping[str, Any]) -> bool:
    """Whether an object has the type and the id that STIX gives every object."""
    own_id, own_type = value.get("id"), value.get("type")
    if not isinstance(own_id, str) or not isinstance(own_type, str):
        return False
    return own_id.startswith(f"{own_type}--") and _ID.fullmatch(own_id) is not None


def is_object(value: Mapping[str, Any]) -> bool:
    """Whether it is an object that stands for itself, not a bundle of others."""
    return is_stix(value) and value.get("type") != "bundle"


def has_text(value: Mapping[str, Any]) -> bool:
    """Whether an object is a text: not a relationship, a part of another one, or a bare pattern."""
    told = any(text_at(value, name) for name in _TEXTS)
    return value.get("type") not in NO_TEXTS and (told or status_of(value) != "")


def read_stix(value: dict[str, Any], joined: Joined = ALONE) -> Entry:
    own_type = value["type"]
    source, own_id = public_id(value)
    kind = _kind(own_type, source)
    return Entry(
        text=paragraphs(without_citations(_prose(value)), *joined.analytics),
        title=first_text(value, "name", "abstract"),
        kind=kind,
        id=own_id or value["id"],
        source=source or joined.author or "STIX",
        links=links_of(value.get("external_references")),
        licence=joined.licence,
        language=short_language(text_at(value, "lang")) or ("en" if source else ""),
        mitigations=joined.mitigations,
        detections=(*_own_detection(value), *joined.detections),
        aliases=_aliases(value),
        status=status_of(value),
        published=text_at(value, "created"),
        modified=text_at(value, "modified"),
        more=_more(value, joined),
    )


def _prose(value: Mapping[str, Any]) -> str:
    """The description; of a note, its content."""
    return text_at(value, "description") or text_at(value, "content")


def without_citations(text: str) -> str:
    """ATT&CK's prose without its "(Citation: ...)" marks."""
    return _CITATION.sub("", text).strip()


def public_id(value: Mapping[str, Any]) -> tuple[str, str]:
    """The publisher and the id that people know an object by, from its references.

    An indicator that refers to a technique or a CVE is neither: the id has to be of the type.
    """
    own_type = text_at(value, "type")
    own = _OF_MITRE if own_type.startswith("x-mitre-") else _OWN_IDS.get(own_type)
    for reference in objects_at(value, "external_references") if own else ():
        name, own_id = text_at(reference, "source_name"), text_at(reference, "external_id")
        if name in _SOURCES and own and own.fullmatch(own_id):
            return _SOURCES[name], own_id
    return "", ""


def _kind(own_type: str, source: str) -> str:
    if own_type == "attack-pattern":
        return kinds.PATTERN if source == "CAPEC" else kinds.TECHNIQUE
    return KINDS.get(own_type, kinds.OTHER)


def status_of(value: Mapping[str, Any]) -> str:
    if value.get("revoked") is True:
        return REVOKED
    return DEPRECATED if value.get("x_mitre_deprecated") is True else ""


def _own_detection(value: Mapping[str, Any]) -> tuple[str, ...]:
    text = without_citations(text_at(value, "x_mitre_detection"))
    return (text,) if text else ()


def _aliases(value: Mapping[str, Any]) -> tuple[str, ...]:
    names = (*strings_at(value, "aliases"), *strings_at(value, "x_mitre_aliases"))
    return tuple(name for name in names if name != value.get("name"))


def _more(value: Mapping[str, Any], joined: Joined) -> dict[str, Any]:
    phases = [text_at(phase, "phase_name") for phase in objects_at(value, "kill_chain_phases")]
    return {
        "platforms": list(strings_at(value, "x_mitre_platforms")),
        "tactics": [phase for phase in phases if phase],
        "pattern": text_at(value, "pattern"),
        "uses": list(joined.uses),
        "revoked_by": joined.revoked_by,
        "stix_id": value["id"],
    }
