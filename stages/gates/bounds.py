"""The bounds of the gates, as options of the stages that ask them.

Data only; where the figures come from is said in docs/quality.md.  Invariant: an instance that
exists holds numbers within their ranges.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields


def _share(default: float, text: str) -> float:
    metadata = {"help": text, "metavar": "SHARE", "most": 1}
    value: float = field(default=default, metadata=metadata)
    return value


def _count(default: int, text: str) -> int:
    metadata = {"help": text, "metavar": "N", "most": 1000}
    value: int = field(default=default, metadata=metadata)
    return value


@dataclass(frozen=True)
class Bounds:
    """What a pair has to reach; shares are of words, from 0 to 1."""

    min_grounded: float = _share(0.907, "share of an answer's words that its source must contain")
    min_verbatim: float = _share(
        0.0, "share of an answer's words that must be copied from its source"
    )
    min_new_words: int = _count(4, "content words that an answer must add to its instruction")
    max_echo: float = _share(0.7, "share of an instruction's words that its answer may repeat")
    max_similarity: float = _share(
        0.7, "ROUGE-L above which two questions about one subject are duplicates"
    )

    def __post_init__(self) -> None:
        for one in fields(self):
            value, most = getattr(self, one.name), one.metadata["most"]
            whole = isinstance(one.default, int)
            right = isinstance(value, int) if whole else isinstance(value, int | float)
            if isinstance(value, bool) or not right or not 0 <= value <= most:
                kind = "a whole number" if whole else "a number"
                name = one.name.replace("_", "-")
                raise ValueError(f"{name} {value}: must be {kind} from 0 to {most}")


DEFAULTS = Bounds()
