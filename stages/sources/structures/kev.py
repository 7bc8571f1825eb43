"""CISA's catalog of known exploited vulnerabilities."""

from __future__ import annotations

import re
from typing import Any

from stages.sources.entry import Entry
from stages.sources.structures.reading import strings, strings_at, text_at
from stages.text.kinds import VULNERABILITY

_CATALOG = "https://www.cisa.gov/known-exploited-vulnerabilities-catalog"
_LINK = re.compile(r"https?://[^\s;,]+")


def is_kev(value: dict[str, Any]) -> bool:
    return "cveID" in value and "shortDescription" in value


def read_kev(value: dict[str, Any]) -> Entry:
    product = [text_at(value, "vendorProject"), text_at(value, "product")]
    cwes = value.get("cwes")
    return Entry(
        text=text_at(value, "shortDescription"),
        title=text_at(value, "vulnerabilityName"),
        language="en",
        kind=VULNERABILITY,
        id=text_at(value, "cveID").upper(),
        source="CISA KEV",
        links=(*_LINK.findall(text_at(value, "notes")), _CATALOG),
        licence="CC0-1.0",
        cwes=tuple(re.split(r"[,;\s]+", cwes) if isinstance(cwes, str) else strings(cwes)),
        affected=(" ".join(part for part in product if part),) if any(product) else (),
        mitigations=strings_at(value, "requiredAction"),
        published=text_at(value, "dateAdded"),
        more={
            "due_date": text_at(value, "dueDate"),
            "ransomware_use": text_at(value, "knownRansomwareCampaignUse"),
        },
    )
