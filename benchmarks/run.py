"""`python -m benchmarks.run`: measure, print the tables, write JSON.

Knows the command line and the file that comes out.  Invariant: what is printed is made
from the file's content alone, so `--from` prints the same again.
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import orjson

from benchmarks import expected, pipeline, tables
from benchmarks.measure import Bench, Measurement, Tokens
from benchmarks.pipeline import PipelineRun
from benchmarks.plan import Settings
from benchmarks.work import WORKS
from workers.core.errors import PoolError
from workers.pool.sizing import core_count
from workers.settings.config import DEFAULT_MODEL

PIPELINE = "pipeline"
_PACKAGES = ("mlx", "mlx-lm", "mkl", "llguidance", "xllamacpp")
_FULL = {"rounds": 3, "records": 40}
_QUICK = {"rounds": 1, "records": 6}


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns the exit status."""
    options = parse(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # engines are ended all the same
    if options.source:
        found = orjson.loads(options.source.read_bytes())
    else:
        try:
            found = measured(options)
        except PoolError as error:
            print(f"error: {error}", file=sys.stderr)
            return error.exit_status
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2))
    print(report(found, options.markdown))
    if not options.source:
        print(f"\nwritten to {options.output}", file=sys.stderr)
    return 0


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Flags; what isn't given comes from the full or the quick plan."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    groups = sorted({work.group for work in WORKS.values()})
    parser.add_argument(
        "--only",
        metavar="LIST",
        help=f"works or groups of works: {', '.join([*WORKS, *groups, PIPELINE])}",
    )
    parser.add_argument("--rows", metavar="LIST", help="rows in flight (default 1,4,16,64)")
    parser.add_argument("--rounds", type=int, metavar="N", help="rounds by turns (default 3)")
    parser.add_argument("--quick", action="store_true", help="a smaller plan, under four minutes")
    parser.add_argument(
        "--minutes",
        type=float,
        default=58,
        metavar="M",
        help=("start no round of a work that would end later (default 58, the pipeline apart)"),
    )
    parser.add_argument("--only-ours", action="store_true", help="measure no peers")
    parser.add_argument(
        "--gpu", action="store_true", help="one process an engine, each in every round"
    )
    parser.add_argument("--records", type=int, metavar="N", help="of the pipeline (default 40)")
    parser.add_argument("--model", default=DEFAULT_MODEL, metavar="ID|PATH")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="draws the texts")
    parser.add_argument("-o", "--output", type=Path, default=Path("build/bench.json"))
    parser.add_argument("--markdown", action="store_true", help="print tables for a README")
    parser.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="FILE",
        help="measure nothing, print an earlier file",
    )
    options = parser.parse_args(arguments)
    for name, value in (_QUICK if options.quick else _FULL).items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    try:
        options.works = chosen_works(options.only, options.quick)
        if options.rows is not None:
            options.rows = tuple(sorted({positive(part) for part in options.rows.split(",")}))
        positive(str(options.rounds))
    except ValueError as error:
        parser.error(str(error))
    return options


def positive(text: str) -> int:
    """A whole number above 0."""
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"{text}: must be a whole number above 0")
    return int(text)


def chosen_works(only: str | None, quick: bool) -> tuple[str, ...]:
    """Names of works; groups stand for their works.  `pipeline` is one too."""
    if only is None:
        return ("relevance", "schema") if quick else (*WORKS, PIPELINE)
    found: list[str] = []
    for part in only.split(","):
        named = [w.name for w in WORKS.values() if part in (w.name, w.group)]
        if not named and part != PIPELINE:
            raise ValueError(f"--only {part}: no such work or group")
        found += named or [PIPELINE]
    return tuple(dict.fromkeys(found))


def measured(options: argparse.Namespace) -> dict[str, Any]:
    """Measure everything that was asked for."""
    begun = time.monotonic()
    found: dict[str, Any] = {
        "machine": machine() | {"model": options.model},
        "command": " ".join(sys.argv[1:]),
    }
    works = tuple(name for name in options.works if name != PIPELINE)
    with tempfile.TemporaryDirectory(prefix="cyberllm-bench-") as folder:
        if PIPELINE in options.works:
            ways = pipeline.ways(options.records)
            runs = pipeline.run(Path(folder), ways, options.model, options.seed, say)
            found["pipeline"] = [asdict(run) for run in runs]
    if works:
        settings = Settings(
            works,
            options.rows,
            options.rounds,
            options.quick,
            options.seed,
            options.minutes,
            options.model,
            options.only_ours,
            options.gpu,
        )
        found |= _rounds(settings, options.output.with_suffix(".log"))
    return found | {"minutes": round((time.monotonic() - begun) / 60, 1)}


def _rounds(settings: Settings, log: Path) -> dict[str, Any]:
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_bytes(b"")
    bench = Bench(settings, tokens(settings.model), log)
    try:
        bench.run(say)
    except KeyboardInterrupt:
        say("interrupted: the rounds that were measured follow")
    finally:
        bench.close()
    return {
        "settings": asdict(settings),
        "engines": bench.notes,
        "left_out": bench.left_out,
        "measurements": [asdict(m) for m in bench.measurements],
    }


def tokens(model: str) -> Tokens:
    """The model's tokenizer, without its weights."""
    from workers.generation import linux_cpu

    linux_cpu.prepare()  # before mlx comes in
    from mlx_lm.utils import load_tokenizer

    from workers.generation.tokens.prompts import PromptEncoder
    from workers.model_store import resolve

    tokenizer = load_tokenizer(resolve(model))
    return Tokens(tokenizer, PromptEncoder(tokenizer))


def machine() -> dict[str, Any]:
    """What the figures depend on."""
    import psutil

    found: dict[str, Any] = {
        "system": f"{platform.system()} {platform.machine()}",
        "cpu": _cpu_name(),
        "cores": core_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30),
        "load_before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
    }
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _cpu_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((x.split(":", 1)[1].strip() for x in lines if x.startswith("model name")), "")


def report(found: dict[str, Any], markdown: bool) -> str:
    """All tables of a file."""
    measurements = [Measurement(**values) for values in found.get("measurements", [])]
    made = [tables.table(work, measurements) for work in tables.works_of(measurements)]
    runs = [PipelineRun(**run) for run in found.get("pipeline", [])]
    if runs:
        made.append(pipeline.table(runs))
    made.append(expected.table(measurements, runs, found["machine"]["model"]))
    parts = [", ".join(f"{name} {value}" for name, value in found["machine"].items())]
    parts += [table.markdown() if markdown else table.text() for table in made]
    parts += [f"{engine}: {note}" for engine, note in found.get("engines", {}).items()]
    parts += [f"left out: {what}: {why}" for what, why in found.get("left_out", {}).items()]
    return "\n\n".join(parts)


def say(line: str) -> None:
    """Progress, apart from the tables."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
