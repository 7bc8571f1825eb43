"""The command line: flags, exit statuses, and which command does what.

Parses only; the commands are in workers/cli/commands.py and are imported late, so that --help
is quick.  Invariant: an error a user can meet is one line, and its exit status is the
documented one.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from workers.cli.endings import exit_status_of
from workers.core.command_parser import CommandParser, port
from workers.core.program import program
from workers.settings.flags import add_flags, add_stage_flags, describe_stages, option_groups
from workers.settings.setting import Group

_ASKING = {signal.SIGINT, signal.SIGTERM}
_EPILOG = """\
`COMMAND --help` describes a command.  Each stage can also run alone on one file:
`python -m stages.data_filter --help`.

Exit status: 0 finished, 1 failed, 2 wrong usage, 3 finished with dead letters, 4 waiting for a
review, 130 interrupted.
"""
_RUN_EPILOG = """\
A setting comes from the command line, else from the environment (CYBERLLM_BATCH_SIZE=16), else
from the YAML file of --config (batch_size: 16), else it is the default.
"""


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit status."""
    args = build_parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _as_interrupt)
    return exit_status_of(lambda: getattr(_commands(), args.command)(args))


def _commands() -> ModuleType:
    """The commands; signals wait meanwhile, for orjson crashes when one interrupts its loading."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _ASKING)
    try:
        import orjson  # noqa: F401

        from workers.cli import commands
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ASKING)
    return commands


def _as_interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


# Arguments


def build_parser() -> CommandParser:
    """All commands; each adds its flags once it is called for."""
    parser = CommandParser(
        prog=program(),
        description="Turn raw cybersecurity text into an instruction dataset, "
        "with local MLX workers.",
        epilog=_EPILOG,
    )
    parser.add_version()
    commands = parser.add_subparsers(required=True, title="commands", metavar="COMMAND")
    _add(commands, "run", "process input files", _add_run, epilog=_RUN_EPILOG)
    _add(commands, "resume", "resume an interrupted run", _add_resume)
    _add(commands, "status", "show the progress of a run", _add_status)
    _add(commands, "verify", "recount a run's records from its files", _add_verify)
    _add(commands, "retry", "requeue dead letters, and resume the run", _add_retry)
    _add(commands, "report", "show where a run's time went, or compare runs", _add_report)
    _add(commands, "selftest", "check correctness and speed on this machine", _add_selftest)
    _add(commands, "models", "list local models, fetch one, or check a server", _add_models)
    _add(commands, "merge", "merge the runs of all shards into one run", _add_merge)
    _add(commands, "cluster", "create the certificates for a cluster", _add_cluster)
    _add(commands, "peek", "show how input files are read", _add_peek)
    return parser


def _add(
    commands: Any, name: str, text: str, fill: Callable[[CommandParser], None], **more: str
) -> None:
    """A command whose help begins with `text`."""
    description = f"{text[0].upper()}{text[1:]}."
    parser = commands.add_parser(name, help=text, description=description, fill=fill, **more)
    parser.set_defaults(command=name)


def _add_run(parser: CommandParser) -> None:
    parser.usage = "%(prog)s -i FILE... [--run NAME] [OPTION...]"
    groups = option_groups(parser)
    _add_input(groups[Group.INPUT])
    add_flags(groups)
    describe_stages(groups)
    add_stage_flags(groups)
    _add_monitoring(parser)


def _add_input(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "-i",
        "--input",
        nargs="+",
        type=Path,
        required=True,
        action="extend",
        metavar="FILE",
        help="files, folders or patterns, in any known format; - is standard input",
    )
    group.add_argument(
        "--run", metavar="NAME", help="name of the run (default: name of the input, and the time)"
    )
    group.add_argument(
        "--resume",
        choices=("never", "always", "if_possible"),
        default="never",
        help="whether to resume the run NAME: `never` refuses one that exists, `always` one that "
        "does not, `if_possible` takes either (default: never)",
    )
    group.add_argument("--config", type=Path, metavar="FILE", help="YAML file with settings")


def _add_monitoring(parser: CommandParser) -> None:
    group = parser.add_argument_group("monitoring")
    group.add_argument(
        "--prometheus-file",
        type=Path,
        metavar="FILE.prom",
        help="write the run's metrics to this file, in Prometheus's text format",
    )
    group.add_argument(
        "--prometheus-port",
        type=port,
        metavar="PORT",
        help="serve the run's metrics at http://127.0.0.1:PORT/metrics, to this machine only",
    )


def _add_name(parser: CommandParser) -> None:
    parser.add_argument("name", metavar="NAME", help="name of the run")


def _add_resume(parser: CommandParser) -> None:
    _add_name(parser)
    add_flags(option_groups(parser), ("workers", "cluster", "cluster_certs"))
    _add_monitoring(parser)


def _add_status(parser: CommandParser) -> None:
    parser.add_argument(
        "name", metavar="NAME", nargs="?", help="name of the run (default: the newest)"
    )
    parser.add_argument("--watch", action="store_true", help="keep showing it until the run ends")
    _add_json(parser)


def _add_json(parser: CommandParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON, for scripts")


def _add_verify(parser: CommandParser) -> None:
    _add_name(parser)
    _add_json(parser)


def _add_retry(parser: CommandParser) -> None:
    _add_name(parser)
    parser.add_argument(
        "--stage", metavar="STAGE", help="requeue only those of this stage (default: all stages)"
    )
    add_flags(option_groups(parser), ("workers", "cluster", "cluster_certs"))
    _add_monitoring(parser)


def _add_report(parser: CommandParser) -> None:
    parser.add_argument(
        "names", metavar="RUN", nargs="*", help="runs, compared if several (default: the newest)"
    )
    parser.add_argument(
        "--html",
        type=Path,
        metavar="FILE",
        help="where to write the page with plots (default: in the run's logs)",
    )


def _add_selftest(parser: CommandParser) -> None:
    parser.add_argument(
        "--test",
        choices=("batch", "speculative", "dynamic", "all"),
        default="all",
        help="what to check: batches, drafts, whether the batch size follows free memory, or all "
        "of it (default: all)",
    )
    add_flags(option_groups(parser), ("model", "chat_template", "draft_model", "trust_remote_code"))


def _add_models(parser: CommandParser) -> None:
    parser.add_argument(
        "action",
        nargs="?",
        choices=("list", "fetch", "check"),
        default="list",
        help="list the models, fetch and convert one, or check what the server at URL can do "
        "(default: list)",
    )
    parser.add_argument(
        "name",
        nargs="?",
        metavar="NAME|URL",
        help="the model to fetch: gemma3-270m or the default one; or the OpenAI-compatible server "
        "to check",
    )
    parser.add_argument(
        "--accept-license",
        "--accept-licence",
        action="store_true",
        help="accept the license of a model that has one",
    )
    parser.add_argument(
        "--model", metavar="NAME", help="the server's model to check (default: the first it lists)"
    )


def _add_merge(parser: CommandParser) -> None:
    parser.add_argument("names", metavar="RUN", nargs="+", help="the runs of all shards")
    parser.add_argument("--run", metavar="NAME", required=True, help="name of the merged run")


def _add_cluster(parser: CommandParser) -> None:
    parser.add_argument(
        "action", choices=("certs",), help="certs: a CA, and a certificate signed by it"
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="where to write them")


def _add_peek(parser: CommandParser) -> None:
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="files, folders or patterns"
    )
    add_flags(option_groups(parser), ("format", "records_at"))


if __name__ == "__main__":
    sys.exit(main())
