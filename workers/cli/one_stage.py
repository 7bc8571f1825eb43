"""One stage on one file, in one process, without a coordinator: `python -m stages.NAME`.

The stage runs as a run of its own in a work folder beside the output, with the same queue
and worker.  Invariant: outputs are published whole; a stage that was killed goes on where
it stopped when the same command is given again.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import signal
import sys
from dataclasses import fields, replace
from pathlib import Path

from stages.base import Stage
from workers.core import files
from workers.core.command_parser import CommandParser
from workers.core.errors import PoolError
from workers.core.exit_status import ExitStatus
from workers.run.input_lines import inspect_inputs
from workers.run.merge import merge
from workers.run.prepare import create, describe_models, refuse_other_settings, take_up
from workers.run.run_folder import RunFolder
from workers.run.splitter import split
from workers.settings.config import RunConfig, add_flags, load_config
from workers.settings.stage_options import normalized
from workers.worker.loop import Worker

_NOT_ALONE = (
    "workers",
    "worker_timeout",
    "chunk_size",
    "enable_speculative",
    "draft_model",
    "num_draft_tokens",
)


def main(stage: type[Stage], arguments: list[str] | None = None) -> None:
    """The command of one stage; ends the process with the exit status of docs/design.md."""
    try:
        sys.exit(run_alone(stage, _parse(stage, arguments)))
    except PoolError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_status)
    except OSError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(ExitStatus.FAILED)


def run_alone(stage: type[Stage], options: argparse.Namespace) -> int:
    """Run one stage on one file; the exit status."""
    output = Path(options.output)
    run = _take_up(stage, options, RunFolder(output.with_name(output.name + ".work")))
    with run.lock_coordinator():
        run.recover()
        for chunk in split(run.manifest.inputs, run.manifest.chunk_size, run.config.limit):
            run.queues[0].publish(chunk.name, chunk.lines)
        if not asyncio.run(_work(run)):
            print(f"stopped; the same command goes on from {run.path}", file=sys.stderr)
            return ExitStatus.INTERRUPTED
        merged = merge(run)
    _hand_over(run, output)
    ends = merged.stages[0].ends
    print(
        f"{ends.results} results, {ends.removed} removed, {ends.failed} failed: {output}",
        file=sys.stderr,
    )
    return ExitStatus.DEAD_LETTERS if ends.failed else ExitStatus.FINISHED


def _parse(stage: type[Stage], arguments: list[str] | None) -> argparse.Namespace:
    module = stage.name.split("_", 1)[1]
    parser = CommandParser(prog=f"python -m stages.{module}", description=stage.__doc__)
    parser.add_argument("input", metavar="IN.jsonl", help="records, one JSON object a line")
    parser.add_argument("-o", "--output", required=True, metavar="OUT.jsonl", help="results")
    parser.add_argument("--config", metavar="FILE.yaml", help="settings from a file")
    flags = {name for name in RunConfig.__dataclass_fields__ if name not in _NOT_ALONE}
    add_flags(parser, tuple(flags))
    stage.add_arguments(parser)
    return parser.parse_args(arguments)


def _take_up(stage: type[Stage], options: argparse.Namespace, run: RunFolder) -> RunFolder:
    config = _config(stage, options)
    inputs = inspect_inputs([options.input])
    if run.exists():
        refuse_other_settings(run.open(), config, inputs)
        take_up(run, 1)
        print(f"going on from {run.path}", file=sys.stderr)
    else:
        create(run, config, inputs, describe_models(config))
    return run


def _config(stage: type[Stage], options: argparse.Namespace) -> RunConfig:
    given = vars(options)
    flags = {name: given[name] for name in RunConfig.__dataclass_fields__ if name in given}
    own = {
        f.name: given[f.name]
        for f in fields(stage.Options)
        if f.name in given and f.name != "seed" and given[f.name] is not None
    }
    flags |= {"stages": (stage.name,), "workers": 1}
    config = load_config(flags, Path(options.config) if options.config else None)
    kept = normalized(config.stage_options)
    mine = {**kept.get(stage.name, {}), **own}
    return replace(config, stage_options=normalized({stage.name: mine} if mine else {}))


async def _work(run: RunFolder) -> bool:
    """Work until nothing is left; False when a signal stopped it."""
    worker = Worker(run, "batch", "alone", lambda: False)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, worker.stop)
    await worker.work()
    return not worker.stopped


def _hand_over(run: RunFolder, output: Path) -> None:
    """Move the merged files beside the output, then drop the work folder."""
    stem = output.name.removesuffix(".jsonl")
    targets = {
        run.removed_file: output.with_name(f"{stem}.removed.jsonl"),
        run.failed_file: output.with_name(f"{stem}.failed.jsonl"),
        run.dataset_file: output,
    }
    for source, target in targets.items():
        files.move(source, target)
    shutil.rmtree(run.path)
