"""The four stages end to end: a full pool against the same stages one by one.

Runs coordinator.py as a user would, in folders of its own.  Knows its flags and a run's
files.  Invariant: both ways start from the same lines of the same file.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from benchmarks.processes import PeakMemory
from benchmarks.tables import TextTable
from benchmarks.work import records
from workers.metrics.metric_kinds import ModelBatch
from workers.performance_logger import read_metrics
from workers.pool.sizing import core_count

_PROJECT = Path(__file__).resolve().parents[1]
FULL_POOL, ONE_BY_ONE = "full pool", "--no-batching, one worker"
_CHUNK = "5"  # records: small enough that every worker has its share
# The model writes all it can, so that figures stay comparable whatever `auto` would let it write.
_OPTIONS = {"data_structurer": {"answers": "model"}, "security_aligner": {"reword": True}}


@dataclass(frozen=True)
class PipelineConfig:
    """How to run the stages, and on how many of the records."""

    name: str
    records: int
    flags: tuple[str, ...]


@dataclass(frozen=True)
class PipelineRun:
    """What one run of the pipeline took; loading the model is in it."""

    name: str
    records: int
    seconds: float
    pairs: int
    equal_pairs: int
    generated_tokens: int
    peak_mb: int


def ways(count: int) -> list[PipelineConfig]:
    """The full pool before and after one worker without batching, on the same records."""
    pool = PipelineConfig(FULL_POOL, count, ())
    return [pool, PipelineConfig(ONE_BY_ONE, count, ("--no-batching", "--workers", "1")), pool]


def run(
    folder: Path,
    chosen: Sequence[PipelineConfig],
    model: str,
    seed: int,
    say: Callable[[str], None],
) -> list[PipelineRun]:
    """Run every way; raises RuntimeError when a run does not finish cleanly."""
    most = max(way.records for way in chosen)
    source = folder / "input.jsonl"
    source.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records(most, seed)))
    done: list[PipelineRun] = []
    reference: set[tuple[str, str]] = set()
    say("pipeline: warm-up")  # questions are calibrated once per model, and kept
    _run(folder, "bench-warm-up", PipelineConfig("warm-up", 2, ()), model, source, reference)
    for number, way in enumerate(chosen):
        say(f"pipeline: {way.name}, {way.records} records")
        made, pairs = _run(folder, f"bench-{number}", way, model, source, reference)
        reference = reference or pairs
        done.append(made)
        say(f"  {made.records / made.seconds:.3f} records/s")
    return done


def _run(
    folder: Path,
    name: str,
    way: PipelineConfig,
    model: str,
    source: Path,
    reference: set[tuple[str, str]],
) -> tuple[PipelineRun, set[tuple[str, str]]]:
    command = [sys.executable, str(_PROJECT / "coordinator.py"), "run", "-i", str(source)]
    command += ["--run", name, "--limit", str(way.records), "--chunk-size", _CHUNK]
    settings = folder / "settings.yaml"
    settings.write_bytes(orjson.dumps({"stage_options": _OPTIONS}))  # JSON is YAML
    command += ["--config", str(settings), "--model", model, *way.flags]
    folders = {"CYBERLLM_QUEUES": str(folder / "queues"), "CYBERLLM_LOGS": str(folder / "logs")}
    begun = time.perf_counter()
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, env={**os.environ, **folders}, cwd=folder
        )
        with PeakMemory([process.pid], tree=True) as memory:
            status = process.wait()
    seconds = time.perf_counter() - begun
    if status not in (0, 3):
        raise RuntimeError(f"the pipeline ended with status {status}: see {folder / name}.log")
    pairs = _pairs(folder / "queues" / name / "results" / "6_security_aligner.jsonl")
    tokens = sum(
        line.body.figures.generated_tokens
        for line in read_metrics(folder / "logs" / name)
        if isinstance(line.body, ModelBatch)
    )
    equal = len(pairs & reference) if reference else len(pairs)
    made = PipelineRun(way.name, way.records, seconds, len(pairs), equal, tokens, memory.peak_mb)
    return made, pairs


def _pairs(dataset: Path) -> set[tuple[str, str]]:
    lines = map(orjson.loads, dataset.read_bytes().splitlines())
    return {(line["instruction"], line["response"]) for line in lines}


def factors(runs: Sequence[PipelineRun]) -> list[float]:
    """How many times as many records a second each full pool does as one by one."""
    base = next((run.records / run.seconds for run in runs if run.name == ONE_BY_ONE), None)
    pools = [run.records / run.seconds for run in runs if run.name == FULL_POOL]
    return [rate / base for rate in pools] if base else []


def table(runs: Sequence[PipelineRun]) -> TextTable:
    """Records a second and how many times that is what one worker does one by one."""
    base = next((r for r in runs if r.name == ONE_BY_ONE), None)
    rows = []
    for one in runs:
        rate = one.records / one.seconds
        times = f"{rate / (base.records / base.seconds):.2f}" if base else ""
        tokens = f"{one.generated_tokens / one.seconds:.0f}"
        equal = f"{one.equal_pairs} of {one.pairs}"
        cells = [one.name, str(one.records), f"{rate:.3f}", times, tokens, str(one.peak_mb), equal]
        rows.append(cells)
    columns = ["four stages", "records", "records/s", "times", "tokens/s", "peak MB", "equal pairs"]
    return TextTable(f"pipeline, {core_count()} cores", columns, rows)
