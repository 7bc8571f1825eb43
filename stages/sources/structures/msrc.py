"""Entries of Microsoft's security update guide, as its interface writes them.

Invariant: what a flaw is, its description and title say; an answer of its FAQ, which says what
somebody gains or needs, is never taken for that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stages.sources.cvss import from_vector
from stages.sources.entry import Entry
from stages.sources.structures.reading import objects_at, paragraphs, text_at
from stages.text.kinds import VULNERABILITY

_PAGE = "https://msrc.microsoft.com/update-guide/vulnerability/"
_TOLD = frozenset({"description", "executive summary", "summary"})
_MEASURES = frozenset({"mitigation", "mitigations", "workaround", "workarounds"})


def is_msrc(value: dict[str, Any]) -> bool:
    return "cveNumber" in value and "cveTitle" in value


def read_msrc(value: dict[str, Any]) -> Entry:
    own_id = text_at(value, "cveNumber").upper()
    return Entry(
        text=paragraphs(*_articles(value, _TOLD)) or text_at(value, "description"),
        title=text_at(value, "cveTitle"),
        kind=VULNERABILITY,
        id=own_id,
        source="MSRC",
        links=(_PAGE + own_id,),
        language="en",
        severity=text_at(value, "severity"),
        cvss=from_vector(text_at(value, "vectorString"), "Microsoft"),
        mitigations=tuple(_articles(value, _MEASURES)),
        published=text_at(value, "releaseDate"),
        modified=text_at(value, "latestRevisionDate"),
    )


def _articles(value: dict[str, Any], types: frozenset[str]) -> Iterator[str]:
    for article in objects_at(value, "articles"):
        if text_at(article, "articleType").lower() in types:
            yield text_at(article, "description")
