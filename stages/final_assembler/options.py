"""What can be asked of an assembly, and from which words.

Knows no files.  Invariant: options that exist can be carried out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from stages.final_assembler.caps import Cap, parse_cap
from stages.final_assembler.decontaminate import RUN
from stages.final_assembler.exports import DEFAULT_EXPORTS, Export, parse_exports
from stages.final_assembler.sides import Shares, parse_shares
from stages.similar.search import LOWEST_THRESHOLD

THRESHOLD = 0.85
LONGEST_RUN = 200
T = TypeVar("T")
R = TypeVar("R")


def _exports() -> tuple[Export, ...]:
    return parse_exports(list(DEFAULT_EXPORTS))


@dataclass(frozen=True)
class AssemblyOptions:
    """How a dataset is made.

    `threshold`: similarity from which pairs are near duplicates, None to keep them; `run`: words
    in a row that a pair must not share with a benchmark.
    """

    exports: tuple[Export, ...] = field(default_factory=_exports)
    shares: Shares = field(default_factory=lambda: parse_shares("90/5/5"))
    caps: tuple[Cap, ...] = ()
    threshold: float | None = THRESHOLD
    run: int = RUN
    system: str = ""
    licence: str = "other"
    title: str = "Cybersecurity instruction dataset"


def parse_options(
    export: list[str] | None = None,
    split: str | None = None,
    cap: list[str] | None = None,
    dedup_threshold: float | None = None,
    no_dedup: bool = False,
    ngram: int | None = None,
    system: str | None = None,
    licence: str | None = None,
    title: str | None = None,
) -> AssemblyOptions:
    """Options from a person's words; raises ValueError beginning with the flag that is wrong."""
    default = AssemblyOptions()
    threshold = THRESHOLD if dedup_threshold is None else dedup_threshold
    if not LOWEST_THRESHOLD <= threshold <= 1:
        raise ValueError(f"--dedup-threshold {threshold}: must be from {LOWEST_THRESHOLD} to 1")
    run = RUN if ngram is None else ngram
    if not 2 <= run <= LONGEST_RUN:
        raise ValueError(f"--ngram {run}: must be from 2 to {LONGEST_RUN}")
    return AssemblyOptions(
        exports=default.exports if export is None else _flagged("export", parse_exports, export),
        shares=default.shares if split is None else _flagged("split", parse_shares, split),
        caps=tuple(_flagged("cap", parse_cap, one) for one in cap or ()),
        threshold=None if no_dedup else threshold,
        run=run,
        system=_words("system", system, default.system),
        licence=_words("licence", licence, default.licence),
        title=_words("title", title, default.title),
    )


def _flagged(flag: str, parse: Callable[[T], R], value: T) -> R:
    try:
        return parse(value)
    except ValueError as error:
        raise ValueError(f"--{flag} {error}") from None


def _words(flag: str, value: str | None, default: str) -> str:
    if value is None:
        return default
    if not value.strip():
        raise ValueError(f"--{flag}: must not be empty")
    return value.strip()
