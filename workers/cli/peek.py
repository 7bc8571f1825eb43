"""`peek`: what the pipeline sees of input files, without making a run of them.

Streams each file once and keeps counts and three records.  Invariant: whatever a file holds,
what is printed is plain text of bounded length.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from stages.base import Record, RecordError
from stages.data_filter.stage import DataFilter
from stages.sources.document import Options
from stages.sources.found import SourceError, located
from stages.sources.source import Numbered, Source, message
from stages.sources.structures.registry import structure_of
from stages.text.kinds import identify
from stages.text.record_text import read_record
from workers.cli.peek_repeats import FewRepeats
from workers.core.errors import PoolError
from workers.core.terminal import plain_text
from workers.run.gather import expand
from workers.run.input_files import InputFile

SHOWN = 3  # records, problems and notes
_TEXT, _LINE = 300, 100  # characters of a text, and of the other lines
CHECKED = 10_000  # records that the filter's rules are tried on


@dataclass
class Peeked:
    """What was seen of one file."""

    formats: dict[str, int] = field(default_factory=dict)
    structures: Counter[str] = field(default_factory=Counter)
    records: int = 0
    first: list[Record] = field(default_factory=list)
    removed: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    problem_count: int = 0
    notes: list[str] = field(default_factory=list)
    note_count: int = 0
    refused: str | None = None


def show(paths: Sequence[Path], options: Options, out: TextIO) -> int:
    """Print each file; how many of them can't be used."""
    unusable, repeats = 0, FewRepeats()
    for path in paths:
        try:
            inputs = expand([path])
        except PoolError as error:
            print(plain_text(error, 400), file=out)
            unusable += 1
            continue
        for source in inputs:
            peeked = peek(source, options, repeats)
            print("\n".join(describe(source, peeked)), file=out)
            unusable += not peeked.records
    if line := repeats.line():
        print(line, file=out)
    return unusable


def peek(source: InputFile, options: Options, repeats: FewRepeats) -> Peeked:
    """Read a file to its end."""
    seen = Peeked()
    with open(source.path, "rb") as file:
        records = Source(file, Path(source.path).name, source.size, options)
        try:
            records.check_archive()
            for found in records:
                _take_in(seen, source, found)
                if found.record is not None:
                    repeats.add(found.record)
        except SourceError as error:
            seen.refused = located(error.place, error.problem)
        seen.formats = records.formats
    return seen


def _take_in(seen: Peeked, source: InputFile, found: Numbered) -> None:
    if found.record is None:
        seen.problem_count += 1
        if len(seen.problems) < SHOWN:
            seen.problems.append(message(source.shown, found))
        return
    seen.records += 1
    if len(seen.first) < SHOWN:
        seen.first.append(found.record)
    if structure := structure_of(found.record.get("original")):
        seen.structures[structure.name] += 1
    if seen.records <= CHECKED and (reason := removed_at_once(found.record)):
        seen.removed[reason] += 1
    seen.note_count += len(found.notes)
    for note in found.notes[: SHOWN - len(seen.notes)]:
        seen.notes.append(f"{found.place} {note}")


def removed_at_once(record: Record) -> str | None:
    """Why no model sees a record, removed or a dead letter; None when one does."""
    try:
        removed = DataFilter().removed_at_once(record)
    except RecordError:
        return "without a text (a dead letter)"
    return removed.reason if removed else None


def describe(source: InputFile, seen: Peeked) -> list[str]:
    """The lines about one file."""
    lines = [f"{plain_text(source.shown, _LINE)}: {_format_of(seen)}, {_count(seen.records)}"]
    for record in seen.first:
        lines += _record_lines(record)
    if seen.removed:
        reasons = ", ".join(f"{count} {reason}" for reason, count in seen.removed.most_common())
        of = f" (of the first {CHECKED:,})" if seen.records > CHECKED else ""
        lines.append(f"  removed at once{of}: {plain_text(reasons, _TEXT)}")
    lines += _listed("cannot be read", seen.problem_count, seen.problems)
    lines += _listed("to note", seen.note_count, seen.notes)
    if seen.refused:
        lines.append(f"  {'stops here' if seen.records else 'refused'}: {_plain(seen.refused)}")
    return lines


def _format_of(seen: Peeked) -> str:
    formats = " and ".join(
        f"{count} x {name}" if len(seen.formats) > 1 or count > 1 else name
        for name, count in seen.formats.items()
    )
    structures = ", ".join(
        name if count == seen.records else f"{count} x {name}"
        for name, count in seen.structures.most_common(3)
    )
    known = formats or "unknown format"
    return f"{known} ({structures})" if structures and structures not in known else known


def _count(records: int) -> str:
    return "1 record" if records == 1 else f"{records:,} records"


def _record_lines(record: Record) -> list[str]:
    own, read = identify(record), read_record(record)
    kind = record["kind"] if "original" in record else own.kind
    nothing = "(no text but its title)" if read.title else "(no text)"
    text = " ".join(" ".join(read.bodies).split()) or nothing
    name = " ".join(part for part in (own.id, read.title) if part) or "(no id, no title)"
    return [
        f"  {plain_text(kind, 40)}  {plain_text(name, _LINE)}",
        f"    {plain_text(text, _TEXT)}",
    ]


def _listed(what: str, count: int, lines: list[str]) -> list[str]:
    if not count:
        return []
    more = [f"    and {count - len(lines):,} more"] if count > len(lines) else []
    return [f"  {what}: {count:,}", *(f"    {_plain(line)}" for line in lines), *more]


def _plain(text: str) -> str:
    return plain_text(text, 2 * _TEXT)
