"""A run's figures in Prometheus's text format, in a file or on a port of this machine only.

Knows status snapshots and prometheus_client, which is imported when it is asked for.
Invariant: nothing listens on anything but the loopback address.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workers.core.errors import UsageError
from workers.observe.observers import Quietly
from workers.observe.status import RunStatus

if TYPE_CHECKING:
    from prometheus_client.core import GaugeMetricFamily

LOOPBACK = "127.0.0.1"
# Name, help, and the figure's key in a stage of `status --json`.
_STAGE_GAUGES = (
    ("items_per_second", "Records that leave the stage, over half a minute.", "items_per_s"),
    ("generated_tokens_per_second", "Tokens, over half a minute.", "tokens_per_s"),
    ("batch_rows", "Sequences side by side.", "batch_rows"),
    ("batch_limit", "Most sequences allowed now.", "batch_size"),
    ("draft_acceptance_ratio", "Accepted of the drafted tokens.", "acceptance"),
)


class RunCollector:
    """Gives prometheus_client the last snapshot; a prometheus_client Collector."""

    def __init__(self) -> None:
        self.status: RunStatus | None = None

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every figure of the snapshot as a gauge."""
        if self.status is None:
            return
        values = self.status.to_json()
        run = values["run"]
        yield _gauge("run_state", "1 for the state it is in.", ["state"], run, {values["state"]: 1})
        seconds = {"elapsed": values["elapsed_s"], "left": values["eta_s"]}
        yield _gauge("run_seconds", "Since the start; left, by estimate.", ["part"], run, seconds)
        yield from _stage_gauges(run, values["stages"])
        yield from _worker_gauges(run, values["workers"])


def _stage_gauges(run: str, stages: list[dict[str, Any]]) -> Iterator[GaugeMetricFamily]:
    states = ("pending", "claimed", "done", "failed")
    chunks = {(s["name"], state): s[state] for s in stages for state in states}
    yield _gauge("chunks", "Chunks by state.", ["stage", "state"], run, chunks)
    records = {(s["name"], end): count for s in stages for end, count in s["records"].items()}
    yield _gauge("records", "Records in, and how they ended.", ["stage", "outcome"], run, records)
    for name, text, key in _STAGE_GAUGES:
        yield _gauge(name, text, ["stage"], run, {s["name"]: s[key] for s in stages})


def _worker_gauges(run: str, workers: list[dict[str, Any]]) -> Iterator[GaugeMetricFamily]:
    slots = {(str(slot), w["role"]): w for slot, w in enumerate(workers, 1)}
    memory = {key: w["rss_mb"] and w["rss_mb"] * 2**20 for key, w in slots.items()}
    restarts = {key: w["restarts"] for key, w in slots.items()}
    labels = ["slot", "role"]
    yield _gauge("worker_memory_bytes", "Resident memory.", labels, run, memory)
    yield _gauge("worker_restarts", "Restarts in this session.", labels, run, restarts)
    states = {(*key, w["state"]): 1 for key, w in slots.items()}
    yield _gauge("worker_state", "1 for the state it is in.", [*labels, "state"], run, states)


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
def exporters(file: Path | None, port: int | None) -> Iterator[list[Quietly]]:
    """Observers that keep the file, or what the port serves, up to date; none by default.

    Raises UsageError when the package is missing or the port can't be had.
    """
    if file is None and port is None:
        yield []
        return
    collector, registry = _registry("--prometheus-file" if file else "--prometheus-port")

    def take(status: RunStatus) -> None:
        collector.status = status

    def write(status: RunStatus) -> None:
        from prometheus_client import write_to_textfile

        take(status)
        write_to_textfile(str(file), registry)

    stop = _serve(port, registry) if port is not None else lambda: None
    try:
        yield [Quietly(f"--prometheus-file {file}", write) if file else Quietly("", take)]
    finally:
        stop()


def _registry(flag: str) -> tuple[RunCollector, Any]:
    try:
        from prometheus_client import CollectorRegistry
    except ImportError as error:
        raise UsageError(
            f"{flag}: needs the package prometheus-client; install it, or leave the flag out"
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
