"""Two records of one thing as one: what the first lacks, the second adds.

Knows the fields that readers give (docs/formats.md).  Invariant: nothing that the first says is
changed or lost, but for its source and licence, to which the other's are added, and its CVSS
rating, for which a newer one stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stages.base import Record
from stages.text.cvss_vectors import newest
from stages.text.kinds import OTHER, VULNERABILITY, identify, is_read
from stages.text.public_ids import (
    ADVISORY_ID,
    ARXIV_ID,
    CAPEC_ID,
    CVE_ID,
    CWE_ID,
    DOI,
    OTHER_VULNERABILITY_ID,
    TECHNIQUE_ID,
)
from stages.text.ratings import rating_of
from stages.text.severity import severity_of

# Ids that name one thing wherever they stand.
_PUBLIC = (CVE_ID, OTHER_VULNERABILITY_ID, CWE_ID, CAPEC_ID, TECHNIQUE_ID, ADVISORY_ID, ARXIV_ID,
           DOI)  # fmt: skip
_NAMES = ("source", "licence")
_RATED = ("cvss", "severity")
_OWN = frozenset({"text", "kind", "id", "aliases", "original", *_RATED, *_NAMES})


def name_of(record: Record) -> str:
    """What a record is about, by kind and public id; empty for one that has none of them.

    A rejected or reserved entry is another thing than the published one of its id.  A database's
    own entry for one CVE is about that CVE; one for several is a thing of its own.
    """
    own = identify(record)
    own_id = _one_cve(record) if own.kind == VULNERABILITY and is_read(record) else ""
    own_id = (own_id or own.id).upper()
    if own.kind == OTHER or not any(pattern.fullmatch(own_id) for pattern in _PUBLIC):
        return ""
    status = record.get("status") if is_read(record) else None
    return f"{own.kind}\0{own_id}\0{status or ''}"


def _one_cve(record: Record) -> str:
    """The CVE that the record's id and aliases name, if it is one only."""
    named = {str(name).upper() for name in (record.get("id"), *_list(record.get("aliases")))}
    cves = [name for name in named if CVE_ID.fullmatch(name)]
    return cves[0] if len(cves) == 1 else ""


def may_join(record: Record) -> bool:
    """Whether a record is joined with others of its name: a reader made it, so that its fields
    mean what they are called.  A JSON line of somebody's own stays exactly as it is."""
    return is_read(record) and isinstance(record.get("text"), str)


def join(first: Record, other: Record, alike: bool) -> Record:
    """The first record with what the other adds.

    Parameters
        alike: whether the other's text says the same; if not, it follows the first's.
    """
    rated = _rated(first, other)
    joined = {name: value for name, value in first.items() if name not in _RATED or name in rated}
    for name, value in other.items():
        if name not in _OWN:
            joined[name] = _together(first.get(name), value)
    joined |= rated
    if also := [name for name in _names(first, other) if name != first.get("id")]:
        joined["aliases"] = also
    for name in _NAMES:
        if names := _each_once(first.get(name), other.get(name)):
            joined[name] = ", ".join(names)
    text = other.get("text")
    if not alike and isinstance(text, str) and text not in first["text"]:
        joined["text"] = f"{first['text']}\n\n{text}"
    return joined


def _rated(*records: Record) -> Record:
    """The newest rating of all, and a severity: one that is stated in words, else the rating's."""
    best = newest([_Rated.of(one) for one in records])
    values = best.values if best else {}
    stated = (one.get("severity") for one in records if _states_severity(one))
    fields = {"cvss": values, "severity": next(stated, values.get("severity"))}
    return {name: value for name, value in fields.items() if value}


@dataclass(frozen=True)
class _Rated:
    """The `cvss` of a record, to be compared with another's."""

    version: str
    primary: bool
    values: dict[str, Any]

    @classmethod
    def of(cls, record: Record) -> _Rated | None:
        values = record.get("cvss")
        if not isinstance(values, dict) or not values:
            return None
        own = rating_of(_original(record))
        return cls(str(values.get("version", "")), own is not None and own.primary, values)


def _states_severity(record: Record) -> bool:
    """Whether the severity is the record's own word, not what its rating is called."""
    severity, cvss = record.get("severity"), record.get("cvss")
    if not severity or not isinstance(cvss, dict) or severity != cvss.get("severity"):
        return bool(severity)
    return bool(severity_of(_original(record)).stated)


def _original(record: Record) -> Record:
    original = record.get("original")
    return original if isinstance(original, dict) else {}


def _names(*records: Record) -> list[str]:
    """Ids and aliases of the records, each once."""
    return _each_once(*(n for one in records for n in (one.get("id"), *_list(one.get("aliases")))))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _together(mine: Any, theirs: Any) -> Any:
    if isinstance(mine, list) and isinstance(theirs, list):
        return mine + [one for one in theirs if one not in mine]
    return theirs if mine in (None, "", [], {}) else mine


def _each_once(*names: Any) -> list[str]:
    return list(dict.fromkeys(name for name in names if isinstance(name, str) and name))
