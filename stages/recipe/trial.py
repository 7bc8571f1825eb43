"""trial.yaml: the tasks by which a model shows which kinds of answer it writes well.

Knows records and patterns; asks nothing.  Invariant: every task is about one of the records, and
there are some in both halves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stages.base import Record
from stages.recipe.nodes import Node
from stages.recipe.templates import searched
from stages.text.record_text import record_text


@dataclass(frozen=True)
class Task:
    """A question of a type about a record; `must` and `never` are patterns, case ignored."""

    record: str
    type: str
    answer: str
    must: tuple[str, ...]
    never: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trial:
    """The records by name, and the tasks: the first half decides whether the second is asked."""

    records: Mapping[str, Record]
    first_half: tuple[Task, ...]
    second_half: tuple[Task, ...]


def read_trial(root: Node) -> Trial:
    """The trial of a file; raises RecipeError."""
    found = root.fields("records", "first_half", "second_half")
    records = {name: _record(one) for name, one in found["records"].entries().items()}
    names = tuple(records)
    first, second = (
        tuple(_task(one, names) for one in found[half].list())
        for half in ("first_half", "second_half")
    )
    return Trial(records, first, second)


def _record(node: Node) -> Record:
    record = {name: one.plain() for name, one in node.entries().items()}
    if not record_text(record):
        raise node.wrong("this record has no text: no title, description or the like")
    return record


def _task(node: Node, records: tuple[str, ...]) -> Task:
    found = node.fields("record", "type", "answer", "must", optional=("never",))
    return Task(
        found["record"].one_of(records, "record"),
        found["type"].text(),
        found["answer"].text(),
        _patterns(found["must"]),
        _patterns(found["never"]) if "never" in found else (),
    )


def _patterns(node: Node) -> tuple[str, ...]:
    return tuple(searched(one, {}) for one in node.list())
