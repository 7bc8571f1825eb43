"""What tests of readers share: reading bytes as the pipeline reads a file of theirs.

Invariant: nothing is read but what the test wrote.
"""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

from stages.sources.found import SourceError
from stages.sources.readers import options
from stages.sources.source import Numbered, Source


def read(
    data: bytes | str, name: str = "in", format: str | None = None, records_at: str | None = None
) -> list[Numbered]:
    """Everything that is found; raises what a refused source raises."""
    raw = data.encode() if isinstance(data, str) else data
    source = Source(BytesIO(raw), name, len(raw), options(format, records_at))
    source.check_archive()
    return list(source)


def records(data: bytes | str, name: str = "in", **how: Any) -> list[dict[str, Any]]:
    """The records, when there is nothing else."""
    found = read(data, name, **how)
    assert not [one.problem for one in found if one.problem], found
    return [one.record for one in found if one.record is not None]


def record(data: bytes | str, name: str = "in", **how: Any) -> dict[str, Any]:
    """The one record that there is."""
    (only,) = records(data, name, **how)
    return only


def problems(data: bytes | str, name: str = "in", **how: Any) -> list[str]:
    """Place and problem of what could not be read."""
    return [f"{one.place}: {one.problem}" for one in read(data, name, **how) if one.problem]


def refusal(data: bytes | str, name: str = "in", **how: Any) -> str:
    """Why a source is refused; empty when it is not."""
    try:
        read(data, name, **how)
    except SourceError as error:
        return f"{error.place} {error.problem}".strip()
    return ""


def as_json(value: Any) -> bytes:
    """A document as services send it."""
    return json.dumps(value).encode()


def without_original(found: dict[str, Any]) -> dict[str, Any]:
    """A record's own fields."""
    return {key: value for key, value in found.items() if key != "original"}


def found_before(data: bytes) -> tuple[list[str], str]:
    """Texts that came before the source broke, and what it said."""
    texts: list[str] = []
    try:
        for one in Source(BytesIO(data), "x", len(data), options(None, None)):
            texts += [one.record["text"]] if one.record else []
    except SourceError as error:
        return texts, error.problem
    return texts, ""


def texts(data: bytes | str, **how: Any) -> list[str]:
    """The texts of the records, when there is nothing else."""
    return [one["text"] for one in records(data, **how)]
