"""`python -m workers.batch_file IN.jsonl -o OUT.jsonl`: a batch file as a run of one stage.

Joins grouping, a run's coordinator and its workers, and the output; does none of their work.
Invariant: the same command goes on with what was interrupted, and the output is there whole or not
at all.
"""

from __future__ import annotations

import argparse
import hashlib
import signal
from collections.abc import Mapping
from pathlib import Path

from stages.requests.stage import NAME as STAGE
from stages.sources.shapes.json_lines import numbered_lines
from workers.batch_file.answers import Written, write_answers
from workers.batch_file.requests import check_encoding, group
from workers.cli.chosen_models import describe_models
from workers.cli.endings import exit_status_of
from workers.cli.machines import check_cluster
from workers.cli.output_file import refuse_output
from workers.cli.work import work_and_tell
from workers.control.supervisor import Summary
from workers.core import files
from workers.core.command_parser import CommandParser
from workers.core.errors import InputError, UsageError
from workers.core.exit_status import ExitStatus
from workers.core.terminal import duration
from workers.pool.sizing import worker_count
from workers.run import prepare
from workers.run.input_files import inspect_file
from workers.run.kept_recipe import chosen_recipe
from workers.run.run_folder import RunFolder
from workers.run.run_model import RunModel
from workers.run.run_names import name_from
from workers.settings.config import RunConfig, settings
from workers.settings.flags import add_flags, given_settings, option_groups
from workers.settings.setting import Group
from workers.settings.sources import load_config

_NOT_FOR_REQUESTS = ("disable_llm", "recipe", "stages")
# Whatever environment or --config say: each line of the file has one in the output.
_FIXED = {
    **{"stages": STAGE, "no_dedup": True, "format": "jsonl", "disable_llm": False},
    **dict.fromkeys(("limit", "shard", "records_at")),
}


def main(arguments: list[str] | None = None) -> int:
    """The command; returns its exit status."""
    options = build_parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    return exit_status_of(lambda: run(options))


def build_parser() -> CommandParser:
    """The command's flags: those of a run that concern requests."""
    parser = CommandParser(
        prog="python -m workers.batch_file",
        usage="%(prog)s IN.jsonl -o OUT.jsonl [OPTION...]",
        description="Answer the requests of a file in OpenAI's batch format.",
        epilog="The output has a line for each request, in their order; the same command given\n"
        "again continues what was interrupted.  Flags hold where a request sets nothing.",
    )
    parser.add_version()
    parser.add_argument("input", type=Path, metavar="IN.jsonl", help="requests, one a line")
    groups = option_groups(parser)
    add = groups[Group.INPUT].add_argument
    add("-o", "--output", type=Path, required=True, metavar="OUT.jsonl", help="where answers go")
    add("--run", metavar="NAME", help="name of the run (default: derived from both files)")
    add("--config", type=Path, metavar="FILE", help="YAML file with settings")
    add_flags(groups, _settings_of_requests())
    return parser


def _settings_of_requests() -> list[str]:
    return [
        name
        for name, setting in settings().items()
        if setting.group not in (Group.INPUT, Group.STAGES) and name not in _NOT_FOR_REQUESTS
    ]


def run(options: argparse.Namespace) -> ExitStatus:
    """Answer the requests of a file; raises PoolError or OSError when it can't be done."""
    config = load_config(given_settings(options) | _FIXED, options.config)
    source = Path(inspect_file(options.input).path)
    _refuse_output(options.output, source)
    digest = _digest_of_requests(source)
    folder = _folder(options, digest)
    machines = check_cluster(config)
    models = {} if folder.exists() else describe_models(config, _print_at_once)
    files.make_folders(folder.path)
    with folder.lock_coordinator():
        if folder.exists():
            config = _resume(folder, config, digest)
        else:
            workers = max(1, worker_count(config) + machines)
            _begin(folder, config, models, source, digest, workers)
        again = "the same command continues"
        status = work_and_tell(folder, config, (), again, _tell_time)
        if status in (ExitStatus.FINISHED, ExitStatus.DEAD_LETTERS):
            _tell(write_answers(folder, options.output), options.output)
    return status


def _refuse_output(output: Path, source: Path) -> None:
    """Raise UsageError for an output that could not be written in the end."""
    refuse_output(output, [source])
    if not output.absolute().parent.is_dir():
        raise UsageError(f"-o {output}: there is no folder {output.absolute().parent}")


def _digest_of_requests(source: Path) -> str:
    """The hash of a file with requests; raises InputError for one that holds none."""
    with source.open("rb") as file:
        if next(numbered_lines(file), None) is None:
            raise InputError(f"{source}: holds no requests")
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest()


def _folder(options: argparse.Namespace, digest: str) -> RunFolder:
    """The run of these requests and this output: the same command finds it again."""
    if options.run is not None:
        return RunFolder.named(options.run)
    place = str(options.output.resolve()).encode(errors="surrogateescape")
    both = hashlib.sha256(digest.encode() + place).hexdigest()
    return RunFolder.named(f"{name_from(options.output.stem, 'batch')}-{both[:8]}")


def _grouped(folder: RunFolder) -> Path:
    return folder.path / "input" / "requests.jsonl"


def _kept_digest(folder: RunFolder) -> Path:
    return folder.path / "input" / "requests.sha256"


def _begin(
    folder: RunFolder,
    config: RunConfig,
    models: Mapping[str, RunModel],
    source: Path,
    digest: str,
    workers: int,
) -> None:
    """Group the requests, then make the run."""
    check_encoding(source)
    files.make_folders(_grouped(folder).parent)
    group(source, _grouped(folder))
    files.publish(_kept_digest(folder), digest.encode())
    inputs = [inspect_file(_grouped(folder))]
    prepare.create(folder, config, inputs, models, chosen_recipe(config), workers)


def _resume(folder: RunFolder, config: RunConfig, digest: str) -> RunConfig:
    """The settings to go on with; raises UsageError or InputError for another run's name."""
    kept = _kept_digest(folder)
    if not kept.is_file() or kept.read_text() != digest:
        raise InputError(f"run {folder.name}: was created from other input; give another --run")
    inputs = [inspect_file(_grouped(folder))]
    prepare.refuse_other_settings(folder.open(), config, inputs, chosen_recipe(config))
    return prepare.resume(folder, prepare.who_works(vars(config)))


def _tell_time(summary: Summary) -> None:
    rate = summary.records_done / summary.seconds if summary.seconds else 0.0
    took = duration(summary.seconds)
    print(f"finished in {took}: {summary.records_done} requests, {rate:.1f} per second")


def _print_at_once(line: str) -> None:
    print(line, flush=True)


def _tell(written: Written, output: Path) -> None:
    """What was answered, and what it took."""
    lines = written.answers + sum(written.errors.values())
    print(
        f"tokens: {written.prompt_tokens} in prompts, {written.cached_tokens} of them shared with "
        f"other requests; {written.completion_tokens} in answers"
    )
    for code, count in sorted(written.errors.items()):
        print(f"  {count} x {code}")
    print(f"answers: {output} ({written.answers} of {lines} requests)")
