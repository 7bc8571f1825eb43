"""The CVSS ratings that a record states anywhere: versions, scores, vectors, and whose they are.

Knows the shapes of NVD, CVE 4 and 5, OSV, GitHub, CSAF, plain fields and what readers write.
Invariant: nothing here raises, whatever the record holds, and a score is as stated or follows
from its vector.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from stages.base import Record
from stages.text.cvss_vectors import newest_first, scored, version_of
from stages.text.cvss_words import as_score, as_vector, as_version, read_cvss, several_scores
from stages.text.record_text import plain_key, without_original

MAX_OBJECTS = 2_000  # objects and lists of a record that are looked into

# Objects that tell of other things: what a reference or a related record is rated is not this one.
_OTHERS = frozenset(
    "references externalreferences related aliases timeline enhancement fieldsfrom".split()
)
_SCORES = ("basescore", "score", "cvssscore", "cvssbasescore")
_VECTORS = ("vectorstring", "vector", "score", "cvssvector", "basescorevector")
_BASES = ("cvssbase", "cvssbasescore")
_VERSIONS = ("basescoreversion", "cvssversion", "scoreversion")
# Fields of words in which a score stands where it says so.
_RISKS = frozenset("severity severitylevel severityrating risk risklevel criticality".split())
_KINDS = ("method", "type")  # "CVSSv31", "CVSS_V3"
_DECIMAL = re.compile(r"\s*(?:\d{1,2}\.\d{1,2}|\d{1,2}[.,]\d{1,2} ?/ ?10)\s*")  # "7.5/10"
_CVE_ID = re.compile(r"CVE-\d{4}-\d{4,}", re.IGNORECASE)
# "v3", and Trivy's "V3Score", within an object of ratings.
_BARE_VERSION = re.compile(r"v?[234][01]?(?:(?:base)?score|vector(?:string)?)?")
# A score and its vector side by side: "cvss3_base_score", "cvss3_scoring_vector".
_SIDE_BY_SIDE = re.compile(r"(cvss)?v?([234])([01])?(?:base|scoring)?(score|vector)(?:string)?")
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
    scenario: str = ""  # in which it holds, where it doesn't in general

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
    version: str = ""  # that a field beside it states
    scenario: str = ""


def rating_of(record: Record) -> Rating | None:
    """The rating of the newest version; among those a primary source's, then the first."""
    stated = without_original(record)
    for part in (stated, record) if stated is not record else (record,):
        if found := newest_first(_ratings(part)):
            return _in_scenario(found[0], record) if stated is not record else found[0]
    return None


def _in_scenario(rating: Rating, record: Record) -> Rating:
    """A rating that a reader has taken from a record, with the scenario that it has there."""
    same = [one.scenario for one in _ratings(record) if one.vector == rating.vector]
    told = [one for one in same if one]
    return replace(rating, scenario=told[0]) if len(told) == len(same) - 1 > 0 else rating


def other_ratings(record: Record, than: Rating) -> list[Rating]:
    """What others, or other versions, rate the record besides one rating, the newest first."""
    found: dict[tuple[str, float, str], Rating] = {}
    for rating in newest_first(_ratings(record)):
        found.setdefault((rating.version, rating.score, rating.source), rating)
    same = (than.version, than.score)
    return [
        one for (*said, _), one in found.items()
        if tuple(said) != same and not any(_says_less(one, other) for other in found.values())
    ]  # fmt: skip


def _says_less(one: Rating, other: Rating) -> bool:
    """Whether a rating is another one without its version, or with half of it."""
    less = one.version != other.version and other.version.startswith(one.version)
    return less and one.score == other.score and one.source in ("", other.source)


