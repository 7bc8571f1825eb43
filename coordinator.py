"""The command line: flags, exit statuses, and which command does what.

Parses only; the commands are in workers/cli/commands.py and are imported late, so that --help
is quick.  Invariant: an error a user can meet is one line, and its exit status is the
documented one.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from workers.core.command_parser import CommandParser
from workers.core.errors import PoolError
from workers.core.exit_status import ExitStatus
from workers.settings.config import add_flags

_ASKING = {signal.SIGINT, signal.SIGTERM}


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit status."""
    args = build_parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        status: int = getattr(_commands(), args.command)(args)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return ExitStatus.INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitStatus.FAILED
    except PoolError as error:
        return _fail(str(error), error.exit_status)
    except OSError as error:
        return _fail(f"{error.filename or 'operating system'}: {error.strerror}", ExitStatus.FAILED)


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


def _fail(message: str, status: int) -> int:
    from workers.core.terminal import plain_text

    print(f"error: {plain_text(message, 2000)}", file=sys.stderr)
    return status


# Arguments


def build_parser() -> argparse.ArgumentParser:
    """All commands and their flags."""
    parser = CommandParser(
        prog="coordinator.py",
        description="A pool of MLX workers that turns security texts into an instruction dataset.",
        epilog="Exit status: 0 finished, 1 failed, 2 wrong usage, 3 finished with dead letters, "
        "130 interrupted.",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_run(_command(commands, "run", "process input files"))
    _add_resume(_command(commands, "resume", "go on with a run that stopped"))
    _add_status(_command(commands, "status", "show how far a run is"))
    _add_verify(_command(commands, "verify", "recount a run from its files"))
    _add_retry(_command(commands, "retry", "send dead letters round again"))
    _add_report(_command(commands, "report", "where a run's time went; compare runs"))
    _add_selftest(_command(commands, "selftest", "is it right and fast here: test and advice"))
    _add_models(_command(commands, "models", "list models, fetch the default"))
    return parser


def _command(commands: Any, name: str, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=text, description=text, allow_abbrev=False
    )
    parser.set_defaults(command=name)
    return parser


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-i",
        "--input",
        nargs="+",
        type=Path,
        required=True,
        action="extend",
        metavar="FILE",
        help="JSONL files, one record a line",
    )
    parser.add_argument("--run", metavar="NAME", help="name of the run (default: input and time)")
    parser.add_argument("--stages", metavar="LIST", help="stages, by comma (default: all)")
    parser.add_argument("--config", type=Path, metavar="FILE.yaml", help="settings as YAML")
    parser.add_argument(
        "--resume",
        choices=("never", "always", "if_possible"),
        default="never",
        help="what to do when the run exists (default never: refuse)",
    )
    parser.add_argument(
        "--ratio", type=float, metavar="R", help="security-aware examples per record (aligner)"
    )
    add_flags(parser)
    _add_prometheus(parser)


def _add_prometheus(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("for a dashboard, off by default")
    group.add_argument(
        "--prometheus-file",
        type=Path,
        metavar="FILE.prom",
        help="keep this file up to date with the run's figures, in Prometheus's text format",
    )
    group.add_argument(
        "--prometheus-port",
        type=_port,
        metavar="PORT",
        help="serve the same at http://127.0.0.1:PORT/metrics, to this machine only",
    )


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text}: must be from 1 to 65535")
    return int(text)


def _add_resume(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME")
    add_flags(parser, only=("workers",))
    _add_prometheus(parser)


def _add_status(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", nargs="?", help="default: the newest run")
    parser.add_argument("--watch", action="store_true", help="until the run ends")
    parser.add_argument("--json", action="store_true", help="for scripts")


def _add_verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--json", action="store_true", help="for scripts")


def _add_retry(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--stage", metavar="STAGE", help="only this stage's (default: all)")
    add_flags(parser, only=("workers",))
    _add_prometheus(parser)


def _add_report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", metavar="RUN", nargs="*", help="default: the newest run")
    parser.add_argument(
        "--html", type=Path, metavar="FILE", help="where the page goes (default: beside the logs)"
    )


def _add_selftest(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--test",
        choices=("batch", "speculative", "dynamic", "all"),
        default="all",
        help="batches, speculation, or the batch size's answer to memory (default all)",
    )
    add_flags(parser, only=("model", "draft_model"))


def _add_models(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", nargs="?", choices=("list", "fetch"), default="list")


if __name__ == "__main__":
    sys.exit(main())
