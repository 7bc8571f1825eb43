"""Recounts a run from its files: every record that went in came out once, or is still open.

Trusts nothing that the coordinator counted: the input is read again where it is still
there, and every chunk is opened.  Invariant: it changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from workers.core.errors import InputError, PoolError
from workers.core.terminal import plain_text
from workers.queue.chunk_queue import ChunkQueue
from workers.queue.envelopes import ChunkName, chunk_order, id_order, next_envelopes
from workers.queue.lineage import Family, families
from workers.run.input_lines import check_unchanged
from workers.run.run_folder import RunFolder
from workers.run.splitter import split

_MOST_PROBLEMS = 100
_STATES = ("pending", "claimed", "done")


@dataclass
class StageCheck:
    """One stage's balance: in = results + removed + failed + open + lost - duplicated."""

    name: str
    entered: int = 0
    results: int = 0
    removed: int = 0
    failed: int = 0
    open: int = 0
    lost: int = 0
    duplicated: int = 0

    def to_json(self) -> dict[str, Any]:
        values = dict(self.__dict__)
        return {"name": values.pop("name"), "in": values.pop("entered"), **values}


@dataclass
class Verdict:
    """What `verify` found."""

    stages: list[StageCheck] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        stages = [stage.to_json() for stage in self.stages]
        return {"ok": self.ok, "stages": stages, "problems": self.problems[:_MOST_PROBLEMS]}

    def text(self) -> str:
        """For people."""
        lines = [
            f"{stage.name}: {stage.entered} in = {stage.results} results + {stage.removed} removed "
            f"+ {stage.failed} failed" + (f" + {stage.open} open" if stage.open else "")
            for stage in self.stages
        ]
        lines += [f"note: {note}" for note in self.notes]
        lines += [f"problem: {problem}" for problem in self.problems[:_MOST_PROBLEMS]]
        return "\n".join([*lines, "ok" if self.ok else f"{len(self.problems)} problems"])


@dataclass(frozen=True)
class Handed:
    """Ids that one chunk should hold, told by what came before it."""

    chunk: str
    ids: list[str]

    @property
    def number(self) -> int:
        return chunk_order(self.chunk).number


def verify(run: RunFolder) -> Verdict:
    """Check the invariants of a run that nobody is working on."""
    verdict = Verdict(problems=stray_files(run))
    finished = _is_finished(run)
    for index, queue in enumerate(run.queues):
        check = StageCheck(queue.name)
        handed = _input(run, verdict) if index == 0 else _handed_on(run.queues[index - 1])
        try:
            verdict.problems += [plain_text(damage, 400) for damage in queue.find_damage()]
            if handed is None:
                handed = _as_found(queue)
            _check_stage(queue, handed, check, finished, verdict.problems)
            if index == 0:
                _check_split(run, check)
        except (PoolError, OSError, KeyError, ValueError) as error:
            if plain_text(error, 400) not in verdict.problems:
                verdict.problems.append(f"{check.name}: {plain_text(error, 400)}")
        verdict.stages.append(check)
        verdict.problems += _complaints(check)
    return verdict


def _check_stage(
    queue: ChunkQueue,
    handed: Iterator[Handed],
    check: StageCheck,
    finished: bool,
    problems: list[str],
) -> None:
    places, doubled = _places(queue)
    problems += doubled
    _balance(check, handed, families(queue, places), places, finished)


def _input(run: RunFolder, verdict: Verdict) -> Iterator[Handed] | None:
    """The input read again, or None, with a note, when it is not what it was."""
    try:
        check_unchanged(run.manifest.inputs)
    except InputError as error:
        verdict.notes.append(f"counted without the input: {plain_text(error, 400)}")
        return None
    return _split_again(run)


