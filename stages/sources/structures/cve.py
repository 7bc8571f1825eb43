"""CVE records as the CVE Program publishes them: version 5 (and 5.1), and version 4 before it.

Invariant: the CNA's words come first; what ADP containers add are ratings and links only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from stages.sources.cvss import Cvss, from_data, newest, version_in
from stages.sources.entry import Entry
from stages.sources.structures.nvd import cwes_of_problems, status_of
from stages.sources.structures.ranges import cve4_affected, cve_affected, cve_spared
from stages.sources.structures.reading import (
    Said,
    first_text,
    in_one_language,
    links_of,
    look_up,
    named_weakness,
    objects,
    objects_at,
    short_language,
    strings_at,
    text_at,
)
from stages.sources.structures.siblings import of_this_flaw
from stages.text.kinds import VULNERABILITY
from stages.text.severity import level_of
from stages.text.workarounds import as_workaround

SOURCE = "CVE Program"
_LICENCE = "CVE Terms of Use (https://www.cve.org/Legal/TermsOfUse)"
_PAGE = "https://www.cve.org/CVERecord?id="


def is_cve_5(value: dict[str, Any]) -> bool:
    return isinstance(value.get("cveMetadata"), dict)


def read_cve_5(value: dict[str, Any]) -> Entry:
    meta, cna = value["cveMetadata"], look_up(value, "containers", "cna")
    own_id = text_at(meta, "cveId")
    said = of_this_flaw(_said(cna), own_id)
    containers = [*objects(cna), *objects_at(value, "containers", "adp")]
    links = [link for one in containers for link in links_of(one.get("references"))]
    return Entry(
        text=said.text,
        language=said.language,
        title=text_at(cna, "title"),
        kind=VULNERABILITY,
        id=own_id.upper(),
        source=SOURCE,
        links=(_PAGE + own_id, *links),
        licence=_LICENCE,
        severity=_own_word(cna),
        cvss=newest(rating for one in containers for rating in _ratings(one, one is cna)),
        cwes=tuple(dict.fromkeys(cwe for one in containers for cwe in _cwes(one))),
        weaknesses=tuple(name for one in containers for name in _names(one)),
        affected=cve_affected(look_up(cna, "affected"), said.text),
        scope_notes=(*cve_spared(look_up(cna, "affected")), *_needs(cna, said.language)),
        mitigations=(
            *_advice(look_up(cna, "solutions"), said.language),
            *map(as_workaround, _advice(look_up(cna, "workarounds"), said.language)),
        ),
        status=status_of(text_at(meta, "state"), said.text, strings_at(cna, "tags")),
        published=text_at(meta, "datePublished"),
        modified=text_at(meta, "dateUpdated"),
    )


def _said(cna: Any) -> Said:
    said = in_one_language(look_up(cna, "descriptions"))
    return said if said.text else in_one_language(look_up(cna, "rejectedReasons"))


def _ratings(container: dict[str, Any], own: bool) -> list[Cvss | None]:
    """Ratings of a container; the CNA's are primary."""
    source = text_at(container, "providerMetadata", "shortName")
    metrics = list(objects_at(container, "metrics"))
    return [
        from_data(metric[name], source, own, version=version_in(name))
        for metric in [one for one in metrics if _is_general(one)] or metrics
        for name in metric
        if name.startswith("cvssV")
    ]


def _is_general(metric: dict[str, Any]) -> bool:
    """Whether a rating holds in general, and not in a scenario such as "with option X off"."""
    scenarios = [text_at(one, "value").upper() for one in objects_at(metric, "scenarios")]
    return not scenarios or "GENERAL" in scenarios


def _needs(cna: Any, language: str) -> Iterator[str]:
    """The configurations that a flaw needs to be exploited; how to look for one is none."""
    for text in _advice(look_up(cna, "configurations"), language):
        if not _HOW_TO_CHECK.match(text):
            told = _SAYS_WHERE.match(text) is not None
            yield text if told else f"Exploiting it takes this configuration: {text}"


_HOW_TO_CHECK = re.compile(
    r"(?:You|Customers|Users|Administrators) can (?:check|verify|see|determine|find out|confirm)\b"
    r"|To (?:check|verify|see|determine|find out|confirm)\b"
    r"|(?:Check|Verify|Determine) (?:whether|if)\b"
)
_SAYS_WHERE = re.compile(
    r"(?:This|The) (?:issue|vulnerability|flaw|problem|CVE)"
    r" (?:is|affects|applies|impacts|only|requires|can|exists|occurs)\b"
    r"|Only [^.]{5,200} (?:are|is) (?:affected|vulnerable|exposed|impacted)\b"
    r"|You are (?:only )?(?:affected|vulnerable|exposed)\b"
)


def _own_word(cna: Any) -> str:
    """The CNA's severity by its own scale, which Red Hat, Apache and OpenSSL give beside CVSS."""
    contents = (look_up(metric, "other", "content") for metric in objects_at(cna, "metrics"))
    words = (first_text(content, "text", "value") for content in contents)
    return next((word for word in words if level_of(word)), "")


def _cwes(container: dict[str, Any]) -> list[str]:
    return [cwe for one in _problems(container) if (cwe := first_text(one, "cweId", "cweid"))]


def _names(container: dict[str, Any]) -> list[str]:
    told = _problems(container)
    named = (
        named_weakness(first_text(d, "cweId", "cweid"), text_at(d, "description")) for d in told
    )
    return [name for name in named if name]


def _problems(container: dict[str, Any]) -> list[dict[str, Any]]:
    return [d for p in objects_at(container, "problemTypes") for d in objects_at(p, "descriptions")]


def _advice(values: Any, language: str) -> Iterator[str]:
    """What solves a flaw or works around it, item by item, in the record's own language."""
    for one in objects(values):
        stated = short_language(text_at(one, "lang") or text_at(one, "language"))
        if (text := text_at(one, "value")) and (not language or stated in (language, "")):
            yield text


def is_cve_4(value: dict[str, Any]) -> bool:
    return isinstance(value.get("CVE_data_meta"), dict)


def read_cve_4(value: dict[str, Any]) -> Entry:
    meta = value["CVE_data_meta"]
    own_id = text_at(meta, "ID")
    said = in_one_language(look_up(value, "description", "description_data"))
    return Entry(
        text=said.text,
        language=said.language,
        title=text_at(meta, "TITLE"),
        kind=VULNERABILITY,
        id=own_id.upper(),
        source=SOURCE,
        links=(_PAGE + own_id, *links_of(look_up(value, "references", "reference_data"))),
        licence=_LICENCE,
        cvss=newest(_old_ratings(value.get("impact"))),
        cwes=cwes_of_problems(look_up(value, "problemtype", "problemtype_data")),
        affected=cve4_affected(value.get("affects")),
        mitigations=(
            *_advice(value.get("solution"), said.language),
            *map(as_workaround, _advice(value.get("work_around"), said.language)),
        ),
        status=status_of(text_at(meta, "STATE"), said.text),
        published=text_at(meta, "DATE_PUBLIC"),
    )


def _old_ratings(impact: Any) -> list[Cvss | None]:
    cvss = look_up(impact, "cvss")
    nested = [item for group in cvss for item in objects(group)] if isinstance(cvss, list) else []
    return [from_data(item) for item in nested or objects(cvss)]
