"""Picks the CVSS rating that a record states: the newest version, its primary source first.

Scores and severities are taken as stated; only where a vector stands alone are they worked out
from it, and the rating says so.  Invariant: no vector or score that can't be read raises; it is
left in the original.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from stages.text.cvss_vectors import newest, scored, version_of

__all__ = [
    "Cvss", "from_data", "from_vector", "newest", "text_of", "version_in", "version_of", "worst"
]  # fmt: skip


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


def worst(ratings: Iterable[Cvss | None]) -> Cvss | None:
    """The highest of several flaws' ratings, which is that of an advisory about all of them."""
    rated = (rating for rating in ratings if rating is not None)
    return max(rated, key=lambda rating: rating.score or 0.0, default=None)


_VERSION_IN_NAME = re.compile(r"V([234])_?(\d)$")


def version_in(name: str) -> str:
    """The version that a field's name says: "cvssMetricV31", "cvssV3_1"; else empty."""
    found = _VERSION_IN_NAME.search(name)
    return ".".join(found.groups()) if found else ""


def from_vector(vector: Any, source: str = "", primary: bool = False) -> Cvss | None:
    """A rating from a vector that stands alone; its score is worked out."""
    vector = text_of(vector)
    version = version_of(vector)
    if not version:
        return None
    score = scored(vector)
    if score is None:
        return Cvss(version, None, "", vector, source, primary)
    return Cvss(version, score.base, score.severity, vector, source, primary, computed=True)


def text_of(value: Any) -> str:
    """A string, stripped; anything else is empty."""
    return value.strip() if isinstance(value, str) else ""
