"""The CVSS ratings that a record states anywhere: versions, scores, vectors, and whose they are.

Knows the shapes of NVD, CVE 4 and 5, OSV, GitHub, CSAF, plain fields and what readers write.
Invariant: nothing here raises, whatever the record holds, and a score is as stated or follows
from its vector.
"""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from stages.base import Record
from stages.text.cvss_vectors import newest_first, scored, version_of
from stages.text.record_text import plain_key, without_original

MAX_OBJECTS = 2_000  # objects and lists of a record that are looked into

# Objects that tell of other things: what a reference or a related record is rated is not this one.
_OTHERS = frozenset("references externalreferences related aliases timeline enhancement".split())
# "9.8", "9.8/10", "9.8 (Critical)", "CVSSv3: 9.8", "9.8 (CVSS:3.1/AV:N/...)".
_SCORE = re.compile(
    r"\s*(?:CVSS(?: ?v?[234](?:\.[01])?| base| score){0,3} ?[:=] ?(?=\d))?"
    r"(\d{1,2}(?:\.\d{1,2})?)(?:\s*/\s*10)?"
    r"(?:\s*(?:[-,;] )?\(?(?:[A-Za-z]{3,13}|CVSS:\d\.\d/[\w:/.]{10,200})\)?)?\s*",
    re.IGNORECASE,
)
_VERSION_ALONE = re.compile(r"\s*CVSS ?[:=] ?[234]\.[01]\s*", re.IGNORECASE)
_SCORES = ("basescore", "score", "cvssscore", "cvssbasescore")
_VECTOR = re.compile(r"\(?(?:CVSS:(\d\.\d)/)?AV:[A-Z](?:/[A-Za-z]{1,4}:[A-Za-z.]+)*\)?")
_DECIMAL = re.compile(r"\s*\d{1,2}\.\d{1,2}\s*")
_CVE_ID = re.compile(r"CVE-\d{4}-\d{4,}", re.IGNORECASE)
_BARE_VERSION = re.compile(r"v?[234][01]?")
_VERSION_IN_NAME = re.compile(r"(?:cvssv?|^v)([234])([01])?$")
_NO_VERSION = re.compile(r"metric|base|score|severity|data|rating|value")
# Scores of a part of a vector, or of something else beside CVSS.
_PART_OF_A_SCORE = re.compile(
    r"impact|exploit|temporal|environment|threat|supplement|epss|sub(?=score)"
)


@dataclass(frozen=True)
class Rating:
    """One CVSS rating.  `score` is from 0 to 10; `version` is empty where nothing says it."""

    score: float
    version: str = ""
    vector: str = ""
    severity: str = ""
    source: str = ""
    primary: bool = False

    @property
    def level(self) -> str:
        """The severity that the version's scale gives the score, in lower case."""
        bounds = _SCALE_2 if self.version.startswith("2") else _SCALE
        return next(name for least, name in bounds if self.score >= least)

    @property
    def called(self) -> str:
        """ "CVSS 3.1", or "CVSS" where the version is not known."""
        return f"CVSS {self.version}".strip()


_SCALE = ((9.0, "critical"), (7.0, "high"), (4.0, "medium"), (0.1, "low"), (0.0, "none"))
_SCALE_2 = ((7.0, "high"), (4.0, "medium"), (0.0, "low"))


@dataclass(frozen=True)
class _Node:
    """An object on the way through a record, with what stands above it."""

    value: Any
    name: str = ""
    above: str = ""  # the name of what holds it: cvssData stands in cvssMetricV31
    source: str = ""
    primary: bool = False


def rating_of(record: Record) -> Rating | None:
    """The rating of the newest version; among those a primary source's, then the first."""
    stated = without_original(record)
    for part in (stated, record) if stated is not record else (record,):
        if found := newest_first(_ratings(part)):
            return found[0]
    return None


def other_ratings(record: Record, than: Rating) -> list[Rating]:
    """What others, or other versions, rate the record besides one rating, the newest first."""
    found: dict[tuple[str, float, str], Rating] = {}
    for rating in newest_first(_ratings(record)):
        found.setdefault((rating.version, rating.score, rating.source), rating)
    same = (than.version, than.score)
    return [one for (*said, _), one in found.items() if tuple(said) != same]


def _ratings(record: Record) -> Iterator[Rating]:
    waiting = deque([_Node(record)])
    for _ in range(MAX_OBJECTS):
        if not waiting:
            return
        node = waiting.popleft()
        if isinstance(node.value, dict):
            rating = _rated(node)
            if rating:
                yield rating
            # What the vector of a rated object gives by itself is no rating of anybody's.
            vector = rating.vector if rating else None
            waiting += [one for one in _inside(node) if not vector or one.value != vector]
        elif isinstance(node.value, list):
            waiting += [replace(node, value=item) for item in node.value[:MAX_OBJECTS]]
        elif rating := _plain(node):
            yield rating


