"""The filter's options: which languages stay, and how long a part of a text may be.

Knows argparse and nothing of records.  Invariant: an instance that exists is valid.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection
from dataclasses import dataclass, field

from stages.base import StageOptions
from stages.text.language import ENGLISH, KNOWN
from stages.text.parts import MOST_CHARACTERS, MOST_TOKENS

ALL, AUTO = "all", "auto"
LEAST_TOKENS = 200
_LANGUAGES = (
    "languages to keep, such as en,es, or all; records in other languages are removed; auto: those"
    " that the recipe has questions in and the model's card names, if it names any"
)
_DECIDED = "languages that auto stands for, set when a run is created"
_PART = (
    "estimated number of tokens above which a text is split into parts, as it is above"
    f" {MOST_CHARACTERS} characters, which one answer can tell"
)


@dataclass
class FilterOptions(StageOptions):
    """Settings of the data filter."""

    languages: str = field(default=AUTO, metadata={"help": _LANGUAGES})
    part_tokens: int = field(default=MOST_TOKENS, metadata={"help": _PART})
    decided_languages: str = field(default="", metadata={"help": _DECIDED})

    def __post_init__(self) -> None:
        super().__post_init__()
        codes = ", ".join(KNOWN)
        if not self._is_auto and not _are_languages(self.languages, ALL):
            what = f"must be {AUTO}, {ALL}, or codes among {codes}"
            raise ValueError(f"languages {self.languages}: {what}")
        if self.decided_languages != "" and not _are_languages(self.decided_languages):
            what = f"must be codes among {codes}"
            raise ValueError(f"decided-languages {self.decided_languages}: {what}")
        whole = isinstance(self.part_tokens, int) and not isinstance(self.part_tokens, bool)
        if not whole or self.part_tokens < LEAST_TOKENS:
            raise ValueError(f"part-tokens {self.part_tokens}: must be {LEAST_TOKENS} or more")

    @property
    def _is_auto(self) -> bool:
        return isinstance(self.languages, str) and self.languages.strip().lower() == AUTO

    def keeps(self, language: str, asked_in: Collection[str] = (ENGLISH,)) -> bool:
        """Whether records in a language stay; one without words is not judged by it.

        asked_in: the languages that there are questions in.
        """
        wanted: Collection[str] = _names(self.languages)
        if self._is_auto:
            wanted = _names(self.decided_languages) if self.decided_languages else asked_in
        return ALL in wanted or not language or language in wanted


def _names(languages: str) -> frozenset[str]:
    return frozenset(name.strip().lower() for name in languages.split(","))


def _are_languages(languages: object, *also: str) -> bool:
    return isinstance(languages, str) and _names(languages) <= {*KNOWN, *also}


def add_flags(parser: argparse._ActionsContainer) -> None:
    """--languages and --part-tokens; flags that are not given set nothing."""
    parser.add_argument(
        "--languages",
        metavar="LIST",
        default=argparse.SUPPRESS,
        help=f"{_LANGUAGES} (default: {AUTO})",
    )
    parser.add_argument(
        "--part-tokens",
        type=int,
        metavar="N",
        default=argparse.SUPPRESS,
        help=f"{_PART} (default: {MOST_TOKENS})",
    )
