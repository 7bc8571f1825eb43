"""OSV records, GitHub's advisories among them, and GitHub's own advisory objects.

Invariant: an advisory that was withdrawn says so, whatever its text says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from stages.sources.cvss import Cvss, from_data, from_vector, newest
from stages.sources.entry import WITHDRAWN, Entry
from stages.sources.structures.reading import (
    first_text,
    links_of,
    look_up,
    named_weakness,
    objects_at,
    strings_at,
    text_at,
)
from stages.sources.structures.updates import updates
from stages.text.kinds import VULNERABILITY

_GHSA = "GHSA-"
_DATABASES = {
    _GHSA: ("GitHub Advisory Database", "CC-BY-4.0"),
    "PYSEC-": ("PyPA Advisory Database", "CC-BY-4.0"),
    "RUSTSEC-": ("RustSec Advisory Database", "CC0-1.0"),
    "GO-": ("Go Vulnerability Database", "CC-BY-4.0"),
}
_OSV_NAMES = ("affected", "schema_version", "database_specific")
_ELSE = ("OSV", "")
_OSV_ID = re.compile(r"[A-Za-z]+-[\w:.-]+")


def is_osv(value: dict[str, Any]) -> bool:
    if not isinstance(value.get("id"), str) or not _OSV_ID.fullmatch(value["id"]):
        return False
    told = isinstance(value.get("details"), str) or isinstance(value.get("summary"), str)
    return (told or "withdrawn" in value) and (
        any(name in value for name in _OSV_NAMES)
        # OSV demands no more than an id and this time.
        or ("modified" in value and database(value["id"]) is not _ELSE)
    )


def read_osv(value: dict[str, Any]) -> Entry:
    own_id = value["id"]
    source, licence = database(own_id)
    page = f"https://osv.dev/vulnerability/{own_id}"
    return Entry(
        text=first_text(value, "details", "summary"),
        title=text_at(value, "summary"),
        kind=VULNERABILITY,
        id=own_id,
        source=source,
        links=(*links_of(value.get("references")), page),
        licence=licence,
        language="en",
        severity=_severity(value),
        cvss=newest(_ratings(value)),
        cwes=strings_at(value, "database_specific", "cwe_ids"),
        affected=tuple(_affected(value)),
        mitigations=tuple(_fixes(value)),
        fix_notes=tuple(_unfixed(value)),
        aliases=strings_at(value, "aliases"),
        status=WITHDRAWN if value.get("withdrawn") else "",
        published=text_at(value, "published"),
        modified=text_at(value, "modified"),
    )


def database(own_id: str) -> tuple[str, str]:
    return next((d for prefix, d in _DATABASES.items() if own_id.startswith(prefix)), _ELSE)


def _severity(value: dict[str, Any]) -> str:
    """A severity in words: the database's, one in place of a vector (Ubuntu's), the package's."""
    packages = list(objects_at(value, "affected"))
    worded = [text_at(one, "score") for holder in (value, *packages)
              for one in objects_at(holder, "severity")]  # fmt: skip
    parts = ("ecosystem_specific", "database_specific")
    words = (
        text_at(value, "database_specific", "severity"),
        *(word for word in worded if word.isalpha()),
        *(text_at(one, part, "severity") for one in packages for part in parts),
    )
    return next((word for word in words if word), "")


def _ratings(value: dict[str, Any]) -> Iterator[Cvss | None]:
    for rating in objects_at(value, "severity"):
        yield from_vector(rating.get("score"), primary=True)
    for package in objects_at(value, "affected"):
        for rating in objects_at(package, "severity"):
            yield from_vector(rating.get("score"))


def _affected(value: dict[str, Any]) -> Iterator[str]:
    for item in objects_at(value, "affected"):
        name, ecosystem = text_at(item, "package", "name"), text_at(item, "package", "ecosystem")
        if not name:
            continue
        called = f"{name} ({ecosystem})" if ecosystem else name
        ranges = [words for one in objects_at(item, "ranges") for words in _range(one)]
        listed = ", ".join(strings_at(item, "versions")[:20]) if not ranges else ""
        yield " ".join(part for part in (called, ", ".join(ranges) or listed) if part)


def _range(one: dict[str, Any]) -> Iterator[str]:
    """ "from 1.0 before 4.2.1", from events in their order; commits are left out."""
    if text_at(one, "type") == "GIT":
        return
    begin = ""
    for event in objects_at(one, "events"):
        first, end = text_at(event, "introduced"), first_text(event, "fixed", "last_affected")
        if first:
            begin = "" if first == "0" else f"from {first}"
        if end:
            word = "before" if "fixed" in event else "through"
            yield f"{begin} {word} {end}".strip()
            begin = ""
    if begin:
        yield begin


def _fixes(value: dict[str, Any]) -> Iterator[str]:
    """One order for each package that has a fixed version: the record's facts as a sentence."""
    return updates(
        (text_at(item, "package", "name"), text_at(item, "package", "ecosystem"), version)
        for item in objects_at(value, "affected")
        for one in objects_at(item, "ranges")
        if text_at(one, "type") != "GIT"
        for event in objects_at(one, "events")
        if (version := text_at(event, "fixed"))
    )


NO_REPAIR = "No repaired version of {} is named."


