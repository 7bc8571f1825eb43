"""Whether an advisory is out, and whether another entry has taken its place.

Knows the states of CSAF's documents and of GitHub's advisories, the fields by which any vendor
takes an advisory back, and those that name what replaced an entry.  Invariant: a field counts only
where it has no other meaning; what a product or an update was replaced by replaces no entry.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from stages.base import Record, Removed
from stages.text.own_ids import WORKED_ON
from stages.text.public_ids import is_public_id
from stages.text.record_text import plain_fields, plain_key

# What a repository's advisory may be instead of published; a withdrawn one says so in words, too.
_OF_GITHUB = {"draft": "draft", "triage": "draft", "closed": "rejected"}
_ITS_FORM = frozenset({"vulnerabilities", "publisher", "submission"})  # a ticket is closed, too
_REPLACED = frozenset(
    "supersededby replacedby obsoletedby mergedinto mergedwith duplicateof".split()
)
_TAKEN_BACK = re.compile(
    r"(?:is|date)?(?:withdrawn|retracted)(?:at|on|date)?|(?:withdrawal|retraction)date"
)
_SET = re.compile(r"true|yes|\d{4}-\d{2}-\d{2}(?:[t ].*)?")
_KINDS = ("type", "kind", "category", "documenttype", "recordtype")
_ADVISORY = re.compile(r"(?:\w+[ _-]?){0,2}(?:advisory|bulletin)")
_OTHER = r"tickets?|incidents?|cases?|reports?|requests?|tasks?|alerts?|findings?|changes?|audits?"
# "Incident", "Incident report: the gate", "Ticket 12", and no "Incidents of guests can be read".
_TITLED = re.compile(r"(?:\w+ )?(?:incident|ticket|case)(?: report)?(?:$|:| - | ?#?\d)")
_IDS = ("id", "advisoryid", "bulletinid", "advisory", "bulletin", "number")
# As vendors number their advisories: "ACME-2031-14".
_ADVISORY_ID = re.compile(
    rf"(?!(?:{_OTHER}|inc|s?ir|tkt|req|chg|prb|ops|soc|help|rep|rpt|aud|find|evt|risk)[-_])"
    r"[a-z][a-z0-9]{1,11}(?:-[a-z]{1,8}){0,2}-(?:19|20)\d\d[-:]\d{1,6}"
)


def not_published(record: Record) -> Removed | None:
    """Why an advisory is not out, as its publisher's own form says it; None for any other."""
    for one in (record, record.get("original")):
        if not isinstance(one, dict):
            continue
        if field := _taken_back(one):
            return Removed("withdrawn", field=field)
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


def _taken_back(record: Mapping[str, Any]) -> str:
    """The field by which an advisory of any vendor is withdrawn; empty where there is none, and of
    a ticket or a report, which may tell of a demand or a certificate."""
    fields = (key for key, value in record.items() if _is_set(value))
    found = next((key for key in fields if _TAKEN_BACK.fullmatch(plain_key(key))), "")
    return found if found and _is_advisory(plain_fields(record)) else ""


def _is_set(value: Any) -> bool:
    return value is True or _SET.fullmatch(_word(value)) is not None


def _is_advisory(plain: Mapping[str, Any]) -> bool:
    kinds = [word for name in _KINDS if (word := _word(plain.get(name)))]
    other = any(re.search(rf"\b(?:{_OTHER})\b", one) for one in kinds)
    if other or plain.keys() & WORKED_ON:
        return False
    titled = any(_TITLED.match(_word(plain.get(name))) for name in ("title", "name"))
    numbered = any(_ADVISORY_ID.fullmatch(_word(plain.get(name))) for name in _IDS)
    return (numbered and not titled) or any(map(_ADVISORY.fullmatch, kinds))


def is_replaced(name: str, value: Any, own_id: str = "") -> bool:
    """Whether a field of an entry names the other one that took its place; `name` is a plain
    one."""
    ids = value if isinstance(value, list) else [value]
    others = (one.strip() for one in ids if isinstance(one, str))
    named = [one for one in others if is_public_id(one) and one.upper() != own_id.upper()]
    return name in _REPLACED and bool(named)


def _word(value: Any) -> str:
    return value.strip().lower() if isinstance(value, str) else ""
