"""The flags of `python -m stages.final_assembler`.

Knows argparse only; bounds and defaults are stages.final_assembler.options'.  Invariant: a flag
that was not given is None or False, so that the YAML file counts.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from workers.core.command_parser import CommandParser

_EPILOG = """\
RUN is the name of a run, its folder, or a JSONL file of pairs.  `--config FILE` takes the same
options from YAML, by their long names.  To put a dataset on the Hugging Face hub:
`python -m stages.final_assembler push DIR REPO`.
"""


def assembly_parser() -> CommandParser:
    """All flags, in groups."""
    parser = CommandParser(
        prog="python -m stages.final_assembler",
        usage="%(prog)s RUN... -o FOLDER [OPTION...]",
        description="Assemble the pairs of finished runs into a dataset that training tools load.",
        epilog=_EPILOG,
    )
    parser.add_version()
    parser.add_argument("runs", nargs="+", metavar="RUN", help="runs, or JSONL files of pairs")
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FOLDER", help="where the dataset goes"
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="YAML file with these options")
    parser.add_argument("--partial", action="store_true", help="accept unfinished runs")
    _add_selection(parser.add_argument_group("what stays"))
    _add_form(parser.add_argument_group("how it is written"))
    return parser


def _add_selection(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--recipe", type=Path, metavar="DIR",
        help="recipe by which pairs of files are judged; those of a run go by the run's own"
        " (default: the shipped one)",
    )  # fmt: skip
    group.add_argument(
        "--dedup-threshold", type=float, metavar="T",
        help="word similarity at which two pairs count as near duplicates (default: 0.85)",
    )  # fmt: skip
    group.add_argument("--no-dedup", action="store_true", help="keep duplicate pairs")
    group.add_argument(
        "--cap", action="append", metavar="FIELD=N",
        help="maximum number of pairs of one domain, kind or source, such as domain=500 or"
        " source=20%%; may be given several times",
    )  # fmt: skip
    group.add_argument(
        "--split", metavar="SHARES",
        help="percentages of train, validation and test (default: 90/5/5)",
    )  # fmt: skip
    group.add_argument(
        "--decontaminate", nargs="+", type=Path, metavar="FILE",
        help="remove pairs that share words with these benchmarks, in any known format",
    )  # fmt: skip
    group.add_argument(
        "--ngram", type=int, metavar="N",
        help="words in a row that count as shared with a benchmark (default: 13)",
    )  # fmt: skip


def _add_form(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--export", "--format", action="append", metavar="LIST",
        help="messages, mlx, prompt-completion, alpaca, sharegpt, openai, parquet; separated by"
        " commas (default: messages,mlx)",
    )  # fmt: skip
    group.add_argument("--system", metavar="TEXT", help="system message (default: none)")
    group.add_argument("--title", metavar="TEXT", help="title of the dataset's card")
    group.add_argument(
        "--licence", "--license", metavar="ID",
        help="licence on the card, as the hub names it (default: other)",
    )  # fmt: skip
    group.add_argument(
        "--sheet", type=Path, metavar="FILE",
        help="a sheet of `python -m benchmarks.quality` that a person has judged, for the card",
    )  # fmt: skip
