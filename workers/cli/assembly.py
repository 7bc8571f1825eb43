"""The command `python -m stages.final_assembler`: runs to a dataset's folder, or that to the hub.

Knows flags, runs and the folder; which pairs stay is stages.final_assembler's to say.
Invariant: nothing is changed before inputs, options and the place were found good.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from workers.cli.assembly_flags import assembly_parser
from workers.cli.dataset_folder import MAKER, MARKER, building, refuse_foreign
from workers.cli.endings import exit_status_of
from workers.core import files
from workers.core.errors import InputError, PoolError, UsageError
from workers.core.exit_status import ExitStatus
from workers.core.version import version

if TYPE_CHECKING:
    from stages.final_assembler.assembler import Assembled
    from stages.final_assembler.decontaminate import Benchmarks
    from stages.final_assembler.options import AssemblyOptions
    from stages.final_assembler.pairs import PairInput
    from stages.final_assembler.sheet import JudgementCounts

CARD = "README.md"
_SCRATCH = "work"
_EVERY = 20_000  # pairs between two lines of progress


def main(arguments: Sequence[str] | None = None) -> None:
    """The command; ends the process with its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["push"]:
        from workers.cli.push import push, push_parser

        pushed = push_parser().parse_args(given[1:])
        sys.exit(exit_status_of(lambda: push(pushed)))
    options = assembly_parser().parse_args(given)
    sys.exit(exit_status_of(lambda: assemble_dataset(options)))


def assemble_dataset(args: argparse.Namespace) -> ExitStatus:
    """Make the dataset; raises PoolError or OSError when it can't be made."""
    from stages.final_assembler.pairs import AssemblyError
    from workers.run.final_results import pair_inputs
    from workers.run.kept_recipe import recipe_in

    given = _given(args)
    options = _options(given)
    judged = _judged(given.get("sheet"))
    refuse_foreign(args.output)
    here = recipe_in(given["recipe"]) if "recipe" in given else None
    inputs = pair_inputs(args.runs, args.partial, here)
    benchmarks = _benchmarks(given.get("decontaminate") or [], options.run)
    try:
        made = _build(args.output, inputs, options, benchmarks, judged)
    except AssemblyError as error:
        raise PoolError(str(error)) from None
    _print_summary(args.output, made)
    return ExitStatus.FINISHED


def _given(args: argparse.Namespace) -> dict[str, Any]:
    """The options of the command line, over those of the YAML file."""
    from workers.cli.assembly_settings import read_settings

    # 0 equals False, and is given all the same.
    flags = {
        k: value for k, value in vars(args).items() if value is not None and value is not False
    }
    if "export" in flags:
        flags["export"] = [name.strip() for given in flags["export"] for name in given.split(",")]
    return {**(read_settings(args.config) if args.config else {}), **flags}


def _options(given: dict[str, Any]) -> AssemblyOptions:
    from stages.final_assembler.options import parse_options

    names = ("export", "split", "cap", "dedup_threshold", "no_dedup", "ngram", "system", "licence",
             "title")  # fmt: skip
    try:
        return parse_options(**{name: given[name] for name in names if name in given})
    except ValueError as error:
        raise UsageError(str(error)) from None


def _judged(path: Path | None) -> JudgementCounts | None:
    from stages.final_assembler.sheet import read_sheet

    if path is None:
        return None
    try:
        return read_sheet(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, ValueError) as error:
        raise UsageError(f"--sheet {path}: {error}") from None


def _benchmarks(paths: list[Path], run: int) -> Benchmarks:
    from stages.final_assembler.decontaminate import Benchmarks

    return Benchmarks(_texts(paths), run)


def _texts(paths: list[Path]) -> Iterator[str]:
    from stages.final_assembler.decontaminate import texts_in
    from stages.sources.document import Options
    from stages.sources.source import message
    from stages.sources.structures.registry import OBJECTS
    from workers.run.gather import expand
    from workers.run.input_files import InputRecords, inspect_inputs

    if not paths:
        return
    options = Options(OBJECTS)  # a benchmark names its fields as it likes
    for source in inspect_inputs(expand(paths), options):
        for found in InputRecords(source, options):
            if found.problem is not None:
                raise InputError(f"--decontaminate: {message(source.shown, found)}")
            record = found.record or {}
            # What a reader made of it repeats what is in the original.
            yield from texts_in({k: v for k, v in record.items() if k != "original"})


def _build(
    output: Path,
    inputs: list[PairInput],
    options: AssemblyOptions,
    benchmarks: Benchmarks,
    judged: JudgementCounts | None,
) -> Assembled:
    from stages.final_assembler.assembler import assemble
    from stages.final_assembler.card import CardFacts, card

    with building(output) as folder:
        scratch = folder / _SCRATCH  # inside, so that a crash leaves it where the next one clears
        scratch.mkdir()
        made = assemble(inputs, options, benchmarks, folder, scratch, _Progress())
        shutil.rmtree(scratch)
        runs = [one.facts for one in inputs]
        facts = CardFacts(made, runs, options, version(), os.path.normpath(output), judged)
        files.publish(folder / CARD, card(facts).encode())
        files.publish(folder / MARKER, _marker(made, inputs, options))
    return made


def _marker(made: Assembled, inputs: list[PairInput], options: AssemblyOptions) -> bytes:
    plain = {one.name: getattr(options, one.name) for one in fields(options)}
    plain |= {
        "exports": [export.name for export in options.exports],
        "shares": options.shares.shown,
        "caps": [cap.shown for cap in options.caps],
    }
    said = {
        "made_by": MAKER,
        "version": version(),
        "options": plain,
        "inputs": [one.facts for one in inputs],
        "counts": made.tally.to_json(),
        "benchmarks": {"texts": made.benchmarks.texts, "too_short": made.benchmarks.too_short},
        "moved": made.moved,
        "files": [CARD, *made.files],
    }
    return orjson.dumps(said, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


class _Progress:
    """Prints how many pairs were read, now and then."""

    def __init__(self) -> None:
        self._next = _EVERY

    def __call__(self, read: int) -> None:
        if read >= self._next:
            print(f"{read} pairs read", flush=True)
            self._next += _EVERY


def _print_summary(output: Path, made: Assembled) -> None:
    from stages.final_assembler.sides import SIDES

    tally = made.tally
    lines = {"pairs read": tally.read}
    lines |= {f"removed: {reason}": count for reason, count in tally.removed.most_common()}
    lines |= {side: tally.sides[side] for side in SIDES}
    width = max(36, *map(len, lines))
    for name, count in lines.items():
        print(f"  {name:<{width}}{count:>8}")
    if made.moved:
        print(f"source records moved so that no part is empty: {made.moved}")
    if made.benchmarks.too_short:
        print(
            f"{made.benchmarks.too_short} of {made.benchmarks.texts} benchmark texts have fewer "
            "words than --ngram, and can't be found"
        )
    print(f"dataset: {output} ({tally.kept} pairs; its card is {output / CARD})")
