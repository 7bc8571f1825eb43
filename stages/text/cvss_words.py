"""What people write of CVSS into one field: "CVSS v3.1: 9.8 (High)", a vector, or several of them.

Knows scores, versions and vectors, and no record.  Invariant: nothing here raises, whatever the
value; a score is from 0 to 10, and stands there.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

LONGEST = 2_000  # characters that are read
MOST_VECTORS = 8
_METRICS = r"AV:[A-Z](?:/[A-Za-z]{1,4}:[A-Za-z.]+)"
_VECTOR = re.compile(rf"\(?(?:CVSS:(\d\.\d)/)?{_METRICS}*\)?")
_WITHIN = re.compile(rf"(?<![\w/])(?:CVSS:\d\.\d/)?{_METRICS}{{5,}}(?![\w/])")
_VERSION = r"v?([234](?:\.[01])?)"
# "9.8", "9.8/10", "9.8 (Critical)", "CVSSv3: 9.8", "CVSS:3.1 Base Score 9.8", "7,5 (CVSS 3.1)",
# "9.8 (v3.1)".
_SCORE = re.compile(
    rf"\s*(?:CVSS(?:[ :_]?{_VERSION}|[ _-]?base|[ _-]?score| of){{0,4}} ?[:= ] ?(?=\d))?"
    r"(\d{1,2}(?:[.,]\d{1,2})?)(?:\s*/\s*10)?"
    rf"(?:[\s,;|(\[/-]{{1,3}}(?:[A-Za-z]{{3,13}}|CVSS(?:[ :_]?{_VERSION})?|(?=v){_VERSION})"
    r"[)\]]?){0,2}\s*",
    re.IGNORECASE,
)
_APART = re.compile(r"\s+/\s+|;\s+")
_VERSION_ALONE = re.compile(r"\s*CVSS ?[:=]? ?v?[234](?:\.[01])?\s*", re.IGNORECASE)
_WRITTEN_VERSION = re.compile(r"(?:CVSS)?[ :_-]*v?([234])(?:[._]?(\d))?", re.IGNORECASE)


@dataclass(frozen=True)
class WrittenCvss:
    """What a value says: a score, its version, and vectors; None and empty where it doesn't."""

    score: float | None = None
    version: str = ""
    vectors: tuple[str, ...] = ()


def read_cvss(value: Any) -> WrittenCvss:
    """A value of a field, a text or a number, whatever it holds."""
    if not isinstance(value, str):
        return WrittenCvss(_bounded(value))
    text = value[:LONGEST].strip()
    if as_vector(text):
        return WrittenCvss(vectors=(text,))
    vectors = tuple(dict.fromkeys(_WITHIN.findall(text)))[:MOST_VECTORS]
    rest = _WITHIN.sub(" ", text).strip(" ()[]|,;:/-\n\t") if vectors else text
    match = None if _VERSION_ALONE.fullmatch(rest) else _SCORE.fullmatch(rest)
    if match is None:
        return WrittenCvss(vectors=vectors)
    score = _bounded(float(match[2].replace(",", ".")))
    return WrittenCvss(score, match[1] or match[3] or match[4] or "", vectors)


def several_scores(value: Any) -> list[WrittenCvss]:
    """The scores of a text that holds one of each version: "9.8 (v3.1) / 7.5 (v2)"; else none."""
    apart = _APART.split(value[:LONGEST]) if isinstance(value, str) else []
    found = [read_cvss(one) for one in apart]
    versions = {one.version for one in found if one.score is not None} - {""}
    return found if len(versions) == len(found) > 1 else []


def as_vector(value: Any) -> str:
    """A CVSS vector, or an empty string."""
    text = value.strip() if isinstance(value, str) and len(value) < 400 else ""
    return text if _VECTOR.fullmatch(text) else ""


def as_score(value: Any) -> float | None:
    """A number from 0 to 10, also as "9.8 (Critical)" or "9.8/10"; else None."""
    return read_cvss(value).score


def as_version(value: Any) -> str:
    """ "3.1" of "CVSS:3.1", "v3.1", 3.1 or "CVSS_V31"; else empty."""
    said = str(value) if isinstance(value, float) else value
    match = _WRITTEN_VERSION.fullmatch(said.strip()) if isinstance(said, str) else None
    return ".".join(filter(None, match.groups())) if match else ""


def _bounded(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        score = float(value)
    except OverflowError:
        return None
    return score if math.isfinite(score) and 0 <= score <= 10 else None
