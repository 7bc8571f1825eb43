"""Whether a record has the form of an entry of a security feed, whatever its text says.

Knows ids, kinds that readers state, and the types of STIX; never reads prose.  Invariant: a form
is evidence that a text belongs, and no more: anybody can give a record an id.
"""

from __future__ import annotations

import re

from stages.base import Record
from stages.text import kinds
from stages.text.kinds import Identity, identify, is_read
from stages.text.own_ids import is_its_own
from stages.text.public_ids import ADVISORY_ID, CATALOGUE_ID, is_public_id
from stages.text.record_text import as_scalar, plain_fields

_BY_ID = frozenset({kinds.VULNERABILITY, kinds.WEAKNESS, kinds.TECHNIQUE, kinds.PATTERN})
_BY_READER = _BY_ID | {
    *(kinds.ADVISORY, kinds.MALWARE, kinds.TOOL, kinds.GROUP, kinds.CAMPAIGN),
    *(kinds.MITIGATION, kinds.DETECTION, kinds.INDICATOR),
}
_STIX_TYPES = frozenset(
    "malware tool intrusion-set threat-actor campaign course-of-action attack-pattern indicator"
    " vulnerability malware-analysis infrastructure x-mitre-analytic x-mitre-detection-strategy"
    " x-mitre-data-component x-mitre-data-source x-mitre-tactic".split()
)
_STIX_ID = re.compile(r"([a-z][a-z0-9-]*)--[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_ATTRIBUTES = frozenset({"@ID", "@Name"})  # of an entry in the XML of CWE and CAPEC


def is_entry(record: Record) -> bool:
    """Whether it is an entry of CVE, CWE, CAPEC, ATT&CK, STIX or of a vendor's advisories."""
    if is_read(record) and record["kind"] != kinds.OTHER:
        return record["kind"] in _BY_READER
    identity = identify(record)
    is_advisory = ADVISORY_ID.fullmatch(identity.id) is not None
    return (
        identity.kind in _BY_ID or is_advisory or _is_stix(record) or _is_titled(record, identity)
    )


def has_catalogue_form(record: Record) -> bool:
    """Whether its id or its attributes are those of a catalogue's entries, or look like them."""
    plain = plain_fields(record)
    ids = (as_scalar(plain.get(name)) for name in ("id", "attackid", "externalid", "mitreid"))
    return any(map(CATALOGUE_ID.fullmatch, ids)) or record.keys() >= _ATTRIBUTES


def _is_titled(record: Record, identity: Identity) -> bool:
    """Whether its title is an entry's id and no more, and it is no ticket on that entry."""
    if not is_public_id(identity.name):
        return False
    plain = plain_fields(record)
    return not is_its_own(
        plain,
        lambda *names: [text for name in names if (text := as_scalar(plain.get(name)))],
        is_public_id,
    )


def _is_stix(record: Record) -> bool:
    """Whether its id is a STIX object's, of a type that tells of threats or defences."""
    ids = (as_scalar(record.get(name)) for name in ("id", "stix_id"))
    found = (match for own in ids if (match := _STIX_ID.fullmatch(own)))
    return any(match[1] in _STIX_TYPES for match in found)
