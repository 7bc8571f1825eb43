"""Pairs out to a file and decisions back from it, by pair id and version.

Knows JSON lines itself; Label Studio's shape is in label_studio.py.  Invariant: a decision that
does not fit what is here now is reported with its place in the file, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from stages.base import Record
from stages.manual_reviewer.decision import Decision
from stages.manual_reviewer.note import ACCEPT, EDIT
from workers.core.errors import InputError, UsageError
from workers.core.files import publish
from workers.core.json_fields import JsonFields
from workers.core.terminal import plain_text
from workers.review import label_studio
from workers.review.desk import Conflict, Desk, DeskItem, GatesFailed, Gone

_SHOWN_PROBLEMS = 20


def export_pairs(desk: Desk, path: Path, run: str, format_name: str = "jsonl") -> int:
    """Write the pairs on the desk, decided or not, in the run's order; returns how many.

    Raises InputError for a place that can't be written to.
    """
    rows = [exported(item, run) for item in desk.items.values()]
    try:
        if format_name == "jsonl":
            publish(path, (orjson.dumps(row) + b"\n" for row in rows))
        else:
            publish(path, label_studio.tasks(rows))
            publish(path.with_name(f"{path.name}.config.xml"), label_studio.config())
    except OSError as error:  # which names a temporary file
        raise InputError(f"--export {path}: {error.strerror}") from None
    return len(rows)


def exported(item: DeskItem, run: str) -> Record:
    """A pair as a row of an export."""
    now, note = item.current, item.note
    figures = {name: item.pair.figure(name) for name in ("grounded", "verbatim", "doubt")}
    return {
        "run": run,
        "id": item.id,
        "version": item.version,
        "decision": note.decision if note else None,
        "reason": note.reason if note else "",
        "instruction": now.instruction,
        "response": now.response,
        "source": item.pair.source,
        "domain": item.pair.domain,
        "kind": item.pair.kind,
        "flags": list(item.pair.flags),
        **figures,
    }


@dataclass(frozen=True)
class ImportedDecision:
    """A decision read from a file: about which pair, and as of which version."""

    id: str
    version: int
    decision: Decision


@dataclass
class Imported:
    """What became of a file's decisions."""

    taken: int = 0
    known: int = 0  # the same as what was decided here already
    undecided: int = 0
    problems: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """For people."""
        yield (
            f"{self.taken} decisions taken, {self.known} known already, "
            f"{self.undecided} pairs undecided in the file"
        )
        yield from self.problems[:_SHOWN_PROBLEMS]
        if (more := len(self.problems) - _SHOWN_PROBLEMS) > 0:
            yield f"and {more} more that could not be taken"


def import_decisions(desk: Desk, path: Path, run: str, by: str = "") -> Imported:
    """Take the decisions of a file; those that don't fit are in `problems`, each with its place.

    Raises InputError when the file can't be read at all.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"--import {path}: {error.strerror}") from None
    found = Imported()
    for place, read in _entries(data, str(path)):
        try:
            given = read(run)
            if given is None:
                found.undecided += 1
            else:
                _take(desk, given, by, found)
        except (UsageError, Gone, Conflict, GatesFailed) as error:
            found.problems.append(plain_text(f"{place}: {_why(error)}", 400))
    return found


def _entries(
    data: bytes, source: str
) -> Iterator[tuple[str, Callable[[str], ImportedDecision | None]]]:
    """Each entry's place in the file, and what reads it."""
    if data.lstrip()[:1] == b"[":
        try:
            tasks = orjson.loads(data)
        except orjson.JSONDecodeError as error:
            raise InputError(f"--import {source}: not valid JSON: {error.msg}") from None
        for number, task in enumerate(tasks, 1):
            yield f"{source} task {number}", partial(_of_task, task)
        return
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.strip():
            yield f"{source} line {number}", partial(_of_line, line)


def _of_line(line: bytes, run: str) -> ImportedDecision | None:
    try:
        fields = JsonFields(orjson.loads(line), "the line", UsageError)
    except orjson.JSONDecodeError as error:
        raise UsageError(f"not valid JSON: {error.msg}") from None
    return _given(fields, run)


def _of_task(task: Any, run: str) -> ImportedDecision | None:
    fields = label_studio.annotated(JsonFields(task, "the task", UsageError))
    return None if fields is None else _given(fields, run)


def _given(fields: JsonFields, run: str) -> ImportedDecision | None:
    """The decision of an entry; None where it has none.  Raises UsageError."""
    if (made_by := fields.read_or("run", str, run)) != run:
        raise UsageError(f"is of run {made_by}, not of {run}")
    action = fields.read_or("decision", str, None)
    if not action:
        return None
    return ImportedDecision(
        fields.read("id", str),
        fields.read("version", int),
        Decision(
            action=action,
            instruction=fields.read_or("instruction", str, None),
            response=fields.read_or("response", str, None),
            reason=fields.read_or("reason", str, ""),
            keep_anyway=fields.read_or("keep_anyway", bool, False),
            by=fields.read_or("by", str, ""),
        ),
    )


def _take(desk: Desk, given: ImportedDecision, by: str, found: Imported) -> None:
    item = desk.item(given.id)
    decision = _as_meant(given.decision, item)
    if _is_known(item, decision):
        found.known += 1
        return
    desk.decide(given.id, given.version, replace(decision, by=decision.by or by))
    found.taken += 1


def _as_meant(decision: Decision, item: DeskItem) -> Decision:
    """An accepted pair whose text was changed is an edited one, and the other way round."""
    given = {"instruction": decision.instruction, "response": decision.response}
    changed = any(
        text is not None and text.strip() != getattr(item.pair, name).strip()
        for name, text in given.items()
    )
    if decision.action in (ACCEPT, EDIT):
        return replace(decision, action=EDIT if changed else ACCEPT)
    return decision


def _is_known(item: DeskItem, decision: Decision) -> bool:
    """Whether this is what was decided about the pair already."""
    reason = item.note.reason if item.note else ""
    if item.state != decision.action or reason != decision.reason:
        return False
    now = item.current
    same = (decision.instruction, decision.response) == (now.instruction, now.response)
    return decision.action != EDIT or same


def _why(error: Exception) -> str:
    if isinstance(error, Conflict):
        item = error.item
        return f"pair {item.id} has been decided since the export (its version is {item.version})"
    if isinstance(error, GatesFailed):
        how = "and can't be kept so" if error.final else "give keep_anyway: true to keep it"
        return f"the edit fails gates: {error}; {how}"
    if isinstance(error, Gone):
        return f"{error}: no such pair is open in this run"
    return str(error)
