"""One stage on its own files, in one process, without a coordinator: `python -m stages.NAME`.

The stage runs as a run of its own in a work folder beside the output, with the same queue
and worker.  Invariant: outputs are published whole; a stage that was killed continues where
it stopped when the same command is given again.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import os
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stages import ALL_STAGES, short_name
from stages.base import Stage
from stages.own import importable
from workers.cli.endings import exit_status_of
from workers.cli.output_file import refuse_output
from workers.core.command_parser import CommandParser
from workers.core.errors import PoolError, UsageError
from workers.core.exit_status import ExitStatus
from workers.core.terminal import plain_text
from workers.settings.config import RunConfig, settings, shard_of
from workers.settings.flags import add_flags, add_stage_flags, given_settings, option_groups
from workers.settings.setting import Group

if TYPE_CHECKING:
    from stages.recipe.recipe import Recipe
    from workers.run.run_folder import RunFolder
    from workers.run.splitter import Splitter

_SHOWN_KINDS = 3  # of dead letters
_WORK = ".work"


def main(stage: type[Stage], arguments: list[str] | None = None) -> None:
    """The command of one stage; ends the process with its exit status."""
    stage = importable(stage)
    options = _parser(stage).parse_args(arguments)
    sys.exit(exit_status_of(lambda: run_alone(stage, options)))


def run_alone(
    stage: type[Stage],
    options: argparse.Namespace,
    work: Callable[[RunFolder], ExitStatus] | None = None,
) -> ExitStatus:
    """Run one stage on its input files; raises PoolError or OSError when it can't be done.

    `work` does what a worker does otherwise; unless it gives FINISHED, the same command has to
    be given again later.
    """
    from workers.run.merge import merge
    from workers.run.run_folder import RunFolder

    output: Path = options.output
    config, recipe = _settings(stage, options)
    _refuse_output(output, options.input)
    run = RunFolder(_work_folder(output))
    _refuse_foreign(run, stage, output)
    _begin_or_resume(config, recipe, options.input, run)
    with run.lock_coordinator():
        run.recover()
        for chunk in _chunks(run):
            run.queues[0].publish(chunk.name, chunk.lines)
        if status := (work or _by_worker)(run):
            what = "interrupted" if status == ExitStatus.INTERRUPTED else "not finished"
            _say(f"{what}; the same command continues from {run.path}")
            return status
        merged = merge(run)
    _hand_over(run, output)
    ends = merged.stages[0].ends
    _say(f"{ends.results} results, {ends.removed} removed, {ends.failed} failed: {output}")
    for example, count in merged.stages[0].dead_letters.most_common(_SHOWN_KINDS).items():
        _say(f"  failed: {count} x {plain_text(example, 400)}")
    return ExitStatus.DEAD_LETTERS if ends.failed else ExitStatus.FINISHED


def _chunks(run: RunFolder) -> Splitter:
    from workers.run import repeats
    from workers.run.input_files import reading_options
    from workers.run.splitter import split

    manifest, config = run.manifest, run.config
    wanted = repeats.is_wanted(config)
    if wanted and not repeats.is_done(run.path):
        for _ in repeats.look(repeats.search_of(run), run.path):
            pass
    marked_in = run.path if wanted else None
    options, shard = reading_options(config), shard_of(config)
    return split(manifest.inputs, manifest.chunk_size, config.limit, options, marked_in, shard)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _parser(stage: type[Stage]) -> CommandParser:
    description = f"{stage.description[0].upper()}{stage.description[1:]}."
    parser = CommandParser(
        prog=f"python -m {_module(stage)}",
        usage="%(prog)s IN... -o OUT.jsonl [OPTION...]",
        description=description,
        epilog="Removed and failed records go beside the output: OUT.removed.jsonl,\n"
        "OUT.failed.jsonl.  The same command given again continues what was interrupted.",
    )
    parser.add_version()
    parser.add_argument(
        "input",
        nargs="+",
        type=Path,
        metavar="IN",
        help="files, folders or patterns, in any known format; - is standard input",
    )
    groups = option_groups(parser)
    group = groups[Group.INPUT]
    group.add_argument(
        "-o", "--output", type=Path, required=True, metavar="OUT.jsonl", help="where results go"
    )
    group.add_argument("--config", type=Path, metavar="FILE", help="YAML file with settings")
    add_flags(groups, _settings_of_one_stage(stage))
    add_stage_flags(groups, [stage.name])
    return parser


def _module(stage: type[Stage]) -> str:
    """What is started to run a stage alone."""
    own = stage.name not in ALL_STAGES
    return stage.__module__ if own else f"stages.{short_name(stage.name)}"


def _settings_of_one_stage(stage: type[Stage]) -> list[str]:
    """All but which stages run and how workers share the input: there is one of each.

    Duplicates are looked for only before the first stage.
    """
    void = {"stages"} if stage.name == ALL_STAGES[0] else {"stages", "dedup_threshold", "no_dedup"}
    return [
        name
        for name, setting in settings().items()
        if setting.group != Group.WORKERS and name not in void
    ]


def _refuse_output(output: Path, inputs: list[Path]) -> None:
    """Raise UsageError or InputError where inputs can't be found, or would be written over."""
    from workers.run.gather import STANDARD_INPUT, expand

    found = [Path(one.path) for one in expand([path for path in inputs if path != STANDARD_INPUT])]
    refuse_output(output, found, (_removed_file(output), _failed_file(output)))


