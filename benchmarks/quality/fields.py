"""Fields of the filter against what records state, with the statement in sight and hidden.

Runs the readers and the filter's own functions, without a model.  Invariant: a hidden value is
nowhere in the record that is measured, but in what its prose says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from benchmarks.platforms import Technique, held_out, techniques
from benchmarks.quality.ratings import rated_records
from benchmarks.quality.samples import as_read
from benchmarks.tables import TextTable
from examples import make_input
from stages.base import Record
from stages.data_filter.fields import stated_fields
from stages.recipe.recipe import Recipe
from stages.text.record_text import read_record
from stages.text.severity import UNKNOWN

MITIGATING = ("courses_of_action", "potential_mitigations")


@dataclass(frozen=True)
class Hidden:
    """A record without one of its fields, what that field says, and what the filter fills in."""

    truth: frozenset[str]
    found: frozenset[str]


def _filled(record: Record, field: str, recipe: Recipe) -> list[str]:
    record = as_read(record)
    value = stated_fields(record, read_record(record), recipe.systems)[field]
    return value if isinstance(value, list) else [] if value == UNKNOWN else [value]


def platforms(recipe: Recipe) -> list[Hidden]:
    """ATT&CK techniques without their platforms, by weights of other families."""
    return [Hidden(one.platforms, found) for one, found in _platforms(recipe)]


def _platforms(recipe: Recipe) -> Iterable[tuple[Technique, frozenset[str]]]:
    return held_out(techniques(recipe.systems), recipe.systems)


def mitigations(recipe: Recipe) -> list[Hidden]:
    """Techniques and weaknesses without their mitigations."""
    records = [*make_input.attack_techniques(), *make_input.cwe_weaknesses(make_input.cwe_rows())]
    found = []
    for record in records:
        if truth := frozenset(_filled(record, "mitigations", recipe)):
            rest = {key: value for key, value in record.items() if key not in MITIGATING}
            found.append(Hidden(truth, frozenset(_filled(rest, "mitigations", recipe))))
    return found


def severities(recipe: Recipe) -> list[Hidden]:
    """Entries that state a severity or a score, without it."""
    return [_severity(one.level, one.bare, recipe) for one in rated_records()]


def stated_severities(recipe: Recipe) -> list[Hidden]:
    """The same entries as they are."""
    return [_severity(one.level, one.record, recipe) for one in rated_records()]


def _severity(level: str, record: Record, recipe: Recipe) -> Hidden:
    return Hidden(frozenset({level}), frozenset(_filled(record, "risk_level", recipe)))


FIELDS: dict[str, Callable[[Recipe], Iterable[Hidden]]] = {
    "affected_systems (ATT&CK platforms)": platforms,
    "mitigations (ATT&CK, CWE)": mitigations,
    "risk_level (seven shapes)": severities,
    "risk_level in sight (the same)": stated_severities,
}


def fields_table(recipe: Recipe, by_model: Mapping[str, list[Hidden]]) -> TextTable:
    """Precision, recall and abstention of each field with its true value hidden.

    by_model: what a model fills in, by the name of the field; may be empty.
    """
    by_filter = {name: list(measure(recipe)) for name, measure in FIELDS.items()}
    rows = [field_row(name, found) for name, found in {**by_filter, **by_model}.items()]
    columns = ["field", "records", "left empty", "precision", "recall"]
    return TextTable("fields, true value hidden", columns, rows)


def field_row(name: str, records: list[Hidden]) -> list[str]:
    """Name, records, share that was left empty, precision and recall."""
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