def _inside(node: _Node) -> Iterator[_Node]:
    """What an object holds.  A CNA speaks for its own record; others add to it."""
    plain = {plain_key(key): value for key, value in node.value.items()}
    provider = node.value.get("providerMetadata")
    named = provider.get("shortName") if isinstance(provider, dict) else ""
    source = _text(plain.get("source")) or _text(named) or node.source
    primary = _text(plain.get("type")).lower() == "primary" or node.primary
    for key, value in plain.items():
        of_version = "cvss" in node.name and _BARE_VERSION.fullmatch(key)
        name = f"cvss{key}" if of_version else key  # {"cvss": {"v3": {"score": 9.8}}}
        wanted = isinstance(value, dict | list) or _names_cvss(name) or name == "severity"
        if wanted and name not in _OTHERS:
            yield _Node(value, name, node.name, source, primary or name == "cna")


def _names_cvss(name: str) -> bool:
    named = "cvss" in name or name.startswith("basescorev")
    return named or name.endswith("vector") or name == "vectorstring"


def _rated(node: _Node) -> Rating | None:
    """The rating that an object itself is, as FIRST's schema and its relatives write it."""
    plain = {plain_key(key): value for key, value in node.value.items()}
    vector = next((v for name in ("vectorstring", "vector", "score", "cvssvector")
                   if (v := as_vector(plain.get(name)))), "")  # fmt: skip
    is_cvss = bool(vector) or "cvss" in node.name or "basescore" in plain or _is_row(node, plain)
    score = next((s for name in _SCORES if (s := as_score(plain.get(name))) is not None), None)
    version = _version(plain.get("version"), vector, node.name) or _version("", "", node.above)
    severity = _text(plain.get("baseseverity")) or _text(plain.get("severity"))
    if not is_cvss or not (score or vector or (score == 0 and severity)):
        return None  # a score of 0 alone: not rated
    rating = _worked_out(vector) if score is None else Rating(score, version, vector)
    if rating is None:
        return None
    source = _text(plain.get("source")) or node.source
    primary = _text(plain.get("type")).lower() == "primary" or node.primary
    return replace(rating, severity=severity, source=source, primary=primary)


def _is_row(node: _Node, plain: dict[str, Any]) -> bool:
    """Whether a record of a CVE id is a row of a table with a severity and its score: HIGH, 8.1."""
    score, severity = plain.get("score"), _text(plain.get("severity")).lower()
    known = any(_CVE_ID.fullmatch(_text(plain.get(name))) for name in ("id", "cve", "cveid"))
    found = as_score(score) if _is_decimal(score) else None
    return not node.name and known and found is not None and Rating(found).level == severity


def _plain(node: _Node) -> Rating | None:
    """A score or a vector that a field of its own holds, `cvss_v3_score: 7.5`."""
    vector = as_vector(node.value)
    if vector:
        rating = _worked_out(vector)
        return rating and replace(rating, source=node.source, primary=node.primary)
    score = as_score(node.value)
    if score is None or not (_names_score(node.name) or _is_bare_score(node)):
        return None
    return Rating(score, _version("", "", node.name), source=node.source, primary=node.primary)


def _is_bare_score(node: _Node) -> bool:
    """Whether a severity is a score: "8.1".  A whole number may be of any scale."""
    return node.name == "severity" and _is_decimal(node.value)


def _is_decimal(value: Any) -> bool:
    return isinstance(value, float) or bool(isinstance(value, str) and _DECIMAL.fullmatch(value))


def _names_score(name: str) -> bool:
    """Whether a field of this name is a score: "cvssversion" and "cvssid" are none."""
    if _PART_OF_A_SCORE.search(name):
        return False
    return name in ("cvss", *_SCORES) or name.endswith("score") or bool(_version("", "", name))


def _version(stated: Any, vector: str, name: str) -> str:
    """A version as it is stated, or as the vector's prefix or the field's name says."""
    said = _text(stated) if isinstance(stated, str) else ""
    if re.fullmatch(r"[234](?:\.\d)?", said):
        return said
    if found := version_of(vector):
        return found
    named = _VERSION_IN_NAME.search(_NO_VERSION.sub("", name))
    return ".".join(part for part in named.groups() if part) if named else ""


def _worked_out(vector: str) -> Rating | None:
    """The rating that a vector alone gives; None where it is not whole."""
    score = scored(vector)
    return None if score is None else Rating(score.base, version_of(vector), vector)


def as_vector(value: Any) -> str:
    """A CVSS vector, or an empty string."""
    text = _text(value)
    return text if len(text) < 400 and _VECTOR.fullmatch(text) else ""


def as_score(value: Any) -> float | None:
    """A number from 0 to 10, also as "9.8 (Critical)" or "9.8/10"; else None."""
    if isinstance(value, str):
        match = None if _VERSION_ALONE.fullmatch(value) else _SCORE.fullmatch(value)
        value = float(match[1]) if match else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        score = float(value)
    except OverflowError:
        return None
    return score if math.isfinite(score) and 0 <= score <= 10 else None


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