def _refuse_foreign(run: RunFolder, stage: type[Stage], output: Path) -> None:
    """Raise UsageError where somebody else's files are in the work folder, which goes in the end.

    What a start that was cut short leaves there is no reason to refuse it.
    """
    if run.exists() or not run.path.is_dir():
        return
    own = {stage.name, "input", run.recipe_dir.name, run.workers_dir.name}
    names = sorted(path.name for path in run.path.iterdir() if not path.name.startswith("."))
    if others := [name for name in names if name not in own]:
        raise UsageError(
            f"-o {output}: its work folder would be {run.path}, which holds {others[0]}; "
            "move it away or choose another output"
        )


def _work_folder(output: Path) -> Path:
    """Beside the output, with a name that a run may have; always the same for an output."""
    from workers.run.run_names import LONGEST, is_run_name, name_from

    name = output.name
    if not is_run_name(name, LONGEST - len(_WORK)):
        digest = hashlib.sha256(name.encode(errors="surrogateescape")).hexdigest()
        name = f"{name_from(name, 'out')}-{digest[:8]}"
    return output.with_name(f"{name}{_WORK}")


def _settings(stage: type[Stage], options: argparse.Namespace) -> tuple[RunConfig, Recipe]:
    """The settings and the recipe, checked before any file is looked for."""
    from workers.run.kept_recipe import chosen_recipe
    from workers.settings.chosen_stages import check_stages

    config = _config(stage, options)
    recipe = chosen_recipe(config)
    check_stages(config, recipe)
    return config, recipe


def _begin_or_resume(
    config: RunConfig, recipe: Recipe, given: Sequence[Path], run: RunFolder
) -> None:
    from workers.cli.chosen_models import describe_models
    from workers.run import prepare
    from workers.run.gather import forget, gather
    from workers.run.input_files import reading_options
    from workers.run.input_pairs import refuse_input_without_pairs
    from workers.run.languages import languages_notice
    from workers.run.speculation import speculation_notice

    inputs = gather(run, given, reading_options(config))
    if run.exists():
        anew = f"remove {run.path} to start anew"
        prepare.refuse_other_settings(run.open(), config, inputs, recipe, anew)
        prepare.resume(run, {})
        _say(f"continuing from {run.path}")
    else:
        try:
            refuse_input_without_pairs(config, inputs)
            models = describe_models(config, _say)
        except PoolError:
            forget(run)
            raise
        prepare.create(run, config, inputs, models, recipe)
    speculation = speculation_notice(config, run.manifest.draft_model)
    for notice in (speculation, languages_notice(run.config)):
        if notice:
            _say(notice)


def _config(stage: type[Stage], options: argparse.Namespace) -> RunConfig:
    from workers.settings.sources import load_config
    from workers.settings.stage_options import from_flags

    flags = given_settings(options) | {"stages": stage.name, "workers": 1}
    return load_config(flags, options.config, stage_flags=from_flags(options, [stage.name]))


def _by_worker(run: RunFolder) -> ExitStatus:
    # mlx-lm's transformers says otherwise that it found no PyTorch, which nothing here uses.
    os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")
    finished = asyncio.run(_work(run))
    return ExitStatus.FINISHED if finished else ExitStatus.INTERRUPTED


async def _work(run: RunFolder) -> bool:
    """Work until nothing is left; False when a signal stopped it."""
    from workers.worker.loop import Worker

    worker = Worker(run, _role(run.config), "alone", lambda: False)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, worker.stop)
    await worker.work()
    return not worker.stopped


def _role(config: RunConfig) -> str:
    """This one worker holds the draft model too, if there is one."""
    if config.disable_llm:
        return "cpu"
    return "speculative" if config.enable_speculative else "batch"


def _hand_over(run: RunFolder, output: Path) -> None:
    """Move the merged files beside the output, then drop the work folder."""
    from workers.core import files

    targets = {
        run.removed_file: _removed_file(output),
        run.failed_file: _failed_file(output),
        run.dataset_file: output,
    }
    for source, target in targets.items():
        files.move(source, target)
    _drop(run.path)


def _drop(folder: Path) -> None:
    """Remove a folder as a whole: what a kill leaves of it is not in its place.

    Chunks without their manifest would be taken for those of the next run there.
    """
    gone = folder.with_name(f".{folder.name}.gone")
    shutil.rmtree(gone, ignore_errors=True)
    os.rename(folder, gone)
    shutil.rmtree(gone, ignore_errors=True)


def _removed_file(output: Path) -> Path:
    return output.parent / f"{output.name.removesuffix('.jsonl')}.removed.jsonl"


def _failed_file(output: Path) -> Path:
    return output.parent / f"{output.name.removesuffix('.jsonl')}.failed.jsonl"
