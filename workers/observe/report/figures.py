"""A run's figures, added up from its performance logs, its last status and its results.

Knows metric lines and a run's time; draws nothing.  Invariant: whatever is missing or damaged
in the logs, there are figures; what is not known is empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from workers.core.errors import UsageError
from workers.metrics.batch_figures import BatchFigures, Drafts
from workers.metrics.metric_kinds import (
    Event,
    MachineTotals,
    ModelBatch,
    PhaseTimes,
    SealedChunk,
    StateChange,
    WorkerDeath,
)
from workers.metrics.metric_lines import DamagedLines, MetricLine, read_metrics
from workers.metrics.review_lines import read_reviews
from workers.metrics.session_totals import StageTotals, Totals
from workers.metrics.sums import Sums
from workers.observe.observers import COORDINATOR
from workers.observe.read_status import read_status
from workers.observe.report.pairs import PairFigures, read_pairs
from workers.observe.report.reviews import ReviewFigures
from workers.observe.report.timeline import Bins, Session, Timeline
from workers.observe.status import RecordCounts
from workers.observe.status_lines import stage_label
from workers.run.run_folder import RunFolder
from workers.run.run_state import RunState
from workers.settings.config import RunConfig

NO_WORKER = "no worker"
NO_DEATH = "exit 0"  # the cause of an end in good order
WINDOW_S = 2.0  # what a batch line covers
_SHOWN_STATES = (RunState.PAUSED, RunState.FAILED, RunState.INTERRUPTED, RunState.WAITING)
PHASES = (
    *("load", "wait", "prefill", "decode", "choose", "embed", "grammar", "draft", "journal"),
    *("other", NO_WORKER),
)

Series = dict[str, Bins]


@dataclass(frozen=True)
class RunEvent:
    """Something that happened: when in the run's time, in which slot, what kind, in words."""

    at: float
    slot: str
    kind: str  # death, dead_letters, batch_size, or a state of the run
    text: str


@dataclass(frozen=True)
class Life:
    """One process in a slot, from its first line to its last, in the run's time."""

    slot: str
    worker: str
    start: float
    end: float


@dataclass
class RunFigures:
    """Everything the report shows of one run."""

    name: str
    state: str
    config: RunConfig
    records: dict[str, RecordCounts]  # by stage
    timeline: Timeline
    damaged: DamagedLines = field(default_factory=DamagedLines)
    totals: Totals = field(default_factory=Totals)
    items: Series = field(default_factory=dict)
    tokens: Series = field(default_factory=dict)
    rows: Series = field(default_factory=dict)
    limits: Series = field(default_factory=dict)
    rss: Series = field(default_factory=dict)
    mlx: Series = field(default_factory=dict)
    available: Series = field(default_factory=dict)
    phases: dict[str, dict[str, float]] = field(default_factory=dict)  # by slot
    marks: list[RunEvent] = field(default_factory=list)
    lives: list[Life] = field(default_factory=list)
    machines: list[MachineTotals] = field(default_factory=list)  # sessions, the last at the end
    pairs: PairFigures = field(default_factory=PairFigures)
    reviews: ReviewFigures = field(default_factory=ReviewFigures)

    @property
    def seconds(self) -> float:
        return self.timeline.seconds

    @property
    def stages(self) -> dict[str, StageTotals]:
        """Totals by stage in the order of the pipeline, a user's own stages last."""
        names = [*self.records, *(n for n in self.totals.stages if n not in self.records)]
        return {name: self.totals.stages.get(name, StageTotals()) for name in names}

    @property
    def sums(self) -> Sums:
        """Over all stages, by what was logged."""
        return self.totals.sums

    def all_phases(self) -> dict[str, float]:
        """Seconds by phase over all slots; they add up to slots times the run's time."""
        found: dict[str, float] = {}
        for phases in self.phases.values():
            for name, seconds in phases.items():
                found[name] = found.get(name, 0.0) + seconds
        return {name: found[name] for name in sorted(found, key=_phase_order)}

    @property
    def drafts(self) -> Drafts:
        """What was drafted in all stages, from all sources."""
        whole = Drafts()
        for totals in self.totals.stages.values():
            whole.add(totals.all_drafts)
        return whole

    @property
    def deaths(self) -> list[RunEvent]:
        return [mark for mark in self.marks if mark.kind == "death"]


def _phase_order(name: str) -> int:
    return PHASES.index(name) if name in PHASES else PHASES.index("other")


def read_run(run: RunFolder) -> RunFigures:
    """The figures of a run; raises UsageError when it has no logs."""
    status = read_status(run)
    timeline, spans = _timeline(run.logs_dir)
    if not timeline.sessions:
        raise UsageError(
            f"run {run.name}: no performance logs in {run.logs_dir}; they are written during a "
            "run, and were moved or deleted"
        )
    records = {stage.name: stage.records for stage in status.stages}
    figures = RunFigures(run.name, status.state, run.config, records, timeline)
    reader = _FigureBuilder(figures)
    for line in read_metrics(run.logs_dir, figures.damaged):
        reader.add(line)
    reader.finish(spans)
    figures.pairs = read_pairs(run)
    figures.reviews = ReviewFigures.of(read_reviews(run.logs_dir))
    return figures


@dataclass(frozen=True)
class _Lifetime:
    """A process's first and last line, in unix seconds."""

    first: float
    last: float

    def with_moment(self, moment: float) -> _Lifetime:
        return _Lifetime(min(self.first, moment), max(self.last, moment))


