"""The flags of `python -m stages.manual_reviewer`, and the rules among them.

Knows argparse and rules; reviews nothing.  Invariant: a rule that can't be understood is refused
under the name of its flag.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from stages.manual_reviewer.rules import AcceptRule, RuleError, accept_rule, sample
from workers.core.command_parser import CommandParser, port
from workers.core.errors import UsageError
from workers.core.terminal import plain_text

_EPILOG = """\
keys, on the page and in the terminal: a accept, e edit, r and a number reject, s skip, u undo.

RULE compares figures, joined by and, or, not: grounded, verbatim, confidence, doubt, words,
written_by, domain, kind, type.  No rule accepts a pair that is flagged review_required.

Exit status: 0 everything is decided, 1 failed, 2 wrong usage, 4 pairs are left to decide.
"""


def review_parser() -> CommandParser:
    """The parser of the reviewer's command."""
    parser = CommandParser(
        prog="python -m stages.manual_reviewer",
        usage="%(prog)s RUN [OPTION...]\n       %(prog)s PAIRS.jsonl... -o OUT.jsonl [OPTION...]",
        description="Let a person accept, edit or reject each pair, on a page that only this "
        "machine can open.",
        epilog=_EPILOG,
    )
    parser.add_version()
    parser.add_argument(
        "subject", nargs="+", metavar="RUN|FILE", help="name of a run, or files with pairs"
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="OUT.jsonl", help="where the pairs of files go"
    )
    _add_ways(parser.add_argument_group("how to review"))
    _add_rules(parser.add_argument_group("pairs that no person has to look at"))
    _add_files(parser.add_argument_group("other reviewers and tools"))
    return parser


def _add_ways(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--terminal", action="store_true", help="review in this terminal")
    group.add_argument("--port", type=port, metavar="N", help="port of the page (default: 8765)")
    group.add_argument(
        "--reviewer", metavar="NAME", default="", help="your name, noted in the pairs"
    )


def _add_rules(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--sample", metavar="SHARE", help="review only this share, such as 5%%; accept the rest"
    )
    group.add_argument(
        "--auto-accept",
        metavar="RULE",
        action="append",
        default=[],
        help="accept pairs such as grounded>=0.95 and verbatim>=0.8; may be given several times",
    )
    group.add_argument(
        "--seed", type=int, default=0, metavar="S", help="random seed of --sample (default: 0)"
    )


def _add_files(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--export", type=Path, metavar="FILE", help="write the pairs with their decisions so far"
    )
    group.add_argument(
        "--import", dest="imported", type=Path, metavar="FILE", help="read decisions from a file"
    )
    group.add_argument(
        "--format",
        choices=("jsonl", "label-studio"),
        default="jsonl",
        help="format of --export (default: jsonl); --import detects it",
    )


def rules_of(options: argparse.Namespace) -> list[AcceptRule]:
    """What --sample and --auto-accept ask for; raises UsageError naming the flag."""
    rules: list[AcceptRule] = []
    try:
        for text in options.auto_accept:
            shown = f"--auto-accept {plain_text(text)!r}"
            rules.append(accept_rule(text))
        if options.sample is not None:
            shown = f"--sample {plain_text(options.sample)}"
            rules.append(sample(options.sample, options.seed))
    except RuleError as error:
        raise UsageError(f"{shown}: {error}") from None
    return rules
