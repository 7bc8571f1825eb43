"""The structurer's options: who writes answers, and the bounds of the gates.

Knows argparse and nothing of records.  Invariant: an instance that exists is valid.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field, fields

from stages.base import StageOptions
from stages.gates.bounds import Bounds

AUTO, RECORD, MODEL = "auto", "record", "model"
WRITERS = (AUTO, RECORD, MODEL)
_TEXT = (
    "who writes the answers: the record's own words, the model, or (auto) the model only for the"
    " kinds of answer that it was found to write better"
)


@dataclass
class StructurerOptions(StageOptions):
    """Settings of the data structurer; the bounds are those of `stages.gates.bounds`."""

    answers: str = field(default=AUTO, metadata={"help": _TEXT})
    min_grounded: float = Bounds.min_grounded
    min_verbatim: float = Bounds.min_verbatim
    min_new_words: int = Bounds.min_new_words
    max_echo: float = Bounds.max_echo
    max_similarity: float = Bounds.max_similarity

    def __post_init__(self) -> None:
        if self.answers not in WRITERS:
            raise ValueError(f"answers {self.answers}: must be one of {', '.join(WRITERS)}")
        self.bounds  # noqa: B018 - raises for a bound out of range

    @property
    def bounds(self) -> Bounds:
        """The bounds of the gates; raises ValueError naming the one that is out of range."""
        return Bounds(**{one.name: getattr(self, one.name) for one in fields(Bounds)})


def add_flags(parser: argparse._ActionsContainer) -> None:
    """--answers and a flag for each bound; flags that are not given set nothing."""
    parser.add_argument(
        "--answers",
        choices=WRITERS,
        default=argparse.SUPPRESS,
        help=f"{_TEXT} (default: {AUTO})",
    )
    for one in fields(Bounds):
        parser.add_argument(
            "--" + one.name.replace("_", "-"),
            type=int if isinstance(one.default, int) else float,
            metavar=one.metadata["metavar"],
            default=argparse.SUPPRESS,
            help=f"{one.metadata['help']} (default: {one.default})",
        )