def _ratings(record: Record) -> Iterator[Rating]:
    waiting = deque([_Node(record)])
    for _ in range(MAX_OBJECTS):
        if not waiting:
            return
        node = waiting.popleft()
        if isinstance(node.value, dict):
            plain = {plain_key(key): value for key, value in node.value.items()}
            rated = [*_rated(node, plain), *_side_by_side(node, plain)]
            yield from rated
            # What the vector of a rated object gives by itself is no rating of anybody's.
            vectors = [one.vector for one in rated if one.vector]
            waiting += [one for one in _inside(node, plain) if _text(one.value) not in vectors]
        elif isinstance(node.value, list):
            waiting += [replace(node, value=item) for item in node.value[:MAX_OBJECTS]]
        else:
            yield from _plain(node)


def _inside(node: _Node, plain: dict[str, Any]) -> Iterator[_Node]:
    """What an object holds.  A CNA speaks for its own record; others add to it."""
    provider = node.value.get("providerMetadata")
    named = provider.get("shortName") if isinstance(provider, dict) else ""
    source = _source(plain.get("source")) or _text(named) or node.source
    primary = _text(plain.get("type")).lower() == "primary" or node.primary
    # "version" is a rating's beside its numbers or its vector, a product's beside others.
    of_rating = "cvss" in node.name or any(as_vector(plain.get(name)) for name in _VECTORS)
    names = (*_VERSIONS, "version") if node.name and of_rating else _VERSIONS
    version = _stated_version(plain, names)
    scenario = _scenario(plain.get("scenarios")) or node.scenario
    for key, value in plain.items():
        of_version = "cvss" in node.name + node.above and _BARE_VERSION.fullmatch(key)
        name = f"cvss{key}" if of_version else key  # {"cvss": {"v3": {"score": 9.8}}}
        if name in _BASES and name.replace("cvss", "cvss3") in plain:
            name = name.replace("cvss", "cvss2")  # as scanners kept the name of the first ones
        wanted = isinstance(value, dict | list) or _names_cvss(name) or name in _RISKS
        if wanted and name not in _OTHERS:
            whose = key if _is_party(node, value) else source
            own = primary or name == "cna" or whose == "nvd"
            yield _Node(value, name, node.name, whose, own, version, scenario)


def _scenario(value: Any) -> str:
    """What a CNA says of when a rating holds; empty where it holds in general."""
    listed = value if isinstance(value, list) else []
    said = [_text(one.get("value")) for one in listed if isinstance(one, dict)]
    return "" if "GENERAL" in map(str.upper, said) else next(filter(None, said), "")


def _is_party(node: _Node, value: Any) -> bool:
    """Whether ratings are listed by who gave them: {"cvss": {"nvd": {"V3Score": 9.8}}}."""
    names = map(plain_key, value) if isinstance(value, dict) and node.name == "cvss" else ()
    return any(map(_SIDE_BY_SIDE.fullmatch, names))


def _source(value: Any) -> str:
    """Who gave a rating, by name, or as an object with a name."""
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _names_cvss(name: str) -> bool:
    named = "cvss" in name or name.startswith("basescorev")
    return named or name.endswith("vector") or name == "vectorstring"


def _rated(node: _Node, plain: dict[str, Any]) -> Iterator[Rating]:
    """The rating that an object itself is, as FIRST's schema and its relatives write it."""
    vector = next((v for name in _VECTORS if (v := as_vector(plain.get(name)))), "")
    called = any("cvss" in plain_key(_text(plain.get(name))) for name in _KINDS)
    is_cvss = called or "cvss" in node.name or "basescore" in plain or _is_row(node, plain)
    names = (*_SCORES, "base") if "cvss" in node.name else _SCORES
    said = next((s for name in names if (s := read_cvss(plain.get(name))).score is not None), None)
    severity = _text(plain.get("baseseverity")) or _text(plain.get("severity"))
    if not vector and not (is_cvss and said and (said.score or severity)):
        return  # a score of 0 alone: not rated
    # What a record calls its version without more is its product's.
    stated = _stated_version(plain, (*_VERSIONS, "version") if node.name else _VERSIONS)
    found = (stated, version_of(vector), said.version if said else "",
             _stated_version(plain, _KINDS), _version_in(node.name), node.version,
             _version_in(node.above))  # fmt: skip
    version = next(filter(None, found), "")
    rating = Rating(said.score or 0.0, version, vector) if said else _worked_out(vector)
    if rating is not None:
        source = _source(plain.get("source")) or node.source
        primary = _text(plain.get("type")).lower() == "primary" or node.primary
        yield replace(
            rating, severity=severity, source=source, primary=primary, scenario=node.scenario
        )