def _unfixed(value: dict[str, Any]) -> Iterator[str]:
    """The packages of which some range has no repaired version; of what is malware none has."""
    for item in objects_at(value, "affected"):
        name = "" if value["id"].startswith("MAL-") else text_at(item, "package", "name")
        ranges = (one for one in objects_at(item, "ranges") if text_at(one, "type") != "GIT")
        for one in ranges:
            last = [text_at(event, "last_affected") for event in objects_at(one, "events")]
            fixed = any(text_at(event, "fixed") for event in objects_at(one, "events"))
            if name and not fixed:
                through = "".join(f" through {end}" for end in last if end)
                yield NO_REPAIR.format(f"{name}{through}")


def is_github(value: dict[str, Any]) -> bool:
    """An advisory of GitHub's REST or GraphQL interface."""
    return isinstance(value.get("ghsa_id") or value.get("ghsaId"), str)


def read_github(value: dict[str, Any]) -> Entry:
    packages = [
        *objects_at(value, "vulnerabilities"),
        *objects_at(value, "vulnerabilities", "nodes"),
    ]
    names = [*strings_at(value, "cve_id"), *_identifiers(value)]
    own_id = first_text(value, "ghsa_id", "ghsaId")
    return Entry(
        text=first_text(value, "description", "summary"),
        title=text_at(value, "summary"),
        kind=VULNERABILITY,
        id=own_id,
        source=_DATABASES[_GHSA][0],
        links=(
            *strings_at(value, "html_url"),
            *strings_at(value, "permalink"),
            *links_of(value.get("references")),
        ),
        licence=_DATABASES[_GHSA][1],
        language="en",
        severity=text_at(value, "severity"),
        cvss=newest(_github_ratings(value)),
        cwes=tuple(_github_cwes(value)),
        weaknesses=tuple(_github_weaknesses(value)),
        affected=tuple(words for package in packages if (words := _github_package(package))),
        mitigations=tuple(_github_fixes(packages)),
        fix_notes=tuple(_github_unfixed(packages)),
        aliases=tuple(name for name in names if name != own_id),
        status=WITHDRAWN if value.get("withdrawn_at") or value.get("withdrawnAt") else "",
        published=first_text(value, "published_at", "publishedAt"),
        modified=first_text(value, "updated_at", "updatedAt"),
    )


def _identifiers(value: dict[str, Any]) -> list[str]:
    return [text_at(one, "value") for one in objects_at(value, "identifiers")]


def _github_ratings(value: dict[str, Any]) -> Iterator[Cvss | None]:
    for names in (
        ("cvss_severities", "cvss_v4"),
        ("cvssSeverities", "cvssV4"),
        ("cvss_severities", "cvss_v3"),
        ("cvssSeverities", "cvssV3"),
        ("cvss",),
    ):
        rating = look_up(value, *names)
        vector, score = (
            first_text(rating, "vector_string", "vectorString"),
            look_up(rating, "score"),
        )
        computed = from_vector(vector, primary=True)
        if computed is None or not score or score == computed.score:
            yield computed  # a score of 0 says that nobody has rated it
        else:
            yield from_data({"vectorString": vector, "baseScore": score}, primary=True)


def _github_cwes(value: dict[str, Any]) -> Iterator[str]:
    for cwe in (*objects_at(value, "cwes"), *objects_at(value, "cwes", "nodes")):
        if own_id := first_text(cwe, "cwe_id", "cweId"):
            yield own_id


def _github_weaknesses(value: dict[str, Any]) -> Iterator[str]:
    for cwe in (*objects_at(value, "cwes"), *objects_at(value, "cwes", "nodes")):
        if named := named_weakness(first_text(cwe, "cwe_id", "cweId"), text_at(cwe, "name")):
            yield named


def _github_package(package: dict[str, Any]) -> str:
    name, ecosystem = text_at(package, "package", "name"), text_at(package, "package", "ecosystem")
    versions = first_text(package, "vulnerable_version_range", "vulnerableVersionRange")
    known = name and ecosystem and ecosystem.lower() != "other"
    called = f"{name} ({ecosystem})" if known else name
    return " ".join(part for part in (called, versions) if part)


def _github_fixes(packages: list[dict[str, Any]]) -> Iterator[str]:
    return updates(
        (
            text_at(package, "package", "name"),
            text_at(package, "package", "ecosystem"),
            _patched(package),
        )
        for package in packages
    )


def _patched(package: dict[str, Any]) -> str:
    """The version that repairs a package; in a project's own advisory under another name."""
    return (
        first_text(package, "first_patched_version", "patched_versions")
        or text_at(package, "first_patched_version", "identifier")
        or text_at(package, "firstPatchedVersion", "identifier")
    ).lstrip(">= ")


def _github_unfixed(packages: list[dict[str, Any]]) -> Iterator[str]:
    for package in packages:
        named, name = _github_package(package), text_at(package, "package", "name")
        if name and named and not _patched(package):
            for sign, word in _SIGNS:
                named = named.replace(sign, word)
            yield NO_REPAIR.format(named)


_SIGNS = ((", ", " "), ("<= ", "up to "), (">= ", "from "), ("< ", "before "), ("> ", "after "),
          ("= ", ""))  # fmt: skip
