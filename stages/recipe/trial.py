"""trial.yaml: the tasks by which a model shows which types of answer it writes well.

Knows records and patterns; asks nothing.  Invariant: every task is about a record with a text, has
facts that a right answer tells, and some task is asked of every model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stages.base import Record
from stages.recipe.nodes import Node
from stages.recipe.templates import searched
from stages.text.record_text import record_text


@dataclass(frozen=True)
class Task:
    """A question of a type about a record, with what a person would answer.

    `facts` are patterns of what a right answer tells, `never` of what only a wrong one says; case
    is ignored.  `first`: asked of every model; others only where that went well.
    """

    record: str
    type: str
    answer: str
    facts: tuple[str, ...]
    never: tuple[str, ...] = ()
    first: bool = False


@dataclass(frozen=True)
class Trial:
    """The records by name, and the tasks about them in the order of the file."""

    records: Mapping[str, Record]
    tasks: tuple[Task, ...]

    @property
    def types(self) -> tuple[str, ...]:
        """The types of question that there are tasks of, each once."""
        return tuple(dict.fromkeys(task.type for task in self.tasks))


def read_trial(root: Node) -> Trial:
    """The trial of a file; raises RecipeError."""
    entries = root.fields("records")["records"].entries()
    found = {name: one.fields("record", "tasks") for name, one in entries.items()}
    tasks = tuple(task for name, one in found.items() for task in _tasks(name, one["tasks"]))
    if not any(task.first for task in tasks):
        raise root.wrong("no task is `first: true`, so that a model is asked none")
    return Trial({name: _record(one["record"]) for name, one in found.items()}, tasks)


def _record(node: Node) -> Record:
    record = {name: one.plain() for name, one in node.entries().items()}
    if not record_text(record):
        raise node.wrong("this record has no text: no title, description or the like")
    return record


def _tasks(record: str, node: Node) -> Iterator[Task]:
    known: set[str] = set()
    for one in node.list():
        task = _task(record, one)
        if task.type in known:
            raise one.wrong(f"{record} has a task of type {task.type} already")
        known.add(task.type)
        yield task


def _task(record: str, node: Node) -> Task:
    found = node.fields("type", "answer", "facts", optional=("never", "first"))
    return Task(
        record,
        found["type"].text(),
        found["answer"].text(),
        _patterns(found["facts"]),
        _patterns(found["never"]) if "never" in found else (),
        found["first"].flag() if "first" in found else False,
    )


def _patterns(node: Node) -> tuple[str, ...]:
    return tuple(searched(one, {}) for one in node.list())
