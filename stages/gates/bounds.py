"""The bounds of the gates: which there are, between which limits each lies, and their words.

The figures and words themselves are in the recipe's bounds.yaml and wording.yaml; flags and
settings may give other figures.  Invariant: an instance that exists holds numbers within their
limits.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from stages.gates.wording import Wording


@dataclass(frozen=True)
class Limit:
    """What a bound is about, what it is called in help pages, and how large it may be."""

    help: str
    metavar: str
    most: float
    whole: bool

    def problem(self, value: Any) -> str | None:
        """What is wrong with a value, or None."""
        right = isinstance(value, int) if self.whole else isinstance(value, int | float)
        if isinstance(value, bool) or not right or not 0 <= value <= self.most:
            kind = "a whole number" if self.whole else "a number"
            return f"must be {kind} from 0 to {self.most:g}"
        return None


def _share(text: str) -> Any:
    return field(metadata={"limit": Limit(text, "SHARE", 1, False)})


def _count(text: str) -> Any:
    return field(metadata={"limit": Limit(text, "N", 1000, True)})


def _unshown() -> Any:
    """Sets of words are shown in another order in each process."""
    return field(repr=False)


@dataclass(frozen=True)
class Bounds:
    """What a pair has to reach, shares of words from 0 to 1, and the words that gates look for."""

    min_grounded: float = _share("share of an answer's words that its source must contain")
    min_verbatim: float = _share("share of an answer's words that must be copied from its source")
    min_new_words: int = _count("content words that an answer must add to its instruction")
    max_echo: float = _share("share of an instruction's words that its answer may repeat")
    max_similarity: float = _share(
        "ROUGE-L above which two questions about one subject are duplicates"
    )
    wording: Wording = _unshown()

    def __post_init__(self) -> None:
        for name in limits():
            check_bound(name, getattr(self, name))


def limits() -> dict[str, Limit]:
    """The limits of each bound, by its name."""
    return {one.name: one.metadata["limit"] for one in fields(Bounds) if one.metadata}


def check_bound(name: str, value: Any) -> None:
    """Raise ValueError, beginning with the bound's name, for a value out of its limits."""
    if problem := limits()[name].problem(value):
        raise ValueError(f"{name.replace('_', '-')} {value}: {problem}")
