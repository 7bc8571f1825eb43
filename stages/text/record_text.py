"""The text of a record, flat or nested: what a person would read to know what it is about.

Knows the field names that security feeds use (NVD, CVE, OSV, STIX, CWE, CSAF, plain title and
body); knows nothing of stages.  Invariant: any JSON object gives a `RecordText`, whole, never
cut and never an exception; text nested deeper than MAX_DEPTH is not looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from stages.base import Record, RecordError

# Field names as `plain_key` gives them: lower case, letters and digits only.
TITLE_KEYS = (
    "title",
    "name",
    "headline",
    "subject",
    "vulnerabilityname",
    "cisavulnerabilityname",
)
BODY_KEYS = (
    "summary",
    "abstract",
    "shortdescription",
    "description",
    "descriptions",
    "extendeddescription",
    "details",
    "overview",
    "content",
    "body",
    "text",
    "message",
    "analysis",
    "impact",
)
# Objects that only wrap the record proper: a title inside them is the record's own.
WRAPPER_KEYS = frozenset(
    "cve cvemetadata containers cna document tracking vulnerability advisory weakness"
    " data attributes item entry record incident".split()
)
# Objects whose descriptions are about something else than the record.
SKIPPED_KEYS = frozenset(
    "references externalreferences metrics configurations weaknesses problemtypes affected"
    " authors author organizers credits acknowledgments metadata databasespecific"
    " sourcedata ownfields domains potentialmitigations mitigations commonconsequences"
    " detectionmethods observedexamples relatedattackpatterns taxonomymappings".split()
)
MAX_DEPTH = 12
MAX_NODES = 20_000  # find_values stops looking after so many; texts are never bounded

_NOT_PLAIN = re.compile(r"[^a-z0-9]")
_CITATION = re.compile(r"\s?\(Citation: [^()]*\)")


@dataclass(frozen=True)
class RecordText:
    """A title, if the record has one, and its passages of prose in reading order."""

    title: str
    bodies: tuple[str, ...]

    @property
    def text(self) -> str:
        """Title and passages, a line each."""
        return "\n".join(part for part in (self.title, *self.bodies) if part)


def record_text(record: Record) -> str:
    """The record's text as one string; empty if it has none."""
    return read_record(record).text


def required_text(record: Record) -> str:
    """The record's text; raises RecordError when there is none."""
    text = record_text(record)
    if not text:
        raise RecordError(f"record has no text: none of {', '.join(BODY_KEYS)} holds any")
    return text


def read_record(record: Record) -> RecordText:
    """Title and passages of a record; the same passage is taken once."""
    record = without_original(record)
    title = _title(record, MAX_DEPTH)
    bodies = dict.fromkeys(_bodies(record, MAX_DEPTH))
    bodies.pop(title, None)
    return RecordText(title, tuple(bodies))


def without_original(record: Record) -> Record:
    """A record that a reader made, without what it was made from; any other as it is."""
    if "original" in record and isinstance(record.get("text"), str):
        return {key: value for key, value in record.items() if key != "original"}
    return record


def plain_key(key: str) -> str:
    """A field name without case and punctuation: shortDescription, short_description -> same."""
    return _NOT_PLAIN.sub("", key.lower())


def find_values(record: Record, *names: str) -> list[str]:
    """Short values (strings and numbers) of the first of `names` that holds any, at any depth.

    What a reader has stated of a record counts before what it was made from.
    """
    stated = without_original(record)
    for source in (stated, record) if stated is not record else (record,):
        for name in names:
            values = _values_of(source, name)
            found = [text for value in values for text in _scalars(value, MAX_DEPTH)]
            if found:
                return list(dict.fromkeys(found))
    return []


def as_scalar(value: Any) -> str:
    """A string or number as stripped text; everything else is empty."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return _clean(value) if isinstance(value, str) else _number(value)


def _number(value: int | float) -> str:
    try:
        return str(value)
    except ValueError:  # an integer of thousands of digits
        return ""


def _clean(text: str) -> str:
    return _CITATION.sub("", text).strip()


def _title(node: dict[str, Any], depth: int) -> str:
    plain = {plain_key(key): value for key, value in node.items()}
    for key in TITLE_KEYS:
        value = plain.get(key)
        if isinstance(value, str) and _clean(value):
            return _clean(value)
    for key, value in plain.items():
        if depth and key in WRAPPER_KEYS and isinstance(value, dict):
            if title := _title(value, depth - 1):
                return title
    return ""


def _bodies(node: Any, depth: int) -> Iterator[str]:
    """Prose of an object's text fields in the order of BODY_KEYS, then of what is inside it."""
    if depth <= 0:
        return
    if isinstance(node, list):
        for item in node:
            if isinstance(item, dict | list):
                yield from _bodies(item, depth - 1)
    elif isinstance(node, dict):
        plain = {plain_key(key): value for key, value in node.items()}
        for key in BODY_KEYS:
            yield from _prose(plain.get(key), depth - 1)
        for key, value in plain.items():
            if key not in BODY_KEYS and key not in SKIPPED_KEYS:
                if isinstance(value, dict | list):
                    yield from _bodies(value, depth - 1)


def _prose(value: Any, depth: int) -> Iterator[str]:
    """Strings of a text field: itself, a list, or objects that hold language and value."""
    if depth <= 0:
        return
    if isinstance(value, str):
        if text := _clean(value):
            yield text
    elif isinstance(value, list):
        for item in _in_one_language(value):
            yield from _prose(item, depth - 1)
    elif isinstance(value, dict):
        inner = value.get("value", value.get("en"))
        if inner is not None:
            yield from _prose(inner, depth - 1)
        else:
            yield from _bodies(value, depth - 1)


def _language(item: Any) -> str:
    if not isinstance(item, dict):
        return ""
    language = item.get("lang", item.get("language"))
    return language.lower() if isinstance(language, str) else ""


def _in_one_language(items: list[Any]) -> list[Any]:
    """English where there is a choice, else the first language; items without one stay."""
    languages = [language for item in items if (language := _language(item))]
    if not languages:
        return items
    english = [language for language in languages if re.match(r"en\b|eng\b|en_", language)]
    wanted = set(english) or {languages[0]}
    return [item for item in items if _language(item) in wanted | {""}]


def _values_of(record: Record, name: str) -> Iterator[Any]:
    """Values under a field name, breadth first."""
    level: list[Any] = [record]
    seen = 0
    for _ in range(MAX_DEPTH):
        deeper: list[Any] = []
        for node in level:
            for key, value in node.items() if isinstance(node, dict) else enumerate(node):
                seen += 1
                if isinstance(key, str) and plain_key(key) == name:
                    yield value
                elif isinstance(value, dict | list):
                    deeper.append(value)
                if seen > MAX_NODES:
                    return
        level = deeper


def _scalars(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, list):
        for item in value if depth else ():
            yield from _scalars(item, depth - 1)
    elif isinstance(value, dict):
        inner = value.get("description", value.get("value", value.get("name")))
        if depth and inner is not None:
            yield from _scalars(inner, depth - 1)
    elif text := as_scalar(value):
        yield text