def _balance(
    check: StageCheck,
    handed: Iterator[Handed],
    found: Iterator[Family],
    places: dict[str, str],
    finished: bool,
) -> None:
    """Walk what was handed on and what is there side by side, one family at a time."""
    wanted = _by_number(handed)
    left, right = next(wanted, None), next(found, None)
    while left or right:
        number = min(x[0].number if isinstance(x, list) else x.number for x in (left, right) if x)
        chunks = left if left and left[0].number == number else []
        family = right if right and right.number == number else Family(number)
        _balance_family(check, chunks, family, places, finished)
        left = next(wanted, None) if chunks else left
        right = next(found, None) if family is right else right


def _by_number(handed: Iterator[Handed]) -> Iterator[list[Handed]]:
    group: list[Handed] = []
    for item in handed:
        if group and group[0].number != item.number:
            yield group
            group = []
        group.append(item)
    if group:
        yield group


def _balance_family(
    check: StageCheck,
    handed: Iterable[Handed],
    family: Family,
    places: dict[str, str],
    finished: bool,
) -> None:
    wanted: Counter[str] = Counter()
    for item in handed:
        check.entered += len(item.ids)
        if item.chunk in places or finished:
            wanted.update(item.ids)
        else:  # not published yet; a resumed coordinator will
            check.open += len(item.ids)
    seen = Counter(line["id"] for line in family.sealed)
    seen.update(family.open_ids)
    check.lost += (wanted - seen).total()
    check.duplicated += (seen - wanted).total()
    check.open += len(family.open_ids)
    ends = Counter(line["outcome"] for line in family.sealed)
    check.results += ends["result"]
    check.removed += ends["removed"]
    check.failed += ends["failed"]


def _split_again(run: RunFolder) -> Iterator[Handed]:
    """The chunks that the input gives, read once more."""
    config = run.config
    for chunk in split(run.manifest.inputs, run.manifest.chunk_size, config.limit):
        yield Handed(chunk.name, [orjson.loads(line)["id"] for line in chunk.lines])


def _as_found(queue: ChunkQueue) -> Iterator[Handed]:
    """Without the input, the first stage's own chunks say which records there are."""
    for family in families(queue):
        ids = [line["id"] for line in family.sealed] + family.open_ids
        yield Handed(str(ChunkName(family.number)), sorted(set(ids), key=id_order))


def _check_split(run: RunFolder, check: StageCheck) -> None:
    """The manifest knows how many records a complete split gave."""
    split_state = run.manifest.split
    if split_state.complete and check.entered < split_state.records:
        check.lost += split_state.records - check.entered
        check.entered = split_state.records


def _handed_on(queue: ChunkQueue) -> Iterator[Handed]:
    for family in families(queue):
        for chunk in sorted(family.chunks):
            ids = [envelope.id for envelope in next_envelopes(family.chunks[chunk])]
            if ids:
                yield Handed(chunk, ids)


def _places(queue: ChunkQueue) -> tuple[dict[str, str], list[str]]:
    """Where each chunk is, and complaints about those in two places."""
    places: dict[str, str] = {}
    problems = []
    for state in _STATES:
        for name in queue.names(state):
            if name in places:
                problems.append(
                    f"{queue.name}: {plain_text(name)} is both {places[name]} and {state} "
                    "(after a crash, resume puts this right)"
                )
            places[name] = state
    return places, problems


def _complaints(check: StageCheck) -> list[str]:
    found = []
    if check.lost:
        found.append(f"{check.name}: {check.lost} records are lost")
    if check.duplicated:
        found.append(f"{check.name}: {check.duplicated} records are there more than once")
    return found


def _is_finished(run: RunFolder) -> bool:
    """Whether everything should be published: the results were merged and nothing is open."""
    if not (run.path / "results" / f"{run.queues[-1].name}.jsonl").exists():
        return False
    return not any(queue.names(state) for queue in run.queues for state in _STATES[:2])


def stray_files(run: RunFolder) -> list[str]:
    """Temporary files that a dead process left behind."""
    return [
        f"stray temporary file {plain_text(path.relative_to(run.path))} (resume removes it)"
        for path in sorted(run.path.rglob("*.tmp"))
    ]
