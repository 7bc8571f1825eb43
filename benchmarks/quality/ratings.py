"""Entries with a severity in the shapes of many feeds, and what level each of them states.

Texts are those of CWE's examples of CVE; ratings are drawn.  Invariant: the level is known from
what was drawn, by CVSS's own scales or a vendor's word, and never read back from the record.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from cvss import CVSS2, CVSS3, CVSS4

from examples import make_input
from stages.base import Record

RECORDS = 240
SEED = 13
_WORDS = {"Moderate": "medium", "Important": "high", "CRITICAL": "critical", "low": "low",
          "Severe": "critical", "Informational": "none"}  # fmt: skip
_METRICS = {
    "2.0": ("", {"AV": "LAN", "AC": "HML", "Au": "MSN", "C": "NPC", "I": "NPC", "A": "NPC"}),
    "3.1": ("CVSS:3.1/", {"AV": "NALP", "AC": "LH", "PR": "NLH", "UI": "NR", "S": "UC",
                          "C": "HLN", "I": "HLN", "A": "HLN"}),
    "4.0": ("CVSS:4.0/", {"AV": "NALP", "AC": "LH", "AT": "NP", "PR": "NLH", "UI": "NPA",
                          "VC": "HLN", "VI": "HLN", "VA": "HLN", "SC": "HLN", "SI": "HLN",
                          "SA": "HLN"}),
}  # fmt: skip


@dataclass(frozen=True)
class SampledRating:
    """A drawn rating: its version, vector, score and level."""

    version: str
    vector: str
    score: float
    level: str

    def data(self) -> dict[str, Any]:
        """As FIRST's schema writes it."""
        found = {"version": self.version, "vectorString": self.vector, "baseScore": self.score}
        return found | ({} if self.version == "2.0" else {"baseSeverity": self.level.upper()})


@dataclass(frozen=True)
class RatedRecord:
    """A record, the level that it states, and the same record without any rating."""

    record: Record
    level: str
    bare: Record


def drawn(version: str, random: Random) -> SampledRating:
    """A rating with a vector of random metrics."""
    prefix, metrics = _METRICS[version]
    vector = prefix + "/".join(
        f"{name}:{random.choice(values)}" for name, values in metrics.items()
    )
    kind: Any = {"2": CVSS2, "3": CVSS3, "4": CVSS4}[version[0]]
    found = kind(vector)
    level = found.severity if version == "4.0" else found.severities()[0]
    return SampledRating(version, vector, float(found.base_score), level.lower())


def _nvd(text: str, *ratings: SampledRating, primary: int = 0) -> Record:
    names = {"2.0": "cvssMetricV2", "3.1": "cvssMetricV31", "4.0": "cvssMetricV40"}
    metrics: dict[str, list[Any]] = {}
    for number, rating in enumerate(ratings):
        kind = "Primary" if number == primary else "Secondary"
        one = {"source": f"s{number}", "type": kind, "cvssData": rating.data()}
        metrics.setdefault(names[rating.version], []).append(one)
    cve = {"id": "CVE-2091-1", "descriptions": [{"lang": "en", "value": text}]}
    return {"cve": cve | ({"metrics": metrics} if metrics else {})}


def _one_of_nvd(text: str, random: Random) -> RatedRecord:
    rating = drawn(random.choice(["2.0", "3.1", "4.0"]), random)
    return RatedRecord(_nvd(text, rating), rating.level, _nvd(text))


def _versions_of_nvd(text: str, random: Random) -> RatedRecord:
    """The newest counts, whoever gave it."""
    ratings = [drawn(version, random) for version in ("2.0", "3.1", "4.0")]
    return RatedRecord(
        _nvd(text, *ratings, primary=random.randrange(3)), ratings[2].level, _nvd(text)
    )


def _sources_of_nvd(text: str, random: Random) -> RatedRecord:
    """Of one version the primary source counts."""
    ratings = [drawn("3.1", random) for _ in range(3)]
    primary = random.randrange(3)
    return RatedRecord(_nvd(text, *ratings, primary=primary), ratings[primary].level, _nvd(text))


def _cve_5(text: str, random: Random) -> RatedRecord:
    rating = drawn("3.1", random)
    bare = {
        "dataType": "CVE_RECORD",
        "cveMetadata": {"cveId": "CVE-2091-1", "state": "PUBLISHED"},
        "containers": {"cna": {"descriptions": [{"lang": "en", "value": text}]}},
    }
    cna = {**bare["containers"]["cna"], "metrics": [{"cvssV3_1": rating.data()}]}  # type: ignore[index]
    return RatedRecord({**bare, "containers": {"cna": cna}}, rating.level, bare)


def _osv(text: str, random: Random) -> RatedRecord:
    """A vector alone."""
    rating = drawn(random.choice(["3.1", "4.0"]), random)
    bare = {"id": "GHSA-2222-3333-4444", "details": text, "affected": []}
    kind = f"CVSS_V{rating.version[0]}"
    return RatedRecord(
        {**bare, "severity": [{"type": kind, "score": rating.vector}]}, rating.level, bare
    )


def _word(text: str, random: Random) -> RatedRecord:
    """A vendor's word goes before a score."""
    word, level = random.choice(list(_WORDS.items()))
    bare = {"id": "USN-1-1", "title": "Update", "description": text}
    return RatedRecord({**bare, "severity": word, "cvss_score": 5.0}, level, bare)


def _fields(text: str, random: Random) -> RatedRecord:
    """Fields of a table."""
    rating = drawn("3.1", random)
    bare = {"cve_id": "CVE-2091-1", "description": text}
    return RatedRecord({**bare, "cvss_v3_score": str(rating.score)}, rating.level, bare)


SHAPES: tuple[Callable[[str, Random], RatedRecord], ...] = (
    _one_of_nvd, _versions_of_nvd, _sources_of_nvd, _cve_5, _osv, _word, _fields,
)  # fmt: skip


def rated_records() -> list[RatedRecord]:
    """The records, every shape by turns."""
    random = Random(SEED)
    entries = list(make_input.nvd_entries(make_input.cwe_rows()))
    texts = [one["cve"]["descriptions"][0]["value"] for one in random.sample(entries, RECORDS)]
    return [SHAPES[number % len(SHAPES)](text, random) for number, text in enumerate(texts)]
