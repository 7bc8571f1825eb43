"""A stage of one's own: finds mail addresses of people in pairs, and marks or removes the pairs.

In a run it is named by module and class, behind the stage whose results it takes:

    python coordinator.py run -i FILE... \\
        --stages data_filter,data_structurer,examples.own_stage:PersonalData

Alone it is `python -m examples.own_stage PAIRS.jsonl -o OUT.jsonl --action remove`.  It knows
pairs and asks no model.  Invariant: a pair that it does not remove goes on with all its fields.
"""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass

from stages.base import LanguageModel, Outcome, Record, Removed, Result, Stage, StageOptions

MARK, REMOVE = "mark", "remove"
ACTIONS = (MARK, REMOVE)
PARTS = ("instruction", "response")  # of a pair

_ADDRESS = re.compile(r"(?<![\w.+-])([\w.+-]{1,64})@((?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24})\b")
# Reserved for documentation, and mailboxes that are nobody's own.
_RESERVED = re.compile(r"(?:.*\.)?(?:example(?:\.(?:com|net|org))?|invalid|test|localhost)", re.I)
_OFFICES = frozenset(
    "abuse admin cert contact info noreply no-reply psirt security support".split()
)


@dataclass
class PersonalDataOptions(StageOptions):
    """Settings of the stage: what is done with a pair that holds somebody's address."""

    action: str = MARK

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.action not in ACTIONS:
            raise ValueError(f"action {self.action}: must be {' or '.join(ACTIONS)}")


class PersonalData(Stage):
    """Adds `personal_data`, the places of addresses by part of the pair, or removes the pair."""

    description = "mark or remove pairs that hold mail addresses of people"
    Options = PersonalDataOptions
    options: PersonalDataOptions

    @property
    def needs_model(self) -> bool:
        return False

    @classmethod
    def add_arguments(cls, parser: argparse._ActionsContainer) -> None:
        parser.add_argument(
            "--action",
            choices=ACTIONS,
            default=argparse.SUPPRESS,
            help=f"what is done with a pair that holds an address (default: {MARK})",
        )

    async def process(self, record: Record, llm: LanguageModel | None) -> Outcome:
        found = {part: places(record[part]) for part in PARTS if isinstance(record.get(part), str)}
        found = {part: spans for part, spans in found.items() if spans}
        if not found:
            return Result(record)
        if self.options.action == REMOVE:
            return Removed("holds a mail address", addresses=sum(map(len, found.values())))
        return Result(record | {"personal_data": found})


def places(text: str) -> list[list[int]]:
    """Where a text holds addresses of people: [start, end] of each, in characters."""
    return [[*match.span()] for match in _ADDRESS.finditer(text) if _is_a_persons(*match.groups())]


def _is_a_persons(mailbox: str, domain: str) -> bool:
    return mailbox.lower() not in _OFFICES and not _RESERVED.fullmatch(domain)


if __name__ == "__main__":
    from workers.cli.one_stage import main

    main(PersonalData)
