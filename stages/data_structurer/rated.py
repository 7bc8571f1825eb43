"""What forms say of a record's rating: its score and severity, whose it is, and who disputes it.

Knows CVSS ratings and the words for them; the sentences are the recipe's.  Invariant: where named
sources rate a record differently, no single score of theirs is given as the only one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from stages.base import Record
from stages.recipe.forms import (
    CVSS_SCORE,
    CVSS_VERSION,
    DISPUTE,
    LEVEL,
    RATINGS,
    SEVERITY,
)
from stages.sources.structures.nvd import status_of
from stages.text.ratings import Rating, other_ratings, rating_of
from stages.text.record_text import as_scalar, raw_bodies
from stages.text.severity import UNKNOWN, WORDS, level_of, severity_of

DISPUTED = "disputed"
MOST_RATINGS = 4
_NVD = frozenset({"nvd", "nvd@nist.gov", "nist"})


def _version(record: Record) -> str:
    rating = rating_of(record)
    return rating.version if rating else ""


def _score(record: Record) -> str:
    """The score of the newest version; empty where several are stated and no version is."""
    rating = rating_of(record)
    if rating is None or (not rating.version and _differing(record, rating)):
        return ""
    return f"{rating.score:.1f}"


def _severity(record: Record) -> str:
    """In the record's own word, else in that of the rating that counts; empty without one."""
    found = severity_of(record)
    stated = found.stated or (found.rating.severity if found.rating else "")
    return stated.lower() if stated.lower() in WORDS else level_of(stated)


def _level(record: Record) -> str:
    """What CVSS calls the score, where whoever wrote the record calls it otherwise."""
    rating, stated = rating_of(record), level_of(severity_of(record).stated)
    if rating is None or stated in ("", UNKNOWN, rating.level):
        return ""
    return "" if level_of(rating.severity) == stated else rating.level


def _ratings(record: Record) -> str:
    """The ratings of one version by sources that disagree: "NVD gives it a CVSS 3.1 base score of
    8.8 (high), and psirt@acme.example one of 6.5 (medium)"."""
    rating = rating_of(record)
    several = [rating, *_differing(record, rating)] if rating else []
    if len({one.source for one in several if one.source}) < 2 or not all(map(_is_named, several)):
        return ""
    said = [
        f"{_named(one)} {'one' if number else f'gives it a {one.called} base score'} of"
        f" {one.score:.1f} ({level_of(one.severity) or one.level})"
        for number, one in enumerate(several[:MOST_RATINGS])
    ]
    return f"{', '.join(said[:-1])}, and {said[-1]}"


def _differing(record: Record, rating: Rating) -> list[Rating]:
    """Other scores of the version of a rating, or of none."""
    others = other_ratings(record, rating)
    same = [one for one in others if one.version in (rating.version, "") or not rating.version]
    return [one for one in same if one.score != rating.score]


def _is_named(rating: Rating) -> bool:
    """Whether a source is called by a name or an address, and not by a number of a registry."""
    return bool(rating.source) and not rating.source[:8].strip("0123456789abcdef") == ""


def _named(rating: Rating) -> str:
    return "NVD" if rating.source.lower() in _NVD else rating.source


def _dispute(record: Record) -> str:
    """ "disputed" where a record says so of itself, by its status or the mark of its text."""
    stated = [as_scalar(record.get(name)).lower() for name in ("status", "vulnStatus")]
    marked = any(status_of("", text) == DISPUTED for text in raw_bodies(record))
    return DISPUTED if DISPUTED in stated or marked else ""


RATED: Mapping[str, Callable[[Record], str]] = {
    CVSS_VERSION: _version,
    CVSS_SCORE: _score,
    SEVERITY: _severity,
    LEVEL: _level,
    RATINGS: _ratings,
    DISPUTE: _dispute,
}
