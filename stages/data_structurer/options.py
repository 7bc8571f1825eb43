"""The structurer's options: who writes answers, and the bounds of the gates.

Knows argparse and nothing of records.  Invariant: an instance that exists is valid.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field, replace
from typing import Any

from stages.base import StageOptions
from stages.gates.bounds import Bounds, check_bound, limits

AUTO, RECORD, MODEL = "auto", "record", "model"
WRITERS = (AUTO, RECORD, MODEL)
_TEXT = (
    "who writes the answers: the record's own words, the model, or (auto) the model only for the"
    " kinds of answer that it was found to write better"
)


@dataclass
class StructurerOptions(StageOptions):
    """Settings of the data structurer; a bound that is None is the recipe's."""

    answers: str = field(default=AUTO, metadata={"help": _TEXT})
    min_grounded: float | None = None
    min_verbatim: float | None = None
    min_new_words: int | None = None
    max_echo: float | None = None
    max_similarity: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.answers not in WRITERS:
            raise ValueError(f"answers {self.answers}: must be one of {', '.join(WRITERS)}")
        for name, value in self._given().items():
            check_bound(name, value)

    def _given(self) -> dict[str, Any]:
        values = {name: getattr(self, name) for name in limits()}
        return {name: value for name, value in values.items() if value is not None}

    def bounds(self, of_recipe: Bounds) -> Bounds:
        """The bounds of the gates: the options' own, else the recipe's."""
        return replace(of_recipe, **self._given())


def add_flags(parser: argparse._ActionsContainer) -> None:
    """--answers and a flag for each bound; flags that are not given set nothing."""
    parser.add_argument(
        "--answers",
        choices=WRITERS,
        default=argparse.SUPPRESS,
        help=f"{_TEXT} (default: {AUTO})",
    )
    for name, limit in limits().items():
        parser.add_argument(
            "--" + name.replace("_", "-"),
            type=int if limit.whole else float,
            metavar=limit.metavar,
            default=argparse.SUPPRESS,
            help=f"{limit.help} (default: the recipe's)",
        )
