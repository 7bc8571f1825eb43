"""Picks the CVSS rating that a record states: the newest version, its primary source first.

Scores and severities are taken as stated; only where a vector stands alone are they worked out
from it, by the library `cvss`, and the rating says so.  Invariant: no vector or score that
can't be read raises; it is left in the original.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

_VERSION = re.compile(r"CVSS:(\d\.\d)/")
_V2 = re.compile(r"\(?AV:[LAN]/AC:[HML]/Au:[MSN]/", re.IGNORECASE)


@dataclass(frozen=True)
class Cvss:
    """One rating; `source` is who gave it, `computed` says that its score is from its vector."""

    version: str
    score: float | None = None
    severity: str = ""
    vector: str = ""
    source: str = ""
    primary: bool = False
    computed: bool = False

    def to_json(self) -> dict[str, Any]:
        values = {
            "version": self.version,
            "base_score": self.score,
            "severity": self.severity,
            "vector": self.vector,
            "source": self.source,
            "computed": self.computed or None,
        }
        return {name: value for name, value in values.items() if value not in ("", None)}


def newest(ratings: Iterable[Cvss | None]) -> Cvss | None:
    """The rating of the newest version; among those, a primary source's, then the first."""
    known = [rating for rating in ratings if rating is not None]
    return max(known, key=lambda rating: (rating.version, rating.primary), default=None)


def from_data(
    data: Any, source: str = "", primary: bool = False, severity: Any = None, version: str = ""
) -> Cvss | None:
    """A rating from an object of FIRST's CVSS schema (baseScore, vectorString ...)."""
    if not isinstance(data, dict):
        return None
    vector = text_of(data.get("vectorString"))
    score = data.get("baseScore")
    stated = text_of(data.get("baseSeverity")) or text_of(severity)
    version = text_of(data.get("version")) or version_of(vector) or version
    if not isinstance(score, int | float) or isinstance(score, bool):
        return from_vector(vector, source, primary)
    return Cvss(version, float(score), stated.upper(), vector, source, primary)


def from_vector(vector: Any, source: str = "", primary: bool = False) -> Cvss | None:
    """A rating from a vector that stands alone; its score is worked out."""
    vector = text_of(vector)
    version = version_of(vector)
    if not version:
        return None
    from cvss import CVSS2, CVSS3, CVSS4
    from cvss.exceptions import CVSSError

    try:
        kinds = {"2": CVSS2, "3": CVSS3, "4": CVSS4}
        rated = kinds[version[0]](vector.strip("()"))
    except (CVSSError, KeyError, ValueError, IndexError, AttributeError):
        return Cvss(version, None, "", vector, source, primary)
    severity = rated.severity if version[0] == "4" else rated.severities()[0]
    score = float(rated.base_score)
    return Cvss(version, score, str(severity).upper(), vector, source, primary, computed=True)


def version_of(vector: str) -> str:
    """ "3.1" of "CVSS:3.1/AV:N..."; "2.0" of a vector without a prefix; else empty."""
    if match := _VERSION.match(vector):
        return match[1]
    return "2.0" if _V2.match(vector) else ""


def text_of(value: Any) -> str:
    """A string, stripped; anything else is empty."""
    return value.strip() if isinstance(value, str) else ""
