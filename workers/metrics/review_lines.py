"""What a reviewer logs of each decision: which, why, and how long the pair was looked at.

Knows the lines and their folder within a run's logs; knows neither queues nor pages.  Invariant:
a log that can't be written, or a line that can't be read, costs nothing but itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from workers.core.json_fields import JsonFields
from workers.metrics.line_file import LINES_ENDING, LineFile

DECIDED = {"accept": "accepted", "edit": "edited", "reject": "rejected"}  # in words
UNDONE = "undo"
# Below the logs of processes, which have phases and memory that a person has not.
_FOLDER = "review"


@dataclass(frozen=True)
class ReviewLine:
    """One decision, or one taken back (UNDONE).

    time: unix seconds; waited_seconds: since the pair was published to the stage;
    looked_seconds: since it was shown, where a person looked; rule: what accepted it instead.
    """

    time: float
    pair: str
    decision: str
    waited_seconds: float
    looked_seconds: float | None = None
    reason: str = ""
    rule: str = ""


def log_of(logs: Path, reviewer: str) -> LineFile:
    """The file of one reviewer process."""
    return LineFile(logs / _FOLDER / f"{reviewer}{LINES_ENDING}")


def append(log: LineFile, line: ReviewLine) -> None:
    log.append(asdict(line))
    log.flush()


def read_reviews(logs: Path) -> list[ReviewLine]:
    """All decisions of a run in the order of time."""
    paths = sorted((logs / _FOLDER).glob(f"*{LINES_ENDING}"))
    return sorted((line for path in paths for line in _lines(path)), key=lambda line: line.time)


def _lines(path: Path) -> Iterator[ReviewLine]:
    try:
        data = path.read_bytes()
    except OSError:
        return  # removed or unreadable
    for number, line in enumerate(data.splitlines(), 1):
        try:
            yield _parse(JsonFields(orjson.loads(line), f"{path} line {number}", ValueError))
        except ValueError:
            continue  # torn by a crash


def _parse(fields: JsonFields) -> ReviewLine:
    return ReviewLine(
        fields.read("time", float),
        fields.read("pair", str),
        fields.read("decision", str),
        fields.read("waited_seconds", float),
        fields.read_or("looked_seconds", float, None),
        fields.read_or("reason", str, ""),
        fields.read_or("rule", str, ""),
    )
