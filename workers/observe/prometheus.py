"""A run's figures in Prometheus's text format, in a file or on a port of this machine only.

Knows status snapshots and prometheus_client, which is imported only when asked for.
Invariant: nothing listens on anything but the loopback address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workers.core.errors import UsageError
from workers.observe.observers import FailSafeObserver
from workers.observe.status import RunStatus, StageSpeed, StageStatus
from workers.run.machine_view import MachineView
from workers.run.worker_view import WorkerView

if TYPE_CHECKING:
    from prometheus_client.core import GaugeMetricFamily

LOOPBACK = "127.0.0.1"
_STAGE_GAUGES: tuple[tuple[str, str, Callable[[StageSpeed], float | None]], ...] = (
    ("items_per_second", "Records leaving the stage, last 30 s.", lambda s: s.items_per_s),
    ("generated_tokens_per_second", "Tokens generated, last 30 s.", lambda s: s.tokens_per_s),
    ("batch_rows", "Sequences in the batch.", lambda s: s.batch_rows),
    ("batch_limit", "Maximum batch size at present.", lambda s: s.batch_size),
    ("draft_acceptance_ratio", "Accepted share of drafted tokens.", lambda s: s.acceptance),
)

_MACHINE_GAUGES: tuple[tuple[str, str, Callable[[MachineView], float]], ...] = (
    ("workers", "Worker processes.", lambda m: m.workers),
    ("records_per_second", "Records processed there, last 30 s.", lambda m: m.records_per_s),
    ("generated_tokens_per_second", "Tokens generated, last 30 s.", lambda m: m.tokens_per_s),
    ("batch_rows", "Sequences in the batch.", lambda m: m.batch_rows),
    ("records_in_flight", "Records it is working on.", lambda m: m.in_flight),
    ("memory_bytes", "Resident memory of its workers.", lambda m: m.rss_mb * 2**20),
    ("worker_restarts", "Restarts of its workers.", lambda m: m.restarts),
)


class RunCollector:
    """Gives prometheus_client the last snapshot; a prometheus_client Collector."""

    def __init__(self) -> None:
        self.status: RunStatus | None = None

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every figure of the snapshot as a gauge."""
        if self.status is None:
            return
        status, run = self.status, self.status.run
        states = {status.state: 1}
        yield _gauge("run_state", "1 for the current state.", ["state"], run, states)
        seconds = {"elapsed": status.elapsed_s, "left": status.eta_s}
        yield _gauge("run_seconds", "Elapsed, and estimated to be left.", ["part"], run, seconds)
        yield from _stage_gauges(run, status.stages)
        yield from _worker_gauges(run, status.workers)
        if status.cluster:
            yield from _machine_gauges(run, status.cluster.machines)


def _stage_gauges(run: str, stages: Sequence[StageStatus]) -> Iterator[GaugeMetricFamily]:
    chunks = {(s.name, state): n for s in stages for state, n in s.chunks.by_state().items()}
    yield _gauge("chunks", "Chunks by state.", ["stage", "state"], run, chunks)
    records = {(s.name, end): n for s in stages for end, n in s.records.to_json().items()}
    yield _gauge("records", "Records in, and how they ended.", ["stage", "outcome"], run, records)
    for name, text, read in _STAGE_GAUGES:
        yield _gauge(name, text, ["stage"], run, {s.name: read(s.speed) for s in stages})


def _worker_gauges(run: str, workers: Sequence[WorkerView]) -> Iterator[GaugeMetricFamily]:
    slots = {(str(slot), worker.role): worker for slot, worker in enumerate(workers, 1)}
    memory = {key: w.rss_mb and w.rss_mb * 2**20 for key, w in slots.items()}
    restarts = {key: w.restarts for key, w in slots.items()}
    labels = ["slot", "role"]
    yield _gauge("worker_memory_bytes", "Resident memory.", labels, run, memory)
    yield _gauge("worker_restarts", "Restarts in this session.", labels, run, restarts)
    states = {(*key, w.state): 1 for key, w in slots.items()}
    yield _gauge("worker_state", "1 for the current state.", [*labels, "state"], run, states)


def _machine_gauges(run: str, machines: Sequence[MachineView]) -> Iterator[GaugeMetricFamily]:
    for name, text, read in _MACHINE_GAUGES:
        figures = {machine.name: read(machine) for machine in machines}
        yield _gauge(f"machine_{name}", text, ["machine"], run, figures)
    states = {(machine.name, machine.state): 1 for machine in machines}
    labels = ["machine", "state"]
    yield _gauge("machine_state", "1 for the current state.", labels, run, states)


def _gauge(
    name: str, text: str, labels: list[str], run: str, figures: dict[Any, Any]
) -> GaugeMetricFamily:
    from prometheus_client.core import GaugeMetricFamily

    gauge = GaugeMetricFamily(f"cyberllm_{name}", text, labels=["run", *labels])
    for key, figure in figures.items():
        values = key if isinstance(key, tuple) else (key,)
        if figure is not None:
            gauge.add_metric([run, *map(str, values)], figure)
    return gauge


@contextmanager
def exporters(file: Path | None, port: int | None) -> Iterator[list[FailSafeObserver]]:
    """Observers that keep the file, or what the port serves, up to date; none by default.

    Raises UsageError when the package is missing or the port can't be bound.
    """
    if file is None and port is None:
        yield []
        return
    collector, registry = _registry("--prometheus-file" if file else "--prometheus-port")

    def keep(status: RunStatus) -> None:
        collector.status = status

    def write(status: RunStatus) -> None:
        from prometheus_client import write_to_textfile

        keep(status)
        write_to_textfile(str(file), registry)

    stop = _serve(port, registry) if port is not None else lambda: None
    try:
        update = write if file else keep
        yield [FailSafeObserver(f"--prometheus-file {file}", update)]
    finally:
        stop()


def _registry(flag: str) -> tuple[RunCollector, Any]:
    try:
        from prometheus_client import CollectorRegistry
    except ImportError as error:
        raise UsageError(
            f"{flag}: needs the package prometheus-client; install it or drop the flag"
        ) from error
    collector, registry = RunCollector(), CollectorRegistry()
    registry.register(collector)
    return collector, registry


def _serve(port: int, registry: Any) -> Any:
    from prometheus_client import start_http_server

    try:
        server, thread = start_http_server(port, addr=LOOPBACK, registry=registry)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"--prometheus-port {port}: {reason}; choose another") from error

    def stop() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return stop
