"""Which models run how, and whether their answers are right: `python -m benchmarks.families`.

Each shape becomes a small random model.  What its engine answers, in each kind of cache, with
drafts and without, in batches of three sizes, is compared with mlx-lm's plain decoding of one row.
Exit status 1: an answer differs that is no near tie.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import orjson

from workers.generation import linux_cpu

OWN_SHAPES = Path(__file__).with_name("family_shapes.json")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for, print the table, and write it as JSON."""
    options = _parser().parse_args(arguments)
    linux_cpu.prepare()
    from benchmarks.family_check import checked  # what imports MLX comes after the fast BLAS
    from benchmarks.family_table import HEADER, line

    shapes = orjson.loads(options.shapes.read_bytes())
    number, parts = (int(part) for part in options.part.split("/"))
    chosen = [s for s in shapes if not options.only or s["model_type"] in options.only]
    found = []
    print(HEADER)
    for shape in chosen[number - 1 :: parts]:
        found.append(checked(shape))
        print(line(found[-1]), flush=True)
    wrong = [one.name for one in found if one.wrong]
    packed = sum(one.engine == "packed" for one in found)
    print(f"\n{len(found)} shapes, {packed} in packed passes, {len(wrong)} wrong {wrong or ''}")
    if options.json is not None:
        rows = [asdict(one) for one in found]
        options.json.write_bytes(orjson.dumps(rows, option=orjson.OPT_INDENT_2))
    return 1 if wrong else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.families", description=__doc__)
    parser.add_argument(
        "--shapes", type=Path, default=OWN_SHAPES, help="JSON list of model configurations"
    )
    parser.add_argument("--only", nargs="+", metavar="TYPE", help="only these model types")
    parser.add_argument(
        "--part", default="1/1", metavar="I/N", help="every N-th shape, from the I-th on"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results here as well")
    return parser


if __name__ == "__main__":
    sys.exit(main())