def _side_by_side(node: _Node, plain: dict[str, Any]) -> Iterator[Rating]:
    """Scores of one version each with their vectors beside them, as Red Hat and Trivy list them."""
    beside = "cvss" in node.name + node.above
    found: dict[str, dict[str, Any]] = {}
    for name, value in plain.items():
        if (match := _SIDE_BY_SIDE.fullmatch(name)) and (match[1] or beside):
            version = ".".join(part for part in match.group(2, 3) if part)
            found.setdefault(version, {})[match[4]] = value
    for version, both in found.items():
        score, vector = as_score(both.get("score")), as_vector(both.get("vector"))
        if score is not None and vector:
            version = version_of(vector) or version
            yield Rating(score, version, vector, source=node.source, primary=node.primary)


def _is_row(node: _Node, plain: dict[str, Any]) -> bool:
    """Whether a record of a CVE id is a row of a table with a severity and its score: HIGH, 8.1."""
    score, severity = plain.get("score"), _text(plain.get("severity")).lower()
    known = any(_CVE_ID.fullmatch(_text(plain.get(name))) for name in ("id", "cve", "cveid"))
    found = as_score(score) if _is_decimal(score) else None
    return not node.name and known and found is not None and Rating(found).level == severity


def _plain(node: _Node) -> Iterator[Rating]:
    """What a field of its own says: a score, vectors, or a vector and its score."""
    said = read_cvss(node.value)
    rated = [rating for vector in said.vectors if (rating := _worked_out(vector))]
    if said.score is not None and len(rated) == 1:
        rated = [replace(rated[0], score=said.score)]
    named = _names_score(node.name) or _is_bare_score(node) or said.version
    if said.score is not None and named and not rated:
        version = said.version or _version_in(node.name) or node.version
        rated = [Rating(said.score, version)]
    if "cvss" in node.name:
        rated += [Rating(one.score or 0.0, one.version) for one in several_scores(node.value)]
    yield from (replace(one, source=node.source, primary=node.primary) for one in rated)


def _is_bare_score(node: _Node) -> bool:
    """Whether a severity is a score: "8.1", "CVSS 8".  A whole number may be of any scale."""
    if node.name not in _RISKS:
        return False
    is_score = node.name == "severity" and _is_decimal(node.value)
    return is_score or "cvss" in _text(node.value).lower()


def _is_decimal(value: Any) -> bool:
    return isinstance(value, float) or bool(isinstance(value, str) and _DECIMAL.fullmatch(value))


def _names_score(name: str) -> bool:
    """Whether a field of this name is a score: "cvssversion" and "cvssid" are none."""
    if _PART_OF_A_SCORE.search(name):
        return False
    return name in ("cvss", *_BASES, *_SCORES) or name.endswith("score") or bool(_version_in(name))


def _stated_version(plain: dict[str, Any], names: tuple[str, ...]) -> str:
    """The version that one of the fields states."""
    return next((found for name in names if (found := as_version(plain.get(name)))), "")


def _version_in(name: str) -> str:
    """The version that a field's name says."""
    named = _VERSION_IN_NAME.search(_NO_VERSION.sub("", name))
    return ".".join(part for part in named.groups() if part) if named else ""


def _worked_out(vector: str) -> Rating | None:
    """The rating that a vector alone gives; None where it is not whole."""
    score = scored(vector)
    return None if score is None else Rating(score.base, version_of(vector), vector)


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
