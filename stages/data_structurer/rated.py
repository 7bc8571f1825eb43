"""What forms say of a record's rating: its score and severity, whose it is, and who disputes it.

Knows CVSS ratings and the words for them; the sentences are the recipe's.  Invariant: all ratings
are told, each with its version and source, or none is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from stages.base import Record
from stages.data_structurer.answers import ended, together
from stages.data_structurer.antecedents import points_away
from stages.data_structurer.passages import sentences_of
from stages.recipe.forms import (
    CALLED,
    CVSS_SCORE,
    CVSS_VERSION,
    DISPUTE,
    LEVEL,
    RATINGS,
    REASON,
    SCORES,
    SEVERITY,
)
from stages.sources.structures.nvd import status_of
from stages.text.ratings import Rating, other_ratings, rating_of
from stages.text.record_text import as_scalar, find_values, raw_bodies
from stages.text.severity import UNKNOWN, in_english, level_of, severity_of

DISPUTED = "disputed"
MOST_RATINGS = 6
LONGEST_SCENARIO = 120  # characters
_NVD = frozenset({"nvd", "nvd@nist.gov", "nist"})
# By the numbers under which sources stand in NVD.
_REGISTERED = {"134c704f-9b21-4f2e-91b3-4a467353bcc0": "CISA-ADP"}


def _version(record: Record) -> str:
    rating = rating_of(record)
    return rating.version if rating else ""


def _score(record: Record) -> str:
    """The score of the only rating; empty where several are stated."""
    ratings = _all_of(record)
    return f"{ratings[0].score:.1f}" if len(ratings) == 1 else ""


def _severity(record: Record) -> str:
    """The vendor's own word as it stands, else that of the rating that counts; empty without one,
    and where ratings are stated that can't be told apart."""
    ratings = _all_of(record)
    if len(ratings) > 1 and not (_scores(record) or _ratings(record)):
        return ""
    found = severity_of(record)
    return in_english(found.stated or (found.rating.severity if found.rating else ""))


def _level(record: Record) -> str:
    """What CVSS calls the score, where whoever wrote the record calls it otherwise."""
    rating, stated = rating_of(record), level_of(severity_of(record).stated)
    if rating is None or stated in ("", UNKNOWN, rating.level):
        return ""
    return "" if level_of(rating.severity) == stated else rating.level


def _ratings(record: Record) -> str:
    """The ratings of several sources, each with its version: "NVD gives it a CVSS 3.1 base score of
    8.8 (high), and psirt@acme.example one of 6.5 (medium)"."""
    by: dict[str, list[Rating]] = {}
    for one in _all_of(record):
        by.setdefault(_named(one, record), []).append(one)
    if len(by) < 2 or "" in by or not all(map(_are_told_apart, by.values())):
        return ""
    said = [
        f"{who}{' gives it' if not number else ''} {_and_scores(some, short=number > 0)}"
        for number, (who, some) in enumerate(by.items())
    ]
    versions = {one.version for some in by.values() for one in some}
    if len(versions) > 1 or any(len(some) > 1 for some in by.values()):
        said = [f"{who} gives it {_and_scores(some)}" for who, some in by.items()]
    return f"{', '.join(said[:-1])}, and {said[-1]}"


def _scores(record: Record) -> str:
    """The scores of several versions or scenarios, by one source or one that is not named."""
    ratings = _all_of(record)
    several = len({_named(one, record) for one in ratings} - {""}) > 1
    if len(ratings) < 2 or several or not _are_told_apart(ratings):
        return ""
    return _and_scores(ratings)


def _and_scores(ratings: Sequence[Rating], short: bool = False) -> str:
    """ "a CVSS 4.0 base score of 9.1 (critical) and a CVSS 3.1 base score of 7.4 (high)"; "one of"
    where the score before it is of the same version."""
    before = [None, *(one.called for one in ratings)]
    said = [
        f"{'one' if short or one.called == last else f'a {one.called} base score'}"
        f" of {one.score:.1f} ({level_of(one.severity) or one.level})"
        + (f" in the scenario '{one.scenario.rstrip('.')}'" if one.scenario else "")
        for last, one in zip(before, ratings, strict=False)
    ]
    return " and ".join(filter(None, [", ".join(said[:-1]), said[-1]]))


def _are_told_apart(ratings: Sequence[Rating]) -> bool:
    """Whether each has a version, and those of one version a scenario each."""
    kinds = [(one.version, one.scenario) for one in ratings]
    return len(set(kinds)) == len(kinds) and all(version for version, _ in kinds)


def _all_of(record: Record) -> list[Rating]:
    """All ratings of a record; none where they are too many to be told, or one can't be."""
    rating = rating_of(record)
    found = [rating, *other_ratings(record, rating)] if rating else []
    short = all(len(one.scenario) <= LONGEST_SCENARIO for one in found)
    return found if len(found) <= MOST_RATINGS and short else []


def _named(rating: Rating, record: Record) -> str:
    """What a source is called; empty where it is only a number of a registry."""
    source = rating.source
    if source.lower() in _NVD:
        return "NVD"
    if source in _REGISTERED:
        return _REGISTERED[source]
    if source[:8].strip("0123456789abcdef"):
        return source
    own = find_values(record, "sourceidentifier") if source else []
    return "its CNA" if source in own else ""


# Why a vendor rates a flaw as it does: fields that say it, and others that may.
_REASONS = ("severityreason", "priorityreason", "severityjustification", "ratingreason")
_GIVES_REASON = re.compile(
    r"(?=.*\b(?:rate[sd]?|rating|severity|impact|importance|priority)\b)"
    r".*\b(?:because|since|due to|as (?:the|it|an?|only|this)|given that)\b",
    re.IGNORECASE,
)


def _reason(record: Record) -> str:
    """Why it is rated so, in the record's own sentences."""
    if told := find_values(record, *_REASONS):
        return together([ended(one) for one in told])
    told = find_values(record, "statement")
    said = [one.text for text in told for one in sentences_of(text)]
    return " ".join(one for one in said if _GIVES_REASON.search(one) and not points_away(one))


# What the text itself calls a flaw, by the scale of whoever keeps the product or the list.
_CALLED = re.compile(
    r"\((?P<who>[A-Z]\w+) security severity: (?P<word>\w+)\)"
    r"|\b(?:been rated as|(?:been|and) classified as|been declared as|rated as) (?P<said>[a-z]+)\."
)


def _called(record: Record) -> str:
    """ "Its description calls it critical", where it doesn't say what the ratings say."""
    found = next(filter(None, map(_CALLED.search, raw_bodies(record))), None)
    if found is None:
        return ""
    if found["who"]:
        return f"{found['who']}'s own severity is {found['word']}"
    return f"The entry's text calls it {found['said']}"


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
    SCORES: _scores,
    REASON: _reason,
    CALLED: _called,
    DISPUTE: _dispute,
}
