"""The filter's options: which languages stay, and how long a part of a text may be.

Knows argparse and nothing of records.  Invariant: an instance that exists is valid.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field

from stages.base import StageOptions
from stages.text.language import KNOWN
from stages.text.parts import MOST_TOKENS

ALL = "all"
ENGLISH = "en"  # what the prompts and questions are written in
LEAST_TOKENS = 200
_LANGUAGES = "languages to keep, such as en,es, or all; records in other languages are removed"
_PART = "estimated number of tokens above which a text is split into parts"


@dataclass
class FilterOptions(StageOptions):
    """Settings of the data filter."""

    languages: str = field(default=ENGLISH, metadata={"help": _LANGUAGES})
    part_tokens: int = field(default=MOST_TOKENS, metadata={"help": _PART})

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.languages, str) or not all(
            name == ALL or name in KNOWN for name in self.wanted
        ):
            codes = ", ".join(KNOWN)
            raise ValueError(f"languages {self.languages}: must be {ALL}, or codes among {codes}")
        whole = isinstance(self.part_tokens, int) and not isinstance(self.part_tokens, bool)
        if not whole or self.part_tokens < LEAST_TOKENS:
            raise ValueError(f"part-tokens {self.part_tokens}: must be {LEAST_TOKENS} or more")

    @property
    def wanted(self) -> frozenset[str]:
        """The codes of the languages that stay."""
        return frozenset(name.strip().lower() for name in self.languages.split(","))

    def keeps(self, language: str) -> bool:
        """Whether records in a language stay; one without words is not judged by it."""
        return ALL in self.wanted or not language or language in self.wanted


def add_flags(parser: argparse._ActionsContainer) -> None:
    """--languages and --part-tokens; flags that are not given set nothing."""
    parser.add_argument(
        "--languages",
        metavar="LIST",
        default=argparse.SUPPRESS,
        help=f"{_LANGUAGES} (default: {ENGLISH})",
    )
    parser.add_argument(
        "--part-tokens",
        type=int,
        metavar="N",
        default=argparse.SUPPRESS,
        help=f"{_PART} (default: {MOST_TOKENS})",
    )
