"""A run's figures, added up from its performance logs and its last status.

Knows the metric lines; draws nothing.  Invariant: whatever is missing or damaged in the
logs, there are figures; what is not known is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workers.core.errors import UsageError
from workers.metrics.metric_lines import read_metrics
from workers.metrics.session_totals import StageTotals, Totals, number
from workers.observe.read_status import read_status
from workers.observe.report.timeline import Bins, Session, Timeline
from workers.observe.status_lines import short_name
from workers.run.run_folder import RunFolder

NO_WORKER = "no worker"
IN_ORDER = "exit 0"  # the cause of an end that is no death
WINDOW_S = 2.0  # what a batch line covers
PHASES = (
    *("load", "wait", "prefill", "decode", "choose", "grammar", "draft", "journal"),
    *("other", NO_WORKER),
)

Line = Mapping[str, Any]
Series = dict[str, Bins]


@dataclass(frozen=True)
class Mark:
    """Something that happened: when in the run's time, where, what kind, in words."""

    at: float
    slot: str
    kind: str  # death, failed, batch_size, pause, message
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
    settings: dict[str, Any]
    records: dict[str, dict[str, int]]
    timeline: Timeline
    totals: Totals = field(default_factory=Totals)
    items: Series = field(default_factory=dict)
    tokens: Series = field(default_factory=dict)
    rows: Series = field(default_factory=dict)
    limits: Series = field(default_factory=dict)
    rss: Series = field(default_factory=dict)
    mlx: Series = field(default_factory=dict)
    available: Series = field(default_factory=dict)
    phases: dict[str, dict[str, float]] = field(default_factory=dict)  # by slot
    marks: list[Mark] = field(default_factory=list)
    lives: list[Life] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return self.timeline.seconds

    @property
    def stages(self) -> dict[str, StageTotals]:
        """Totals by stage in the order of the pipeline, a user's own stages last."""
        names = [*self.records, *(n for n in self.totals.stages if n not in self.records)]
        return {name: self.totals.stages.get(name, StageTotals()) for name in names}

    @property
    def finished_records(self) -> int:
        """Outcomes that were logged, over all stages."""
        return int(self.sum("records"))

    def sum(self, name: str) -> float:
        """A sum over all stages."""
        return float(sum(totals.sum(name) for totals in self.totals.stages.values()))

    def all_phases(self) -> dict[str, float]:
        """Seconds by phase over all slots; they add up to slots times the run's time."""
        found: dict[str, float] = {}
        for phases in self.phases.values():
            for name, seconds in phases.items():
                found[name] = found.get(name, 0.0) + seconds
        return {name: found[name] for name in sorted(found, key=_phase_order)}

    @property
    def deaths(self) -> list[Mark]:
        return [mark for mark in self.marks if mark.kind == "death"]


def _phase_order(name: str) -> int:
    return PHASES.index(name) if name in PHASES else PHASES.index("other")


def read_run(run: RunFolder) -> RunFigures:
    """The figures of a run; raises UsageError when it has no logs."""
    status = read_status(run)
    timeline, last = _timeline(run.logs_dir)
    if not timeline.sessions:
        raise UsageError(
            f"run {run.name}: no performance logs in {run.logs_dir}; they are written while a run "
            "goes on, and were moved or deleted"
        )
    records = {stage["name"]: stage["records"] for stage in status["stages"]}
    figures = RunFigures(run.name, str(status["state"]), run.config.to_json(), records, timeline)
    reader = _Reader(figures)
    for line in read_metrics(run.logs_dir):
        reader.take(line)
    reader.finish(last)
    return figures


def _timeline(folder: Path) -> tuple[Timeline, dict[str, tuple[float, float]]]:
    """The coordinators' sessions, and each process's first and last line."""
    spans: dict[str, tuple[float, float]] = {}
    for line in read_metrics(folder):
        worker, moment = str(line.get("worker")), number(line.get("time"))
        if moment > 0:
            first, last = spans.get(worker, (moment, moment))
            spans[worker] = (min(first, moment), max(last, moment))
    sessions = [Session(*s) for worker, s in spans.items() if worker.startswith("coordinator-")]
    if not sessions and spans:
        sessions = [Session(min(a for a, _ in spans.values()), max(b for _, b in spans.values()))]
    return Timeline.of(sessions), spans


