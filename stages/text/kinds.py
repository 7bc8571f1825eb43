"""What a record is (vulnerability, weakness, attack technique...) and what it calls itself.

Reads ids and the names of fields only, never prose: an article that mentions a CVE is not a
vulnerability.  Invariant: any JSON object gets an `Identity`; nothing raises.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from stages.base import Record
from stages.text.own_ids import CITING, is_its_own
from stages.text.public_ids import (
    ADVISORY_ID,
    ARXIV_ID,
    CAPEC_ID,
    CVE_ID,
    CWE_ID,
    DOI,
    OTHER_VULNERABILITY_ID,
    TECHNIQUE_ID,
    is_of_a_feed,
)
from stages.text.record_text import as_scalar, plain_key, title_of
from stages.text.text_fields import WRAPPER_KEYS

VULNERABILITY = "vulnerability"
WEAKNESS = "weakness"
TECHNIQUE = "attack_technique"
PATTERN = "attack_pattern"
ADVISORY = "advisory"
PAPER = "research_paper"
CTF = "ctf_event"
INCIDENT = "incident"
OTHER = "other"
# Kinds that readers state and no question is written for yet: identify() calls them OTHER.
MALWARE = "malware"
TOOL = "tool"
GROUP = "threat_group"
CAMPAIGN = "campaign"
MITIGATION = "mitigation"
DETECTION = "detection"
INDICATOR = "indicator"
REPORT = "threat_report"
KINDS = (VULNERABILITY, WEAKNESS, TECHNIQUE, PATTERN, ADVISORY, PAPER, CTF, INCIDENT, OTHER)

MOST_WRAPPERS = 64  # objects looked into for ids

ID_KEYS = (
    "cveid cvenumber ghsaid techniqueid attackid externalid capecid advisoryid incidentid arxivid"
    " doi id cve cweid stixid ctfid vulnerabilityid guid uuid"
).split()
SOURCE_KEYS = "source publisher provider feed origin sourceidentifier assignershortname".split()
URL_KEYS = "url link ctftimeurl htmlurl primaryurl".split()

ATTACK_FIELDS = {"tactics", "killchainphases", "issubtechnique", "xmitreplatforms"}
CTF_FIELDS = {"weight", "format", "onsite", "restrictions", "participants", "organizers"}
ACTOR_FIELDS = {"actor", "actors", "threatactor", "threatactors", "attacker"}
EVENT_FIELDS = {
    "victim", "victims", "target", "targets", "date", "incidentdate", "timeline",
    "asset", "assets", "action", "attackvector", "recordsaffected", "discovered",
}  # fmt: skip


@dataclass(frozen=True)
class Identity:
    """What a record is and what it calls itself; empty strings where it doesn't say."""

    kind: str
    id: str
    name: str
    source: str
    url: str


@dataclass(frozen=True)
class _Fields:
    """All fields of a record and of the objects that merely wrap it, by plain name."""

    values: dict[str, list[Any]]

    def has(self, *names: str) -> bool:
        return any(name in self.values for name in names)

    def count(self, names: set[str]) -> int:
        return sum(name in self.values for name in names)

    def texts(self, *names: str) -> list[str]:
        found = (as_scalar(value) for name in names for value in self.values.get(name, ()))
        return [text for text in found if text]

    def matching(self, pattern: re.Pattern[str], *names: str) -> str:
        return next((t for t in self.texts(*(names or ID_KEYS)) if pattern.fullmatch(t)), "")


def identify(record: Record) -> Identity:
    """Kind, id, name, source and address of a record."""
    if is_read(record):
        return _as_read(record)
    fields = _fields(record)
    kind, own_id = next(
        ((kind, own) for kind, test in _TESTS if (own := test(fields)) is not None),
        (OTHER, ""),
    )
    return Identity(
        kind=kind,
        id=own_id or next(iter(fields.texts(*ID_KEYS)), ""),
        name=title_of(record),
        source=_source(fields),
        url=next(iter(fields.texts(*URL_KEYS)), ""),
    )


def is_read(record: Record) -> bool:
    """Whether a reader of stages/sources made the record, and so says what it is."""
    return "original" in record and isinstance(record.get("kind"), str)


def _as_read(record: Record) -> Identity:
    kind = record["kind"]
    return Identity(
        kind=kind if kind in KINDS else OTHER,
        id=as_scalar(record.get("id")),
        name=as_scalar(record.get("title")),
        source=as_scalar(record.get("source")),
        url=as_scalar(record.get("link")),
    )


def _source(fields: _Fields) -> str:
    """The journal of a paper, which Crossref gives as a list, or who has published a record."""
    journals = (one for one in fields.values.get("containertitle", ()) if isinstance(one, list))
    named = [text for one in journals for text in map(as_scalar, one[:1])]
    return next(filter(None, (*named, *fields.texts("containertitle", *SOURCE_KEYS))), "")


def _fields(record: Record) -> _Fields:
    values: dict[str, list[Any]] = {}
    waiting = deque([record])
    for _ in range(MOST_WRAPPERS):
        if not waiting:
            break
        for key, value in waiting.popleft().items():
            name = plain_key(key)
            values.setdefault(name, []).append(value)
            if name in WRAPPER_KEYS and isinstance(value, dict):
                waiting.append(value)
    _add_external_ids(values)
    found = _Fields(values)
    if is_its_own(values, found.texts, is_of_a_feed) or _incident(found) is not None:
        return _Fields(
            {name: value for name, value in values.items() if not _is_cited(name, value)}
        )
    return found


