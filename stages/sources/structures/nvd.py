"""NVD's CVE entries: API 2.0 and its feeds, and the feeds of version 1.1 before them.

Invariant: an entry keeps its status (rejected, disputed ...) whatever its description says.
"""

from __future__ import annotations

import re
from typing import Any

from stages.sources.cvss import Cvss, from_data, newest, text_of, version_in
from stages.sources.entry import DISPUTED, REJECTED, RESERVED, Entry
from stages.sources.structures.ranges import cpe_matches
from stages.sources.structures.reading import (
    in_one_language,
    links_of,
    look_up,
    objects,
    objects_at,
    strings_at,
    text_at,
)
from stages.sources.structures.siblings import of_this_flaw
from stages.text.kinds import VULNERABILITY
from stages.text.record_text import raw_bodies

SOURCE = "NVD"
_PAGE = "https://nvd.nist.gov/vuln/detail/"
_CVE = re.compile(r"CVE-\d{4}-\d{4,}", re.IGNORECASE)
_CWE = re.compile(r"CWE-\d+")
_NAMED = re.compile(r"CWE-\d+\W+[A-Za-z].*")  # as tools that enrich NVD's entries write it
_STATUSES = {"rejected": REJECTED, "reserved": RESERVED, "reject": REJECTED}
_MARKED = re.compile(r"\s*\*\* ?(REJECT(?:ED)?|RESERVED|DISPUTED) ?\*\*", re.IGNORECASE)


def is_nvd(value: dict[str, Any]) -> bool:
    """An element of `vulnerabilities`, or the `cve` in it; a row of a table with NVD's status is
    none, and its text stands under a name of its own."""
    cve = _cve(value)
    named = isinstance(cve.get("id"), str) and _CVE.fullmatch(cve["id"]) is not None
    told = cve.get("descriptions")
    listed = isinstance(told, list) and all(isinstance(one, dict) for one in told)
    alone = told is None and "vulnStatus" in cve and not raw_bodies(cve)
    return named and (listed or alone) and "opencve" not in value


def _cve(value: dict[str, Any]) -> dict[str, Any]:
    inner = value.get("cve")
    return inner if isinstance(inner, dict) else value


def read_nvd(value: dict[str, Any]) -> Entry:
    cve = _cve(value)
    said = of_this_flaw(in_one_language(cve.get("descriptions")), cve["id"])
    weaknesses = [
        one for w in objects_at(cve, "weaknesses") for one in objects_at(w, "description")
    ]
    tags = [tag for one in objects_at(cve, "cveTags") for tag in strings_at(one, "tags")]
    return Entry(
        text=said.text,
        language=said.language,
        kind=VULNERABILITY,
        id=cve["id"].upper(),
        source=SOURCE,
        links=(_PAGE + cve["id"], *links_of(cve.get("references"))),
        cvss=newest(_ratings(cve.get("metrics"))),
        cwes=tuple(own_id for one in weaknesses if (own_id := _of_weakness(one))),
        weaknesses=tuple(w for one in weaknesses if _NAMED.fullmatch(w := text_at(one, "value"))),
        affected=cpe_matches(cve.get("configurations")),
        status=status_of(text_at(cve, "vulnStatus"), said.text, tags),
        published=text_at(cve, "published"),
        modified=text_at(cve, "lastModified"),
    )


def _of_weakness(one: dict[str, Any]) -> str:
    """The number that a description of a weakness is, or begins with; empty for another one."""
    value = text_at(one, "value")
    found = _CWE.match(value) if _CWE.fullmatch(value) or _NAMED.fullmatch(value) else None
    return found[0] if found else ""


def _ratings(metrics: Any) -> list[Cvss | None]:
    """All ratings of `metrics`, whose names are cvssMetricV40, cvssMetricV31 ..."""
    names = metrics if isinstance(metrics, dict) else {}
    return [
        from_data(
            metric.get("cvssData"),
            text_at(metric, "source"),
            text_at(metric, "type").lower() == "primary",
            metric.get("baseSeverity"),
            version_in(name),
        )
        for name in names
        for metric in objects(names[name])
    ]


def status_of(stated: str, text: str, tags: list[str] | tuple[str, ...] = ()) -> str:
    """Rejected, reserved or disputed, by the status field, a tag, or the mark of the text."""
    if known := _STATUSES.get(stated.lower()):
        return known
    if any(tag.lower() == "disputed" for tag in tags):
        return DISPUTED
    if match := _MARKED.match(text):
        word = match[1].lower()
        return REJECTED if word.startswith("reject") else word
    return REJECTED if text.lower().startswith("rejected reason:") else ""


def is_nvd_1(value: dict[str, Any]) -> bool:
    """An element of `CVE_Items`."""
    return isinstance(look_up(value, "cve", "CVE_data_meta"), dict)


def read_nvd_1(value: dict[str, Any]) -> Entry:
    cve = value["cve"]
    own_id = text_at(cve, "CVE_data_meta", "ID")
    said = in_one_language(look_up(cve, "description", "description_data"))
    return Entry(
        text=said.text,
        language=said.language,
        kind=VULNERABILITY,
        id=own_id.upper(),
        source=SOURCE,
        links=(_PAGE + own_id, *links_of(look_up(cve, "references", "reference_data"))),
        cvss=newest(_old_ratings(value.get("impact"))),
        cwes=cwes_of_problems(look_up(cve, "problemtype", "problemtype_data")),
        affected=cpe_matches(value.get("configurations")),
        status=status_of(text_at(cve, "CVE_data_meta", "STATE"), said.text),
        published=text_of(value.get("publishedDate")),
        modified=text_of(value.get("lastModifiedDate")),
    )


def _old_ratings(impact: Any) -> list[Cvss | None]:
    v3, v2 = look_up(impact, "baseMetricV3"), look_up(impact, "baseMetricV2")
    return [
        from_data(look_up(v3, "cvssV3"), SOURCE, True, version="3"),
        from_data(look_up(v2, "cvssV2"), SOURCE, True, look_up(v2, "severity"), "2.0"),
    ]


def cwes_of_problems(problems: Any) -> tuple[str, ...]:
    """The CWE ids of the problem types of CVE 4 records and NVD 1.1."""
    said = [
        text_at(one, "value") for p in objects(problems) for one in objects_at(p, "description")
    ]
    return tuple(cwe for text in said for cwe in _CWE.findall(text))
