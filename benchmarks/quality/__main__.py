"""What the pairs are worth: yield, shares, gates, duplicates, and a sheet for a person to judge.

`python -m benchmarks.quality` runs the stages on records that no prompt, example, threshold or
test has seen, and prints tables.  Knows the parts beside it.  Invariant: the
same arguments, model and code give the same records and the same sheet.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import orjson

from benchmarks.quality import judged, sheet
from benchmarks.quality.asked_fields import asked_fields
from benchmarks.quality.domains import domains_tables
from benchmarks.quality.fields import fields_table
from benchmarks.quality.run import Run, run
from benchmarks.quality.samples import samples
from benchmarks.quality.tables import TABLES
from benchmarks.tables import TextTable
from stages import DEFAULT_STAGES
from stages.data_structurer.options import AUTO, WRITERS
from stages.recipe.recipe import Recipe, load
from workers.core.errors import PoolError, UsageError
from workers.settings.config import DEFAULT_MODEL
from workers.settings.values import parse_stages

NO_MODEL = "none"
FIELDS_EACH = 60  # records of each field that the model is asked for


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    parser.add_argument("--model", default=DEFAULT_MODEL, metavar="ID|PATH|none",
                        help="none: without a model (default: %(default)s)")  # fmt: skip
    parser.add_argument("--answers", choices=WRITERS, default=AUTO, help="default: %(default)s")
    parser.add_argument("--each", type=int, default=12, metavar="N",
                        help="records of each group of real texts (default: 12)")  # fmt: skip
    parser.add_argument(
        "--only",
        default="",
        metavar="TEXT",
        help="groups with one of these, by commas, in their name",
    )
    parser.add_argument("--stages", default=",".join(DEFAULT_STAGES), metavar="LIST")
    parser.add_argument("--seed", type=int, default=0, metavar="S")
    parser.add_argument("--judged", type=Path, metavar="FILE.jsonl",
                        help="what the gates catch and drop among these pairs")  # fmt: skip
    parser.add_argument("--sheet", nargs=2, metavar=("N", "FILE"),
                        help="write N pairs with their sources for a person to judge")  # fmt: skip
    parser.add_argument("--read", type=Path, metavar="FILE",
                        help="read a judged sheet back, and nothing else")  # fmt: skip
    parser.add_argument("--fields", action="store_true",
                        help="the fields against hidden truth, by the filter and by "
                             "the model, and nothing else")  # fmt: skip
    parser.add_argument("--domains", action="store_true",
                        help="domains against labels, and nothing else")  # fmt: skip
    parser.add_argument("--pairs", type=Path, metavar="FILE.jsonl", help="write the pairs, too")
    parser.add_argument("--recipe", type=Path, metavar="DIR",
                        help="measure this recipe instead of the shipped one")  # fmt: skip
    parser.add_argument("--markdown", action="store_true")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Print the tables; the exit status."""
    args = _parser().parse_args(argv)
    try:
        tables = _tables(args)
    except (PoolError, OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print("\n\n".join(one.markdown() if args.markdown else one.text() for one in tables))
    return 0


def _tables(args: argparse.Namespace) -> list[TextTable]:
    if args.read is not None:
        return [sheet.sheet_table(sheet.read_sheet(args.read))]
    recipe = load(args.recipe)
    if args.judged is not None:
        return [judged.table(judged.read_judged(args.judged), recipe)]
    if args.domains:
        return domains_tables(args.model, recipe)
    if args.fields:
        by_model = {} if args.model == NO_MODEL else asked_fields(args.model, FIELDS_EACH, recipe)
        return [fields_table(recipe, by_model)]
    _check(args)
    done = _run(args, recipe)
    if args.sheet is not None:
        count, file = args.sheet
        sheet.write_sheet(done, int(count), Path(file), args.seed)
    if args.pairs is not None:
        lines = [orjson.dumps({"group": one.group, **pair}) for one, pair in done.pairs]
        args.pairs.write_bytes(b"\n".join([*lines, b""]))
    return [shown for table in TABLES if (shown := table(done)).rows]


def _check(args: argparse.Namespace) -> None:
    """Raise UsageError for what could otherwise fail behind the run, or give an empty one."""
    if args.each < 1:
        raise UsageError(f"--each {args.each}: must be at least 1")
    count, sheet_file = args.sheet or ("1", None)
    if not count.isdecimal() or int(count) < 1:
        raise UsageError(f"--sheet {count}: must be the number of pairs")
    for flag, file in (("--sheet", sheet_file), ("--pairs", args.pairs)):
        if file is not None and not (folder := Path(file).parent).is_dir():
            raise UsageError(f"{flag} {file}: there is no folder {folder}")
        if file is not None and Path(file).is_dir():
            raise UsageError(f"{flag} {file}: is a folder")


def _run(args: argparse.Namespace, recipe: Recipe) -> Run:
    drawn = samples(args.each, args.seed, args.only)
    if not drawn:
        raise UsageError(f"--only {args.only}: no group has this in its name")
    options = {"3_data_structurer": {"answers": args.answers}, "6_security_aligner": {"ratio": 0.0}}
    model = None if args.model == NO_MODEL else args.model
    return asyncio.run(run(drawn, options, model, parse_stages(args.stages), recipe))


if __name__ == "__main__":
    sys.exit(main())
