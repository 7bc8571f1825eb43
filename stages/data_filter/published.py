"""Whether an advisory is out, and whether another entry has taken its place.

Knows the states of CSAF's documents and of GitHub's advisories, and the fields that name what
replaced an entry.  Invariant: a field counts only where it has no other meaning; what a product or
an update was replaced by replaces no entry.
"""

from __future__ import annotations

from typing import Any

from stages.base import Record, Removed
from stages.text.public_ids import is_public_id

# What a repository's advisory may be instead of published; a withdrawn one says so in words, too.
_OF_GITHUB = {"draft": "draft", "triage": "draft", "closed": "rejected"}
_ITS_FORM = frozenset({"vulnerabilities", "publisher", "submission"})  # a ticket is closed, too
_REPLACED = frozenset(
    "supersededby replacedby obsoletedby mergedinto mergedwith duplicateof".split()
)


def not_published(record: Record) -> Removed | None:
    """Why an advisory is not out, as its publisher's own form says it; None for any other."""
    for one in (record, record.get("original")):
        if not isinstance(one, dict):
            continue
        document = one.get("document")
        tracking = document.get("tracking") if isinstance(document, dict) else None
        if isinstance(tracking, dict) and _word(tracking.get("status")) == "draft":
            return Removed("draft", field="document.tracking.status")
        of_github = isinstance(one.get("ghsa_id") or one.get("ghsaId"), str)
        said = _word(one.get("state"))
        if said == "closed" and not one.keys() & _ITS_FORM:
            continue
        if of_github and (state := _OF_GITHUB.get(said)):
            return Removed(state, field="state")
    return None


def is_replaced(name: str, value: Any) -> bool:
    """Whether a field of an entry names the entry that took its place; `name` is a plain one."""
    ids = value if isinstance(value, list) else [value]
    named = [one for one in ids if isinstance(one, str) and is_public_id(one.strip())]
    return name in _REPLACED and bool(named)


def _word(value: Any) -> str:
    return value.strip().lower() if isinstance(value, str) else ""