def _timeline(folder: Path) -> tuple[Timeline, dict[str, _Lifetime]]:
    """The coordinators' sessions, and the span of each process."""
    spans: dict[str, _Lifetime] = {}
    for line in read_metrics(folder):
        if line.time > 0:
            span = spans.get(line.worker, _Lifetime(line.time, line.time))
            spans[line.worker] = span.with_moment(line.time)
    sessions = [
        Session(span.first, span.last)
        for worker, span in spans.items()
        if slot_of(worker) == COORDINATOR
    ]
    if not sessions and spans:
        first, last = (min(s.first for s in spans.values()), max(s.last for s in spans.values()))
        sessions = [Session(first, last)]
    return Timeline.of(sessions), spans


class _FigureBuilder:
    """Adds the lines to the figures, one after the other."""

    def __init__(self, figures: RunFigures) -> None:
        self._figures = figures
        self._timeline = figures.timeline
        self._machines: dict[str, tuple[float, MachineTotals]] = {}  # when it was said last

    def add(self, line: MetricLine) -> None:
        """One line of any kind."""
        at, slot = self._timeline.at(line.time), slot_of(line.worker)
        self._figures.totals.add(line)
        if slot != COORDINATOR:
            self._memory(line, at, slot)
        body = line.body
        if isinstance(body, ModelBatch):
            self._batch(stage_label(body.stage), body.figures, at, slot)
        elif isinstance(body, SealedChunk):
            self._chunk(body, at, slot)
        elif isinstance(body, PhaseTimes) and slot != COORDINATOR:
            phases = self._figures.phases.setdefault(slot, {})
            for name, seconds in body.phases.items():
                phases[name] = phases.get(name, 0.0) + seconds
        elif isinstance(body, MachineTotals):
            self._machines[f"{body.machine} {body.session}"] = (at, body)
        elif isinstance(body, WorkerDeath | StateChange | Event):
            self._event(body, at, slot)

    def _bins(self, series: Series, name: str) -> Bins:
        if name not in series:
            series[name] = Bins(self._timeline.seconds)
        return series[name]

    def _memory(self, line: MetricLine, at: float, slot: str) -> None:
        if line.rss_mb:
            self._bins(self._figures.rss, slot).sample(at, line.rss_mb)
        if line.available_mb:
            self._bins(self._figures.available, "machine").sample(at, line.available_mb)

    def _batch(self, stage: str, batch: BatchFigures, at: float, slot: str) -> None:
        figures, start = self._figures, max(0.0, at - max(WINDOW_S, batch.seconds))
        self._bins(figures.tokens, stage).spread(start, at, batch.generated_tokens)
        self._bins(figures.rows, slot).sample(at, batch.rows)
        if batch.batch_limit:
            self._bins(figures.limits, slot).sample(at, batch.batch_limit)
        if active := batch.memory.get("mlx_active_mb"):
            self._bins(figures.mlx, slot).sample(at, active)

    def _chunk(self, chunk: SealedChunk, at: float, slot: str) -> None:
        stage, start = stage_label(chunk.stage), max(0.0, at - chunk.seconds)
        self._bins(self._figures.items, stage).spread(start, at, chunk.records)
        if chunk.failed:
            why = "; ".join(chunk.errors)
            text = f"{chunk.failed} in {stage} {chunk.chunk}: {why}"
            self._mark(at, slot, "dead_letters", text)

    def _event(self, event: WorkerDeath | StateChange | Event, at: float, slot: str) -> None:
        if isinstance(event, WorkerDeath):
            if event.cause != NO_DEATH:
                self._mark(at, slot_of(event.of), event.kind, f"{event.of} ended: {event.cause}")
        elif isinstance(event, StateChange):
            if event.state in _SHOWN_STATES:
                self._mark(at, slot, event.state, event.message or event.state)
        elif event.kind == "batch_size":
            limit, reason = event.more.get("limit"), event.more.get("reason")
            self._mark(at, slot, event.kind, f"batch size now {limit}: {reason}")

    def _mark(self, at: float, slot: str, kind: str, text: str) -> None:
        self._figures.marks.append(RunEvent(at, slot, kind, text))

    def finish(self, spans: Mapping[str, _Lifetime]) -> None:
        """What can only be said when every line was read."""
        figures = self._figures
        said = sorted(self._machines.values(), key=lambda item: item[0])
        figures.machines = [totals for _, totals in said]
        figures.lives = sorted(
            self._lives(spans), key=lambda life: (_slot_order(life.slot), life.start)
        )
        figures.marks.sort(key=lambda mark: mark.at)
        for slot in {life.slot for life in figures.lives}:
            phases = figures.phases.setdefault(slot, {})
            # Before a start, after a death, and what a killed process had not written yet.
            rest = self._timeline.seconds - sum(phases.values())
            phases[NO_WORKER] = max(0.0, rest)
        figures.phases = dict(sorted(figures.phases.items(), key=lambda item: _slot_order(item[0])))

    def _lives(self, spans: Mapping[str, _Lifetime]) -> Iterator[Life]:
        for worker, span in spans.items():
            if (slot := slot_of(worker)) != COORDINATOR:
                yield Life(
                    slot, worker, self._timeline.at(span.first), self._timeline.at(span.last)
                )


def _slot_order(slot: str) -> tuple[int, str]:
    """w2 comes before w10, and both before hand-12ab."""
    return len(slot), slot


def slot_of(worker: str) -> str:
    """w1-3f9a2c71 -> w1, node-7.w1-3f9a2c71 of another machine -> node-7.w1.

    A worker started by hand has a slot of its own.
    """
    machine, dot, own = worker.rpartition(".")
    head, _, rest = own.partition("-")
    return worker if worker.startswith("hand-") or not rest else f"{machine}{dot}{head}"
