"""Recounts a run from its files: every record that went in came out once, or is still open.

Trusts nothing that the coordinator counted: the input is read again where it is still
there, and every chunk is opened.  Invariant: it changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from workers.core.errors import InputError, PoolError
from workers.core.files import is_temporary
from workers.core.terminal import plain_text
from workers.queue.chunk_names import ChunkName, chunk_order
from workers.queue.chunk_paths import ChunkState
from workers.queue.chunk_queue import ChunkQueue
from workers.queue.json_lines import id_order
from workers.queue.lineage import Lineage, lineages
from workers.queue.sealed import OutcomeCounts, count_outcomes, next_envelopes
from workers.run.input_files import check_unchanged, reading_options
from workers.run.run_folder import RunFolder
from workers.run.splitter import split
from workers.settings.config import shard_of

_MOST_PROBLEMS = 100
Places = Mapping[str, ChunkState]


@dataclass
class StageCheck:
    """One stage's balance: in = results + removed + failed + open + lost - duplicated."""

    name: str
    entered: int = 0
    ends: OutcomeCounts = OutcomeCounts()
    open: int = 0
    lost: int = 0
    duplicated: int = 0

    def to_json(self) -> dict[str, Any]:
        """As an element of `stages` in `verify --json`."""
        ends = self.ends
        counts = {"results": ends.results, "removed": ends.removed, "failed": ends.failed}
        wrong = {"open": self.open, "lost": self.lost, "duplicated": self.duplicated}
        return {"name": self.name, "in": self.entered, **counts, **wrong}

    def text(self) -> str:
        """For people."""
        ends = self.ends
        line = f"{self.name}: {self.entered} in = {ends.results} results"
        line += f" + {ends.removed} removed + {ends.failed} failed"
        return line + (f" + {self.open} open" if self.open else "")

    def complaints(self) -> list[str]:
        """What is wrong with the balance."""
        found = []
        if self.lost:
            found.append(f"{self.name}: {_records(self.lost)} lost")
        if self.duplicated:
            found.append(f"{self.name}: {_records(self.duplicated)} duplicated")
        return found


def _records(count: int) -> str:
    return "1 record is" if count == 1 else f"{count} records are"


@dataclass
class VerificationReport:
    """What `verify` found."""

    stages: list[StageCheck] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        """As `verify --json` prints it."""
        stages = [stage.to_json() for stage in self.stages]
        return {"ok": self.ok, "stages": stages, "problems": self.problems[:_MOST_PROBLEMS]}

    def text(self) -> str:
        """For people."""
        lines = [stage.text() for stage in self.stages]
        lines += [f"note: {note}" for note in self.notes]
        lines += [f"problem: {problem}" for problem in self.problems[:_MOST_PROBLEMS]]
        return "\n".join([*lines, self._conclusion()])

    def _conclusion(self) -> str:
        count = len(self.problems)
        return "ok" if self.ok else f"{count} problem{'s' * (count > 1)}"


@dataclass(frozen=True)
class Expected:
    """Ids that one chunk should contain, derived from the input or the previous stage."""

    chunk: str
    ids: list[str]

    @property
    def number(self) -> int:
        """Of the chunk's lineage."""
        return chunk_order(self.chunk).number


def verify(run: RunFolder) -> VerificationReport:
    """Check the invariants of a run that nobody is working on."""
    report = VerificationReport(problems=stray_files(run))
    finished = run.is_settled
    for index, queue in enumerate(run.queues):
        check = StageCheck(queue.name)
        expected = _input(run, report) if index == 0 else _forwarded(run.queues[index - 1])
        try:
            report.problems += [plain_text(damage, 400) for damage in queue.find_damage()]
            _check_stage(queue, expected or _as_found(queue), check, finished, report.problems)
            if index == 0:
                _check_split(run, check)
        except (PoolError, OSError, ValueError) as error:
            if plain_text(error, 400) not in report.problems:
                report.problems.append(f"{check.name}: {plain_text(error, 400)}")
        report.stages.append(check)
        report.problems += check.complaints()
    return report


