"""Finds records that kill their worker (poison), by bisection.

Replays a chunk's journal against the deaths that the coordinator saw; runs nothing itself.
Invariant: a record is blamed only for deaths during which it was alone in flight, and only
for those that nobody else caused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from workers.queue.deaths import Death
from workers.queue.journal_entries import (
    ChunkReleased,
    JournalEntry,
    OutcomeRecorded,
    RecordsBegun,
    SessionStarted,
)

FATAL_DEATHS = 3


@dataclass
class ClaimSession:
    """One worker's time with a chunk, according to the journal."""

    worker: str
    in_flight: dict[str, bool] = field(default_factory=dict)  # begun alone in the worker?
    released: bool = False


@dataclass
class History:
    """What a chunk's journal says about its records."""

    sessions: list[ClaimSession] = field(default_factory=list)
    begun: dict[str, int] = field(default_factory=dict)

    def lost_sessions(self) -> list[ClaimSession]:
        """Sessions that ended without a release while records were being worked on."""
        return [s for s in self.sessions if not s.released and s.in_flight]

    def is_last_of_its_worker(self, session: ClaimSession) -> bool:
        """A worker dies once: only its last session can have ended in its death."""
        return [s for s in self.sessions if s.worker == session.worker][-1] is session


def replay(entries: Iterable[JournalEntry]) -> History:
    """Read a journal's entries in order."""
    history = History()
    for entry in entries:
        if isinstance(entry, SessionStarted):
            history.sessions.append(ClaimSession(entry.worker))
        elif history.sessions:
            _replay_in(history.sessions[-1], history, entry)
    return history


def _replay_in(session: ClaimSession, history: History, entry: JournalEntry) -> None:
    if isinstance(entry, RecordsBegun):
        for record_id in entry.ids:
            session.in_flight[record_id] = entry.alone
            history.begun[record_id] = history.begun.get(record_id, 0) + 1
    elif isinstance(entry, OutcomeRecorded):
        session.in_flight.pop(entry.sealed.id, None)
    elif isinstance(entry, ChunkReleased):
        session.released = True


@dataclass(frozen=True)
class BisectionResult:
    """Groups of suspects to isolate, in order, and records that are dead letters now, with why."""

    groups: list[list[str]]
    fatal: dict[str, str]


def judge(history: History, deaths: Mapping[str, Death]) -> BisectionResult:
    """Bisect the suspects once per lost session; blame what was alone in flight."""
    groups: list[list[str]] = []
    blamed: dict[str, list[str]] = {}
    for session in history.lost_sessions():
        suspects = list(session.in_flight)
        groups = _halves(suspects) + _without(groups, set(suspects))
        death = deaths.get(session.worker)
        if death and _counts(history, session, death):
            blamed.setdefault(suspects[0], []).append(death.cause)
    fatal = {
        record_id: f"killed its worker {len(causes)} times: {causes[-1]}"
        for record_id, causes in blamed.items()
        if len(causes) >= FATAL_DEATHS
    }
    return BisectionResult(groups, fatal)


def _counts(history: History, session: ClaimSession, death: Death) -> bool:
    # Records of the worker's other chunks may have been in flight beside a lone one.
    alone = list(session.in_flight.values()) == [True]
    return alone and death.counts and history.is_last_of_its_worker(session)


def _halves(ids: Sequence[str]) -> list[list[str]]:
    middle = (len(ids) + 1) // 2
    return [half for half in (list(ids[:middle]), list(ids[middle:])) if half]


def _without(groups: list[list[str]], ids: set[str]) -> list[list[str]]:
    left = ([record_id for record_id in group if record_id not in ids] for group in groups)
    return [group for group in left if group]


def needs_cause(history: History, deaths: Mapping[str, Death]) -> bool:
    """Whether the last death, still unexplained, would decide a record's fate."""
    lost = history.lost_sessions()
    if not lost or len(lost[-1].in_flight) != 1 or lost[-1].worker in deaths:
        return False
    assumed = Death(lost[-1].worker, 0, "unknown", counts=True)
    verdict = judge(history, {**deaths, assumed.worker: assumed})
    return any(record_id in verdict.fatal for record_id in lost[-1].in_flight)


def plan(remaining: Sequence[str], suspects: Sequence[Sequence[str]]) -> list[list[str]]:
    """Groups to run one after another: each suspect group alone, then everything else."""
    open_ids = set(remaining)
    groups = [[i for i in group if i in open_ids] for group in suspects]
    suspected = {record_id for group in groups for record_id in group}
    groups.append([record_id for record_id in remaining if record_id not in suspected])
    return [group for group in groups if group]
