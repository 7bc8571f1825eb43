"""What the pairs of a run are worth, counted from its merged results.

Reads what the gates wrote beside each kept pair and each that was not kept, and what a trial of the
model found; judges nothing.
Invariant: a run that has not been merged, or whose results hold no pairs, has no figures.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from workers.run.run_folder import RunFolder

WRITERS = ("record", "form", "model")


@dataclass
class TypeFigures:
    """The kept pairs of one type; `grounded` and `verbatim` are sums of shares from 0 to 1."""

    pairs: int = 0
    writers: Counter[str] = field(default_factory=Counter)
    grounded: float = 0.0
    verbatim: float = 0.0
    flagged: int = 0

    @property
    def measured(self) -> int:
        """Pairs that were held against a source."""
        return sum(self.writers.values())

    def add(self, pair: dict[str, Any], quality: dict[str, Any]) -> None:
        """One kept pair."""
        self.pairs += 1
        source = pair.get("source_data")
        flagged = (pair, source if isinstance(source, dict) else {})
        self.flagged += any(one.get("review_required") is True for one in flagged)
        if "grounded" in quality:
            self.writers[str(quality.get("written_by"))] += 1
            self.grounded += _number(quality.get("grounded"))
            self.verbatim += _number(quality.get("verbatim"))


@dataclass
class PairFigures:
    """The kept pairs by type, and those that were not kept by stage and reason.

    `told`: what trials of the model found, in a line each.
    """

    kept: dict[str, TypeFigures] = field(default_factory=dict)
    left_out: Counter[tuple[str, str]] = field(default_factory=Counter)
    told: tuple[str, ...] = ()


def read_pairs(run: RunFolder) -> PairFigures:
    """The figures of a run's merged results."""
    kept: defaultdict[str, TypeFigures] = defaultdict(TypeFigures)
    for pair in _lines(run.dataset_file):
        if isinstance(pair.get("instruction"), str):
            quality = pair.get("quality")
            kept[str(pair.get("type"))].add(pair, quality if isinstance(quality, dict) else {})
    left_out = Counter(
        (str(line.get("stage")), str(line.get("reason")))
        for line in _lines(run.removed_file)
        if line.get("left_out") is True
    )
    return PairFigures(dict(sorted(kept.items())), left_out, tuple(_told(run)))


def _told(run: RunFolder) -> Iterator[str]:
    """What the trials of a run found, for people."""
    for stage in run.config.stages:
        try:
            found = orjson.loads(run.trial_file(stage).read_bytes())
        except (OSError, orjson.JSONDecodeError):
            continue
        if isinstance(found, dict) and isinstance(told := found.get("told"), str) and told:
            yield told


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file of results; lines that are none are passed over."""
    if not path.is_file():
        return
    with path.open("rb") as file:
        for line in file:
            try:
                value = orjson.loads(line)
            except orjson.JSONDecodeError:
                continue
            if isinstance(value, dict):
                yield value


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
