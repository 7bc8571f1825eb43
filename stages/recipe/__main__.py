"""The command `python -m stages.recipe`: print a shipped file to start from, or check a folder.

Knows files and the loader.  Invariant: an error is one line, with file and line, and status 2.
"""

from __future__ import annotations

import sys
from pathlib import Path

from stages.recipe.files import FILES, SHIPPED
from stages.recipe.nodes import RecipeError
from stages.recipe.recipe import load
from workers.core.command_parser import CommandParser
from workers.core.exit_status import ExitStatus


def main(arguments: list[str] | None = None) -> int:
    """Do what is asked; returns the exit status."""
    args = _parser().parse_args(arguments)
    if args.check is not None:
        return _check(args.check)
    if args.file is not None:
        sys.stdout.write((SHIPPED / args.file).read_text(encoding="utf-8"))
    else:
        print("\n".join(FILES))
    return ExitStatus.FINISHED


def _parser() -> CommandParser:
    parser = CommandParser(
        prog="python -m stages.recipe",
        description="Print a file of the shipped recipe, list the files, or check a folder of "
        "your own for --recipe.",
    )
    parser.add_version()
    parser.add_argument("file", nargs="?", choices=FILES, metavar="FILE", help="the file to print")
    parser.add_argument("--check", type=Path, metavar="DIR", help="check a folder for --recipe")
    return parser


def _check(folder: Path) -> int:
    try:
        recipe = load(folder)
    except RecipeError as error:
        print(f"error: {error}", file=sys.stderr)
        return ExitStatus.USAGE
    except OSError as error:
        print(f"error: {folder}: {error.strerror}", file=sys.stderr)
        return ExitStatus.USAGE
    print(f"{folder} is valid; sha256 of the recipe: {recipe.sha256}")
    return ExitStatus.FINISHED


if __name__ == "__main__":
    sys.exit(main())