def _check_stage(
    queue: ChunkQueue,
    expected: Iterator[Expected],
    check: StageCheck,
    finished: bool,
    problems: list[str],
) -> None:
    states = queue.states()
    problems += _in_two_states(queue.name, states)
    places = {name: held[-1] for name, held in states.items()}
    _balance(check, expected, lineages(queue, places), places, finished)


def _in_two_states(stage: str, states: Mapping[str, list[ChunkState]]) -> Iterator[str]:
    for name, held in states.items():
        if len(held) > 1:
            where = " and ".join(held)
            yield f"{stage}: {name} is both {where} (after a crash, resume repairs this)"


def _input(run: RunFolder, report: VerificationReport) -> Iterator[Expected] | None:
    """The input read again, or None, with a note, when it is not what it was."""
    try:
        check_unchanged(run.manifest.inputs)
    except InputError as error:
        report.notes.append(f"counted without the input: {plain_text(error, 400)}")
        return None
    return _split_again(run)


def _balance(
    check: StageCheck,
    expected: Iterator[Expected],
    found: Iterator[Lineage],
    places: Places,
    finished: bool,
) -> None:
    """Walk what is expected and what was found side by side, one lineage at a time."""
    wanted = ((number, list(group)) for number, group in groupby(expected, lambda e: e.number))
    left, right = next(wanted, None), next(found, None)
    while left or right:
        number = min(([left[0]] if left else []) + ([right.number] if right else []))
        chunks: list[Expected] = []
        lineage = Lineage(number)
        if left and left[0] == number:
            chunks, left = left[1], next(wanted, None)
        if right and right.number == number:
            lineage, right = right, next(found, None)
        _balance_lineage(check, chunks, lineage, places, finished)


def _balance_lineage(
    check: StageCheck,
    expected: Iterable[Expected],
    lineage: Lineage,
    places: Places,
    finished: bool,
) -> None:
    wanted: Counter[str] = Counter()
    for item in expected:
        check.entered += len(item.ids)
        if item.chunk in places or finished:
            wanted.update(item.ids)
        else:  # not published yet; a resumed coordinator will
            check.open += len(item.ids)
    sealed = lineage.sealed
    seen = Counter(line.id for line in sealed)
    seen.update(lineage.open_ids)
    check.lost += (wanted - seen).total()
    check.duplicated += (seen - wanted).total()
    check.open += len(lineage.open_ids)
    check.ends += count_outcomes(sealed)


def _split_again(run: RunFolder) -> Iterator[Expected]:
    """The chunks that the input gives, read again."""
    config = run.config
    options = reading_options(config)
    inputs, size = run.manifest.inputs, run.manifest.chunk_size
    for chunk in split(inputs, size, config.limit, options, shard=shard_of(config)):
        yield Expected(chunk.name, chunk.ids)


def _as_found(queue: ChunkQueue) -> Iterator[Expected]:
    """Without the input, the first stage's own chunks say which records there are."""
    for lineage in lineages(queue):
        ids = sorted(set(lineage.ids), key=id_order)
        yield Expected(str(ChunkName(lineage.number)), ids)


def _check_split(run: RunFolder, check: StageCheck) -> None:
    """The manifest knows how many records a complete split gave."""
    split_state = run.manifest.split
    if split_state.complete and check.entered < split_state.records:
        check.lost += split_state.records - check.entered
        check.entered = split_state.records


def _forwarded(queue: ChunkQueue) -> Iterator[Expected]:
    for lineage in lineages(queue):
        for chunk in sorted(lineage.chunks, key=chunk_order):
            ids = [envelope.id for envelope in next_envelopes(lineage.chunks[chunk])]
            if ids:
                yield Expected(chunk, ids)


def stray_files(run: RunFolder) -> list[str]:
    """Temporary files that a dead process left behind."""
    return [
        f"stray temporary file {plain_text(path.relative_to(run.path))} (resume removes it)"
        for path in sorted(run.path.rglob(".*"))
        if is_temporary(path.name)
    ]
