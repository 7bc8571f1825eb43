"""Which models run how, and whether their answers are right: `python -m benchmarks.families`.

Each shape becomes a small random model.  What its engine answers, in each kind of cache, with
drafts and without, in batches of three sizes, is compared with mlx-lm's plain decoding of one row.
Exit status 1: an answer differs that is no near tie, or none was compared; 2: no shape was chosen.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from workers.generation import linux_cpu

OWN_SHAPES = Path(__file__).with_name("family_shapes.json")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for, print the table, and write it as JSON."""
    options, shapes = _options(arguments)
    linux_cpu.prepare()
    from benchmarks.family_check import checked  # what imports MLX comes after the fast BLAS
    from benchmarks.family_table import HEADER, line

    found = []
    print(HEADER)
    for shape in shapes:
        found.append(checked(shape))
        print(line(found[-1]), flush=True)
    wrong = [one.name for one in found if one.wrong]
    packed = sum(one.engine == "packed" for one in found)
    print(f"\n{len(found)} shapes, {packed} in packed passes, {len(wrong)} wrong {wrong or ''}")
    if missed := [one.name for one in found if not one.compared]:
        print(f"not compared: {', '.join(missed)}")
    if options.json is not None:
        rows = [asdict(one) for one in found]
        options.json.write_bytes(orjson.dumps(rows, option=orjson.OPT_INDENT_2))
    return 0 if not wrong and any(one.compared for one in found) else 1


def _options(
    arguments: Sequence[str] | None,
) -> tuple[argparse.Namespace, list[Mapping[str, Any]]]:
    """What was asked for and the shapes that it chooses; exits with 2 where it chooses none."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        shapes = _shapes(options.shapes)
    except ValueError as error:
        parser.error(f"--shapes {options.shapes}: {error}")
    known = {shape["model_type"] for shape in shapes}
    if unknown := sorted({*(options.only or ())} - known):
        parser.error(f"--only {' '.join(unknown)}: no such model type in {options.shapes}")
    chosen = [s for s in shapes if not options.only or s["model_type"] in options.only]
    number, parts = options.part
    if not chosen[number - 1 :: parts]:
        parser.error(f"--part {number}/{parts}: of {len(chosen)} shapes that leaves none")
    return options, chosen[number - 1 :: parts]


def _shapes(file: Path) -> list[Mapping[str, Any]]:
    """The shapes in a file; raises ValueError, whose text says what is wrong."""
    try:
        found = orjson.loads(file.read_bytes())
    except OSError as error:
        raise ValueError(error.strerror or "can't be read") from error
    if not isinstance(found, list):
        raise ValueError("no JSON list of configurations")
    for number, shape in enumerate(found, 1):
        if not isinstance(shape, dict) or not isinstance(shape.get("model_type"), str):
            raise ValueError(f"shape {number} names no model_type")
    return found


def _part(text: str) -> tuple[int, int]:
    """The two numbers of I/N; raises ArgumentTypeError for any other text."""
    number, _, parts = text.partition("/")
    if not (number.isdecimal() and parts.isdecimal() and 1 <= int(number) <= int(parts)):
        raise argparse.ArgumentTypeError(f"{text!r} is not I/N with I from 1 to N, such as 2/4")
    return int(number), int(parts)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.families", description=__doc__)
    parser.add_argument(
        "--shapes", type=Path, default=OWN_SHAPES, help="JSON list of model configurations"
    )
    parser.add_argument("--only", nargs="+", metavar="TYPE", help="only these model types")
    parser.add_argument(
        "--part",
        type=_part,
        default=(1, 1),
        metavar="I/N",
        help="every N-th shape, from the I-th on",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results here as well")
    return parser


if __name__ == "__main__":
    sys.exit(main())