class _Reader:
    """Takes the lines in, one after the other."""

    def __init__(self, figures: RunFigures) -> None:
        self._figures = figures
        self._timeline = figures.timeline
        self._take: dict[str, Callable[[Line, float, str], None]] = {
            "batch": self._batch,
            "chunk": self._chunk,
            "time": self._time,
            "death": self._death,
            "state": self._state,
            "batch_size": self._batch_size,
        }

    def take(self, line: Line) -> None:
        """One line of any kind."""
        worker = str(line.get("worker"))
        at = self._timeline.at(number(line.get("time")))
        slot = slot_of(worker)
        self._figures.totals.take(line)
        if slot != "coordinator":
            self._memory(line, at, slot)
        if take := self._take.get(str(line.get("kind"))):
            take(line, at, slot)

    def _bins(self, series: Series, name: str) -> Bins:
        if name not in series:
            series[name] = Bins(self._timeline.seconds)
        return series[name]

    def _memory(self, line: Line, at: float, slot: str) -> None:
        figures = self._figures
        for series, key in ((figures.rss, "rss_mb"), (figures.mlx, "mlx_active_mb")):
            if line.get(key):
                self._bins(series, slot).sample(at, number(line[key]))
        if line.get("available_mb"):
            self._bins(figures.available, "machine").sample(at, number(line["available_mb"]))

    def _batch(self, line: Line, at: float, slot: str) -> None:
        stage, figures = short_name(str(line.get("stage"))), self._figures
        start = at - max(WINDOW_S, number(line.get("seconds")))
        tokens = number(line.get("generated_tokens"))
        self._bins(figures.tokens, stage).spread(max(0.0, start), at, tokens)
        self._bins(figures.rows, slot).sample(at, number(line.get("rows")))
        if line.get("batch_limit"):
            self._bins(figures.limits, slot).sample(at, number(line["batch_limit"]))

    def _chunk(self, line: Line, at: float, slot: str) -> None:
        stage = short_name(str(line.get("stage")))
        start = max(0.0, at - number(line.get("seconds")))
        self._bins(self._figures.items, stage).spread(start, at, number(line.get("records")))
        if failed := int(number(line.get("failed"))):
            kinds = line.get("errors")
            why = "; ".join(kinds) if isinstance(kinds, dict) else ""
            self._mark(at, slot, "failed", f"{failed} failed in {stage} {line.get('chunk')}: {why}")

    def _time(self, line: Line, at: float, slot: str) -> None:
        if slot == "coordinator" or not isinstance(line.get("phases"), dict):
            return
        phases = self._figures.phases.setdefault(slot, {})
        for name, seconds in line["phases"].items():
            phases[str(name)] = phases.get(str(name), 0.0) + number(seconds)

    def _death(self, line: Line, at: float, slot: str) -> None:
        who = str(line.get("of"))
        if line.get("cause") == IN_ORDER:
            return
        self._mark(at, slot_of(who), "death", f"{who} ended: {line.get('cause')}")

    def _state(self, line: Line, at: float, slot: str) -> None:
        if line.get("state") in ("paused", "failed", "interrupted"):
            self._mark(at, slot, str(line["state"]), str(line.get("message") or line["state"]))

    def _batch_size(self, line: Line, at: float, slot: str) -> None:
        text = f"batch size now {line.get('limit')}: {line.get('reason')}"
        self._mark(at, slot, "batch_size", text)

    def _mark(self, at: float, slot: str, kind: str, text: str) -> None:
        self._figures.marks.append(Mark(at, slot, kind, text))

    def finish(self, spans: Mapping[str, tuple[float, float]]) -> None:
        """What can only be said when every line was read."""
        figures = self._figures
        figures.lives = sorted(self._lives(spans), key=lambda life: (life.slot, life.start))
        figures.marks.sort(key=lambda mark: mark.at)
        for slot in {life.slot for life in figures.lives}:
            phases = figures.phases.setdefault(slot, {})
            # Before a start, after a death, and what a killed process had not written yet.
            rest = self._timeline.seconds - sum(phases.values())
            phases[NO_WORKER] = max(0.0, rest)
        figures.phases = dict(sorted(figures.phases.items()))

    def _lives(self, spans: Mapping[str, tuple[float, float]]) -> Iterator[Life]:
        for worker, (first, last) in spans.items():
            if (slot := slot_of(worker)) != "coordinator":
                yield Life(slot, worker, self._timeline.at(first), self._timeline.at(last))


def slot_of(worker: str) -> str:
    """w1-3f9a2c71 -> w1; a worker started by hand has a slot of its own."""
    head, _, rest = worker.partition("-")
    return worker if head == "hand" or not rest else head
