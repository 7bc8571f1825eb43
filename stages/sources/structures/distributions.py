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
from stages.text.no_remedy import denies_remedy

_USN = re.compile(r"(USN-|LSN-)?\d{1,5}-\d{1,4}", re.IGNORECASE)
_CVE = re.compile(r"CVE-\d{4}-\d{4,}")
_CWE = re.compile(r"CWE-\d+")
# Red Hat's states of a package that is affected, with what is said of its repair; others say that
# it is not affected, or not known to be.
_AFFECTED = {
    "affected": "",
    "will not fix": "will not be fixed",
    "fix deferred": "its fix is deferred",
}
_NOT_FIXED = {
    "affected": "No repaired package is named for {package} in {product}.",
    "will not fix": "In {product}, {package} will not be fixed.",
    "fix deferred": "In {product}, the fix of {package} is deferred.",
    "out of support scope": "{package} in {product} is out of the scope of support.",
}
_OTHERWISE = {
    "not affected": "{package} in {product} is not affected.",
    "under investigation": "Whether {package} in {product} is affected is under investigation.",
    "out of support scope": "{package} in {product} is out of the scope of support.",
}
# Ubuntu's states of a package in a release.
_OPEN = ("needed", "needs-triage", "pending", "deferred", "in-progress")


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
        affected=tuple(_ubuntu_affected(value)),
        scope_notes=tuple(_ubuntu_spared(value)),
        mitigations=(*_ubuntu_updates(value), *strings_at(value, "mitigation")),
        fix_notes=tuple(_ubuntu_open(value)),
        status=status_of(text_at(value, "status"), described),
        published=text_at(value, "published"),
    )


def _ubuntu_states(value: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Of each package in each release: its name, the release, its state, and what is said of it."""
    for package in objects_at(value, "packages"):
        for one in objects_at(package, "statuses"):
            release = text_at(one, "release_codename")
            if release and release != "upstream" and text_at(package, "name"):
                state, said = text_at(one, "status").lower(), text_at(one, "description")
                yield text_at(package, "name"), f"Ubuntu {release}", state, said


def _ubuntu_affected(value: dict[str, Any]) -> Iterator[str]:
    states = list(_ubuntu_states(value))
    if not states:
        yield from (name for p in objects_at(value, "packages") if (name := text_at(p, "name")))
    for name, release, state, said in states:
        if state == "released" and said:
            yield f"{name} before {said} ({release})"
        elif state in _OPEN:
            yield f"{name} ({release})"


def _ubuntu_spared(value: dict[str, Any]) -> Iterator[str]:
    for name, release, state, said in _ubuntu_states(value):
        if state == "not-affected":
            yield f"{name} in {release} is not affected{f': {said}' if said else ''}."


def _ubuntu_updates(value: dict[str, Any]) -> Iterator[str]:
    for name, release, state, said in _ubuntu_states(value):
        if state == "released" and said:
            yield f"In {release}, update {name} to {said}."


def _ubuntu_open(value: dict[str, Any]) -> Iterator[str]:
    for name, release, state, said in _ubuntu_states(value):
        if state in _OPEN or state == "ignored":
            noted = f" ({state}{f', {said}' if said else ''})"
            yield f"No repaired {name} has been released for {release}{noted}."


def is_red_hat_cve(value: dict[str, Any]) -> bool:
    named = isinstance(value.get("name") or value.get("CVE"), str)
    return named and any(name in value for name in ("threat_severity", "bugzilla_description"))


def read_red_hat_cve(value: dict[str, Any]) -> Entry:
    own_id = first_text(value, "name", "CVE")
    bug = text_at(value, "bugzilla", "description") or text_at(value, "bugzilla_description")
    details = value.get("details")
    return Entry(
        text=paragraphs(*_told(details)) or text_at(value, "statement") or bug,
        title=bug,
        kind=VULNERABILITY,
        id=own_id,
        source="Red Hat",
        links=(f"https://access.redhat.com/security/cve/{own_id}", *_lines_of_links(value)),
        licence="CC-BY-4.0",
        language="en",
        severity=first_text(value, "threat_severity", "severity"),
        cvss=newest(_red_hat_ratings(value)),
        cwes=tuple(_CWE.findall(chain := first_text(value, "cwe", "CWE"))),
        weaknesses=(chain,) if "->" in chain else (),
        affected=tuple(_red_hat_packages(value)),
        scope_notes=tuple(_red_hat_states(value, _OTHERWISE)),
        mitigations=(*_red_hat_updates(value), *_red_hat_advice(value)),
        fix_notes=(*_red_hat_states(value, _NOT_FIXED), *_red_hat_denial(value)),
        aliases=strings_at(value, "advisories"),
        status=status_of("", text_at(value, "statement")),
        published=text_at(value, "public_date"),
        more={"statement": text_at(value, "statement")},
    )


def _told(details: Any) -> list[str]:
    """The vendor's own description in front of the short one that it has from elsewhere."""
    return sorted(strings(details), key=len, reverse=True)


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
        state = text_at(package, "fix_state").lower()
        if state in _AFFECTED:
            noted = f"; {_AFFECTED[state]}" if _AFFECTED[state] else ""
            yield f"{text_at(package, 'package_name')} ({text_at(package, 'product_name')}{noted})"


def _red_hat_states(value: dict[str, Any], said: dict[str, str]) -> Iterator[str]:
    """What is said of packages in some states, a sentence each."""
    for one in objects_at(value, "package_state"):
        package, product = text_at(one, "package_name"), text_at(one, "product_name")
        form = said.get(text_at(one, "fix_state").lower(), "")
        if form and package and product:
            yield form.format(package=package, product=product)


def _red_hat_updates(value: dict[str, Any]) -> Iterator[str]:
    """The packages that repair a flaw, with the notices that bring them."""
    for one in objects_at(value, "affected_release"):
        product, advisory = text_at(one, "product_name"), text_at(one, "advisory")
        parts = _PACKAGE.fullmatch(text_at(one, "package"))
        behind = f" ({advisory})" if advisory else ""
        if parts and product:
            yield f"In {product}, update {parts[1]} to {parts[2]}{behind}."
        elif product and advisory:
            yield f"For {product}, install the update {advisory}."
    if fixed := text_at(value, "upstream_fix"):
        yield f"The fix of the project itself is in {fixed}."


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


def _red_hat_denial(value: dict[str, Any]) -> Iterator[str]:
    """That nothing mitigates a flaw, which a standing phrase says at length."""
    said = " ".join(_red_hat_advice(value))
    if "either not available or" in said and denies_remedy(said.lower().strip().rstrip(".")):
        yield "No mitigation is available that meets the criteria of the vendor."
