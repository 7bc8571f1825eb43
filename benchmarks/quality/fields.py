"""Fields of the filter against what records state, with the statement in sight and hidden.

Runs the filter's own functions without a model.  Invariant: a hidden value is nowhere in the
record that is measured, but in what its prose says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from benchmarks.platforms import held_out, techniques
from benchmarks.quality.records.entries import VULNERABILITIES
from benchmarks.tables import Table
from examples import make_input
from stages.base import Record
from stages.data_filter.fields import stated_fields
from stages.recipe.recipe import shipped
from stages.text.record_text import read_record
from stages.text.severity import UNKNOWN, severity_of

MITIGATING = ("courses_of_action", "potential_mitigations")


@dataclass(frozen=True)
class Hidden:
    """A record without one of its fields, what that field says, and what the filter fills in."""

    truth: frozenset[str]
    found: frozenset[str]


def _filled(record: Record, field: str) -> list[str]:
    value = stated_fields(record, read_record(record), shipped().systems)[field]
    return value if isinstance(value, list) else [] if value == UNKNOWN else [value]


def platforms() -> list[Hidden]:
    """ATT&CK techniques without their platforms, by weights of other families."""
    return [Hidden(one.platforms, found) for one, found in held_out(techniques())]


def mitigations() -> list[Hidden]:
    """Techniques and weaknesses without their mitigations."""
    records = [*make_input.attack_techniques(), *make_input.cwe_weaknesses(make_input.cwe_rows())]
    found = []
    for record in records:
        if truth := frozenset(_filled(record, "mitigations")):
            rest = {key: value for key, value in record.items() if key not in MITIGATING}
            found.append(Hidden(truth, frozenset(_filled(rest, "mitigations"))))
    return found


def severities() -> list[Hidden]:
    """Entries that state a severity or a score, without it."""
    found = []
    for record in VULNERABILITIES:
        level = severity_of(record).level
        if level != UNKNOWN:
            cve = {key: value for key, value in record["cve"].items() if key != "metrics"}
            found.append(Hidden(frozenset({level}), frozenset(_filled({"cve": cve}, "risk_level"))))
    return found


FIELDS: dict[str, Callable[[], Iterable[Hidden]]] = {
    "affected_systems (ATT&CK platforms)": platforms,
    "mitigations (ATT&CK, CWE)": mitigations,
    "risk_level (CVE entries, own)": severities,
}


def fields_table() -> Table:
    """Precision, recall and abstention of each field with its true value hidden."""
    rows = [_row(name, list(measure())) for name, measure in FIELDS.items()]
    columns = ["field", "records", "left empty", "precision", "recall"]
    return Table("fields, true value hidden", columns, rows)


def _row(name: str, records: list[Hidden]) -> list[str]:
    empty = sum(not one.found for one in records)
    right = sum(len(one.truth & one.found) for one in records)
    said = sum(len(one.found) for one in records)
    true = sum(len(one.truth) for one in records)
    precision = f"{right / said:.2f}" if said else "-"
    return [
        name,
        str(len(records)),
        f"{empty / len(records):.0%}",
        precision,
        f"{right / true:.2f}",
    ]