def _is_cited(name: str, value: list[Any]) -> bool:
    """Whether a field names an entry, and does not hold it."""
    return name in CITING and not any(isinstance(one, dict) for one in value)


def _add_external_ids(values: dict[str, list[Any]]) -> None:
    """STIX keeps the public id in a list of references, beside citations that have none."""
    for references in values.get("externalreferences", []):
        for reference in references[:MOST_WRAPPERS] if isinstance(references, list) else ():
            if isinstance(reference, dict) and "external_id" in reference:
                if reference.get("source_name") in ("mitre-attack", "capec", "cve", "cwe"):
                    values.setdefault("externalid", []).append(reference["external_id"])


# Each test gives the record's own id (perhaps empty) when the record is of its kind, else None.
_Test = Callable[[_Fields], str | None]


def _stix_type(fields: _Fields) -> str:
    types = fields.texts("type")
    return types[0].lower() if types else ""


def _by_own_advisory_id(fields: _Fields) -> str | None:
    return fields.matching(ADVISORY_ID, "id", "advisoryid") or None


def _vulnerability(fields: _Fields) -> str | None:
    found = fields.matching(CVE_ID) or fields.matching(OTHER_VULNERABILITY_ID)
    if found:
        return found
    aliases = [a for value in fields.values.get("aliases", []) if isinstance(value, list)
               for a in value if isinstance(a, str) and CVE_ID.fullmatch(a)]  # fmt: skip
    if aliases:
        return aliases[0]
    if named := fields.matching(CVE_ID, "name"):  # Red Hat's
        return named
    has_entry = any(isinstance(value, dict) and value for value in fields.values.get("cve", []))
    return "" if has_entry or fields.has("cvemetadata") else None


def _weakness(fields: _Fields) -> str | None:
    if found := fields.matching(CWE_ID, "id", "cweid", "externalid"):
        return found
    number = next((t for t in fields.texts("cweid") if t.isdecimal()), "")
    if number:
        return f"CWE-{number}"
    if number := _number_of(fields, _OF_WEAKNESSES):
        return f"CWE-{number}"
    return "" if fields.has("weaknessabstraction") else None


# What CWE and CAPEC call the levels of their entries; no level is one of both.
_OF_WEAKNESSES = frozenset({"pillar", "class", "base", "variant", "compound"})
_OF_PATTERNS = frozenset({"meta", "standard", "detailed"})


def _number_of(fields: _Fields, levels: frozenset[str]) -> str:
    """The number of an entry of one of these levels, as tables and XML have it."""
    if not levels & {level.lower() for level in fields.texts("abstraction")}:
        return ""
    return next((own for own in fields.texts("id") if own.isdecimal()), "")


def _technique(fields: _Fields) -> str | None:
    if found := fields.matching(TECHNIQUE_ID, "techniqueid", "attackid"):
        return found
    found = fields.matching(TECHNIQUE_ID, "externalid", "id")
    ids = fields.texts("id", "stixid")
    is_stix = any(own.startswith("attack-pattern--") for own in ids)
    return found if found and (is_stix or fields.count(ATTACK_FIELDS)) else None


def _pattern(fields: _Fields) -> str | None:
    if found := fields.matching(CAPEC_ID):
        return found
    number = next((t for t in fields.texts("capecid") if t.isdecimal()), "")
    if number:
        return f"CAPEC-{number}"
    if number := _number_of(fields, _OF_PATTERNS):
        return f"CAPEC-{number}"
    return "" if _stix_type(fields) == "attack-pattern" else None


def _advisory(fields: _Fields) -> str | None:
    if fields.has("advisoryid", "csafversion") or _stix_type(fields) == "advisory":
        return next(iter(fields.texts("advisoryid")), "")
    return None


def _paper(fields: _Fields) -> str | None:
    found = fields.matching(ARXIV_ID, "arxivid", "arxiv") or fields.matching(DOI, "doi")
    if found:
        return found
    return "" if fields.has("abstract") and fields.has("authors", "author") else None


def _ctf(fields: _Fields) -> str | None:
    if fields.has("ctfid", "ctftimeurl") or fields.count(CTF_FIELDS) >= 3:
        return next(iter(fields.texts("ctfid", "id")), "")
    return None


def _incident(fields: _Fields) -> str | None:
    told = fields.count(ACTOR_FIELDS) and fields.count(EVENT_FIELDS)
    if fields.has("incidentid") or _stix_type(fields) == "incident" or told:
        return next(iter(fields.texts("incidentid", "id")), "")
    return None


# The record's own id decides before ids that it may only cite: an advisory lists CVEs,
# a vulnerability names its weakness.
_TESTS: tuple[tuple[str, _Test], ...] = (
    (ADVISORY, _by_own_advisory_id),
    (VULNERABILITY, _vulnerability),
    (TECHNIQUE, _technique),
    (PATTERN, _pattern),
    (ADVISORY, _advisory),
    (PAPER, _paper),
    (CTF, _ctf),
    (INCIDENT, _incident),
    (WEAKNESS, _weakness),
)


def is_pair(record: Record) -> bool:
    """Whether a record has both an instruction and a response."""
    texts = [record.get("instruction"), record.get("response")]
    return all(isinstance(text, str) and text.strip() for text in texts)
