"""What a document finds on the whole, in a word or two: "Opinion: Limited assurance", "Risk: High".

Knows the names of fields that hold such a verdict; reads no text.  Invariant: a line holds all that
its field says, and nothing that the text says already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stages.data_structurer.answers import ended
from stages.data_structurer.entries import short
from stages.data_structurer.heads import HEADS
from stages.data_structurer.own_fields import own_fields
from stages.data_structurer.reading import Reading
from stages.data_structurer.subjects import NAMED
from stages.text.cvss_words import as_score, several_scores
from stages.text.field_names import label_of
from stages.text.ratings import Rating, rating_of
from stages.text.record_text import plain_key
from stages.text.severity import UNKNOWN, WORDS, level_of

MOST_WORDS = 8  # of a verdict; more is a text, or a list
_RATINGS = re.compile(
    r"(?:overall|audit|auditors?|final|residual|inherent|business|finding|risk|incident)?"
    r"(?:opinion|rating|grade|(?:risk|severity|likelihood|exploitability|criticality)(?:level|rating)?)"
    r"|ease(?:ofexploitation)?|resolutioncode"
    r"|(?:analyst|analytic|assessment|attribution)?confidence(?:level)?"
)
_LEVELS = re.compile(r"risk|severity|likelihood|exploitability|criticality")
_LEVEL = re.compile(
    rf"\b(?:{'|'.join(filter(str.isascii, WORDS))}|(?:sev|p|s)[ -]?\d)\b", re.IGNORECASE
)
_IMPACTS = re.compile(r"(?:business)?impact(?:level|rating)?")
_SCORES = re.compile(r"cvss(?:v?\d+)?(?:base)?(?:score)?")
_STATES = re.compile(r"(?:current|finding|decision)?(?:status|state)(?:(?:at|after)\w+)?|retest\w*")
_DECIDED = re.compile(
    r"(?:(?:partly|partially|not|risk) )?(?:accepted|fixed|remediated|mitigated|rejected|withdrawn"
    r"|superseded|deprecated|closed|resolved|merged|reopened|won'?t ?fix)\b",
    re.IGNORECASE,
)
_REPLACED = re.compile(r"supersedes|supersededby|replaces|replacedby|amends")
_FLAWS = re.compile(r"cves?(?:ids?)?")
_CVES = re.compile(r"CVE-\d{4}-\d{4,}(?:, CVE-\d{4}-\d{4,})*")


def verdicts(reading: Reading, blocks: Sequence[str]) -> str:
    """A line for each verdict of a record told by its fields that neither its name nor a block of
    the answer has; empty for a feed's record, whose rating is asked for apart, and of malware."""
    if not reading.sections or reading.subject.kind in NAMED:
        return ""
    known = "\n".join([reading.subject.name, *blocks]).casefold()
    found = ((key, short(value)) for key, value in _fields(own_fields(reading.record)))
    rating = rating_of(reading.record)
    told = (
        (key, value)
        for key, value in found
        if _is_verdict(name := plain_key(key), value) and not _is_older(name, value, rating)
    )
    lines = [_line(key, value) for key, value in told if not _is_known(value, known)]
    return "\n".join(map(ended, dict.fromkeys(lines)))


def _fields(fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in fields.items():
        if isinstance(value, Mapping) and plain_key(key) in HEADS:
            yield from value.items()
        else:
            yield key, value


def _line(key: str, value: str) -> str:
    if _CVES.fullmatch(value):
        return f"{'CVEs' if ',' in value else 'CVE'}: {value}"
    return f"{label_of(key)}: {value[:1].upper()}{value[1:]}"


def _is_verdict(name: str, value: str) -> bool:
    if not value or "\n" in value or len(value.split()) > MOST_WORDS:
        return False
    if _IMPACTS.fullmatch(name):
        return level_of(value) not in ("", UNKNOWN)
    if _SCORES.fullmatch(name):
        return re.match(r"\d", value) is not None
    if _STATES.fullmatch(name):
        return _DECIDED.match(value) is not None
    if _FLAWS.fullmatch(name):
        return _CVES.fullmatch(value) is not None
    if _RATINGS.fullmatch(name) and _LEVELS.search(name):
        return _LEVEL.search(value) is not None
    named = _RATINGS.fullmatch(name) or _REPLACED.fullmatch(name)
    return named is not None and any(map(str.isalpha, value)) and value.lower() != UNKNOWN


def _is_older(name: str, value: str, rating: Rating | None) -> bool:
    """Whether it is a score beside the one that counts, as scanners give one of each version."""
    if not rating or not _SCORES.fullmatch(name):
        return False
    return rating.score not in (as_score(value), *(one.score for one in several_scores(value)))


def _is_known(value: str, known: str) -> bool:
    """Whether a text says it: a word alone, such as "high", may be said of anything."""
    told = value.casefold()
    if " " in told or re.search(r"\d", told) or _DECIDED.match(told):
        return told in known
    return re.search(rf"^[\w ]{{1,24}}: {re.escape(told)}\b", known, re.MULTILINE) is not None
