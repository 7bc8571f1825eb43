"""A pair on its way into a dataset: its text, where it came from, and what it counts as.

Reads the fields that the stages write; a pair of somebody else's may
lack all but instruction and response.  Invariant: every text that is handed out is a string.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from stages.awareness import AWARENESS
from stages.base import Record
from stages.recipe.recipe import Recipe
from stages.similar.signatures import digest
from stages.text.language import ENGLISH

UNKNOWN = "unknown"


class AssemblyError(Exception):
    """The dataset can't be made; the message says why and what to do."""


@dataclass(frozen=True)
class Origin:
    """Where a pair came from.

    `place` names it in messages; `id` is its id in the run, `file` and `record` the input file and
    the record's number there, `recipe` and `model` what made it; empty or 0 where nobody knows.
    `reviewed`: whether a person may have decided about it, as in a file; not in a run without them.
    """

    place: str
    run: str = ""
    id: str = ""
    file: str = ""
    record: int = 0
    model: str = ""
    recipe: str = ""
    reviewed: bool = True


@dataclass(frozen=True)
class SourcedRecord:
    """A record of an input with its origin, and the recipe it was made with, if that is known;
    `here`: what one of a file is judged by, the shipped recipe if None."""

    record: Record
    origin: Origin
    recipe: Recipe | None = field(default=None, compare=False, repr=False)
    here: Recipe | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class RunFacts:
    """What the dataset's card says of one input.

    `models`: name and hash by role; `removed`: how many records each reason took, before.
    """

    name: str
    created: str = ""
    models: Mapping[str, str] = field(default_factory=dict)
    recipe: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    removed: Mapping[str, int] = field(default_factory=dict)
    finished: bool = True


@dataclass(frozen=True)
class PairInput:
    """One input: what is known of it, and its pairs, which can be read once."""

    facts: RunFacts
    pairs: Iterable[SourcedRecord]


@dataclass(frozen=True)
class PairFacts:
    """What a pair says and counts as."""

    instruction: str
    response: str
    type: str
    domain: str
    kind: str
    source: str
    source_id: str
    name: str
    url: str
    licence: str
    language: str
    source_text: str
    written_by: str
    spans: list[Any]


def facts_of(record: Record) -> PairFacts:
    """The fields of a pair; raises AssemblyError for one without instruction or response."""
    instruction, response = record.get("instruction"), record.get("response")
    for name, text in (("instruction", instruction), ("response", response)):
        if not isinstance(text, str) or not text.strip():
            raise AssemblyError(f"no {name}: not a pair, as the data structurer writes them")
    source, quality = _object(record, "source_data"), _object(record, "quality")
    return PairFacts(
        instruction=str(instruction),
        response=str(response),
        type=_text(record, "type") or UNKNOWN,
        domain=_text(record, "primary_domain") or UNKNOWN,
        kind=_text(source, "kind") or UNKNOWN,
        source=_text(source, "source") or _host(_text(source, "url")) or UNKNOWN,
        source_id=_text(source, "id"),
        name=_text(source, "name"),
        url=_text(source, "url"),
        licence=_text(source, "licence"),
        language=_text(source, "language") or ENGLISH,
        source_text=_text(source, "text"),
        written_by=_text(quality, "written_by"),
        spans=_spans(quality),
    )


def source_key(record: Record, pair: PairFacts, origin: Origin) -> int:
    """What all pairs of one source record share, and those of another run on it as well.

    Its public id; else its text, or the record it is a part of.  Examples of one template
    count as one source.
    """
    if pair.type == AWARENESS:
        return digest(f"template\0{pair.name}")
    if _is_public(pair.source_id):
        return digest(f"id\0{pair.kind}\0{pair.source_id.upper()}")
    if origin.record and "part" in _object(record, "source_data"):
        return digest(f"part\0{origin.file}\0{origin.record}")
    return digest(f"text\0{pair.source_text or pair.instruction}")


def _is_public(own_id: str) -> bool:
    """Whether an id is likely to be one thing's alone: it has letters and digits."""
    return any(map(str.isalpha, own_id)) and any(map(str.isdigit, own_id))


def _object(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = record.get(name)
    return value if isinstance(value, dict) else {}


def _text(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    return value if isinstance(value, str) else ""


def _spans(quality: Mapping[str, Any]) -> list[Any]:
    spans = quality.get("spans")
    return spans if isinstance(spans, list) else []


def _host(url: str) -> str:
    """The host of a web address; empty for anything else."""
    scheme, _, rest = url.partition("://")
    return rest.partition("/")[0].lower() if scheme in ("http", "https") else ""
