"""CVSS vectors: the version of one, its score and severity, and which of several ratings counts.

The library `cvss` works out scores.  Knows nothing of records.  Invariant: no vector raises;
what can't be read has a version, or nothing, and no score.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

_PREFIX = re.compile(r"\(?CVSS:(\d\.\d)/")
_V2 = re.compile(r"\(?AV:[LAN]/AC:[HML]/Au:[MSN]/", re.IGNORECASE)


class Rated(Protocol):
    """A rating of some version, by a primary source or another."""

    @property
    def version(self) -> str: ...

    @property
    def primary(self) -> bool: ...


R = TypeVar("R", bound=Rated)


# Where nobody says which version a score is of, it is of none that is as old as 2.
_UNSTATED = "2.9"


def newest_first(ratings: Iterable[R | None]) -> list[R]:
    """By version, the newest first; within one a primary source's, then as they come."""
    known = [rating for rating in ratings if rating is not None]
    return sorted(known, key=lambda one: (one.version or _UNSTATED, one.primary), reverse=True)


def newest(ratings: Iterable[R | None]) -> R | None:
    """The first of them."""
    return next(iter(newest_first(ratings)), None)


def version_of(vector: str) -> str:
    """ "3.1" of "CVSS:3.1/AV:N..."; "2.0" of a vector without a prefix; else empty."""
    if match := _PREFIX.match(vector):
        return match[1]
    return "2.0" if _V2.match(vector) else ""


@dataclass(frozen=True)
class Score:
    """What follows from a vector: a base score from 0 to 10, and the severity in capitals."""

    base: float
    severity: str


def scored(vector: str) -> Score | None:
    """The score of a vector; None where it is not whole."""
    from cvss import CVSS2, CVSS3, CVSS4
    from cvss.exceptions import CVSSError

    version = version_of(vector)
    kind = {"2": CVSS2, "3": CVSS3, "4": CVSS4}.get(version[:1])
    if kind is None:
        return None
    try:
        rated = kind(vector.strip("()"))
        severity = rated.severity if version[0] == "4" else rated.severities()[0]
        return Score(float(rated.base_score), str(severity).upper())
    except (CVSSError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError):
        return None
