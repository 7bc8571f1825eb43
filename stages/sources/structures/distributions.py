"""Notices of Linux distributions: Ubuntu's USN and CVE objects, Red Hat's CVE and RHSA objects.

Invariant: packages are named with the release that fixes or holds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from stages.sources.cvss import Cvss, from_data, from_vector, newest
from stages.sources.entry import Entry
from stages.sources.structures.nvd import status_of
from stages.sources.structures.reading import (
    first_text,
    links_of,
    look_up,
    objects,
    objects_at,
    paragraphs,
    strings,
    strings_at,
    text_at,
)
from stages.text.kinds import ADVISORY, VULNERABILITY

_USN = re.compile(r"(USN-|LSN-)?\d{1,5}-\d{1,4}", re.IGNORECASE)
_CVE = re.compile(r"CVE-\d{4}-\d{4,}")
_CWE = re.compile(r"CWE-\d+")
# Red Hat's states of a package; others say that it is not affected, or not known to be.
_AFFECTED = ("affected", "will not fix", "fix deferred")


def is_ubuntu_notice(value: dict[str, Any]) -> bool:
    own_id = value.get("id")
    named = isinstance(own_id, str) and _USN.fullmatch(own_id) is not None
    return named and ("release_packages" in value or "releases" in value)


def read_ubuntu_notice(value: dict[str, Any]) -> Entry:
    own_id = value["id"].upper()
    own_id = own_id if "-" in own_id and own_id[0].isalpha() else f"USN-{own_id}"
    action = first_text(value, "instructions", "action")
    described = text_at(value, "description")
    return Entry(
        text=paragraphs(first_text(value, "isummary", "summary"), described),
        title=text_at(value, "title"),
        kind=ADVISORY,
        id=own_id,
        source="Ubuntu",
        links=(f"https://ubuntu.com/security/notices/{own_id}", *links_of(value.get("references"))),
        language="en",
        affected=tuple(dict.fromkeys(_ubuntu_packages(value))),
        mitigations=(action,) if action else (),
        aliases=tuple(_ubuntu_cves(value)),
        published=text_at(value, "published"),
    )


def _ubuntu_packages(value: dict[str, Any]) -> Iterator[str]:
    packages = look_up(value, "release_packages")
    for release, found in packages.items() if isinstance(packages, dict) else ():
        for package in objects(found):
            name, version = text_at(package, "name"), text_at(package, "version")
            if name and package.get("is_source") is not False:
                yield f"{name} before {version} (Ubuntu {release})" if version else name
    releases = look_up(value, "releases")
    for release, found in releases.items() if isinstance(releases, dict) else ():
        sources = look_up(found, "sources")
        for name, package in sources.items() if isinstance(sources, dict) else ():
            version = text_at(package, "version")
            yield f"{name} before {version} (Ubuntu {release})" if version else name


def _ubuntu_cves(value: dict[str, Any]) -> Iterator[str]:
    found = [*strings_at(value, "cves_ids"), *strings_at(value, "cves")]
    found += [text_at(cve, "id") for cve in objects_at(value, "cves")]
    yield from dict.fromkeys(name for name in found if _CVE.fullmatch(name))


def is_ubuntu_cve(value: dict[str, Any]) -> bool:
    own_id = value.get("id")
    named = isinstance(own_id, str) and _CVE.fullmatch(own_id) is not None
    return named and "packages" in value and ("priority" in value or "ubuntu_description" in value)


def read_ubuntu_cve(value: dict[str, Any]) -> Entry:
    own_id = value["id"]
    described = text_at(value, "description")
    v3 = look_up(value, "impact", "baseMetricV3", "cvssV3")
    return Entry(
        text=paragraphs(described, text_at(value, "ubuntu_description")),
        kind=VULNERABILITY,
        id=own_id,
        source="Ubuntu",
        links=(f"https://ubuntu.com/security/{own_id}", *links_of(value.get("references"))),
        language="en",
        severity=text_at(value, "priority"),
        cvss=from_data(v3),
        affected=tuple(text_at(p, "name") for p in objects_at(value, "packages") if p.get("name")),
        mitigations=strings_at(value, "mitigation"),
        status=status_of(text_at(value, "status"), described),
        published=text_at(value, "published"),
    )


def is_red_hat_cve(value: dict[str, Any]) -> bool:
    named = isinstance(value.get("name") or value.get("CVE"), str)
    return named and any(name in value for name in ("threat_severity", "bugzilla_description"))


def read_red_hat_cve(value: dict[str, Any]) -> Entry:
    own_id = first_text(value, "name", "CVE")
    bug = text_at(value, "bugzilla", "description") or text_at(value, "bugzilla_description")
    details = value.get("details")
    return Entry(
        text=paragraphs(*strings(details), text_at(value, "statement")) or bug,
        title=bug,
        kind=VULNERABILITY,
        id=own_id,
        source="Red Hat",
        links=(f"https://access.redhat.com/security/cve/{own_id}", *_lines_of_links(value)),
        licence="CC-BY-4.0",
        language="en",
        severity=first_text(value, "threat_severity", "severity"),
        cvss=newest(_red_hat_ratings(value)),
        cwes=tuple(_CWE.findall(first_text(value, "cwe", "CWE"))),
        affected=tuple(_red_hat_packages(value)),
        mitigations=tuple(_red_hat_advice(value)),
        aliases=strings_at(value, "advisories"),
        status=status_of("", text_at(value, "statement")),
        published=text_at(value, "public_date"),
    )


def _lines_of_links(value: dict[str, Any]) -> tuple[str, ...]:
    lines = [line for text in strings(value.get("references")) for line in text.split()]
    return links_of(lines)


def _red_hat_ratings(value: dict[str, Any]) -> Iterator[Cvss | None]:
    v3, v2 = look_up(value, "cvss3"), look_up(value, "cvss")
    yield _red_hat_rating(v3, "cvss3_base_score", "cvss3_scoring_vector", "3")
    yield _red_hat_rating(v2, "cvss_base_score", "cvss_scoring_vector", "2.0")
    yield from_vector(value.get("cvss3_scoring_vector"), "Red Hat", True)


def _red_hat_rating(rating: Any, score: str, vector: str, version: str) -> Cvss | None:
    try:
        number = float(text_at(rating, score))
    except ValueError:
        return None
    data = {"baseScore": number, "vectorString": text_at(rating, vector)}
    return from_data(data, "Red Hat", True, version=version)


def _red_hat_packages(value: dict[str, Any]) -> Iterator[str]:
    for package in objects_at(value, "affected_release"):
        name, product = text_at(package, "package"), text_at(package, "product_name")
        yield _fixed_package(name, product)
    for package in objects_at(value, "package_state"):
        if text_at(package, "fix_state").lower() in _AFFECTED:
            yield f"{text_at(package, 'product_name')}: {text_at(package, 'package_name')}"


# "foo-1.2-3.el8" and "foo-0:1.2-3.el8": name, epoch, version and release.
_PACKAGE = re.compile(r"([^\s/:]+)-(?:\d+:)?(v?\d[^-\s:]*-[^-\s:]+)")


def _fixed_package(name: str, product: str) -> str:
    """ "foo before 1.2-3.el8 (RHEL 8)"; the product where an image or a module is fixed."""
    parts = _PACKAGE.fullmatch(name)
    return f"{parts[1]} before {parts[2]} ({product})" if parts and product else product


def _red_hat_advice(value: dict[str, Any]) -> Iterator[str]:
    advice = value.get("mitigation")
    yield from (
        strings_at(value, "mitigation", "value") if isinstance(advice, dict) else strings(advice)
    )
