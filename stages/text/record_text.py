"""The text of a record, flat or nested: what a person would read to know what it is about.

Knows what fields hold text by `text_fields`; knows nothing of stages.  Invariant: any JSON object
gives a `RecordText`, whole, never cut and never an exception; text nested deeper than MAX_DEPTH is
not looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stages.base import Record, RecordError
from stages.text import objects
from stages.text.citations import without_citations
from stages.text.clean import clean_text, without_markup
from stages.text.documents import document_text, is_document
from stages.text.one_language import in_one_language, said
from stages.text.part_mark import is_part
from stages.text.placeholders import is_placeholder
from stages.text.text_fields import BODY_KEYS, SKIPPED_KEYS, TITLE_KEYS, WRAPPER_KEYS
from stages.text.yara import description_of_rule

_ENGLISH_KEYS = BODY_KEYS[: BODY_KEYS.index("impact") + 1]
MAX_DEPTH = 12
MAX_NODES = 20_000  # find_values stops looking after so many; texts are never bounded

_NOT_PLAIN = re.compile(r"[\W_]")


@dataclass(frozen=True)
class RecordText:
    """A title, if the record has one, and its passages of prose in reading order, all clean.

    `emptied`: there was text, and cleaning left nothing of it.
    """

    title: str
    bodies: tuple[str, ...]
    emptied: bool = False

    @property
    def text(self) -> str:
        """Title and passages, a line each."""
        return "\n".join(part for part in (self.title, *self.bodies) if part)


def record_text(record: Record) -> str:
    """The record's text as one string; empty if it has none."""
    return read_record(record).text


def required_text(record: Record) -> str:
    """The record's text; raises RecordError when there is none."""
    return text_of(read_record(record))


def text_of(read: RecordText) -> str:
    """The text of a record that was read; raises RecordError when there is none."""
    if not read.text:
        raise RecordError(f"record has no text: none of {', '.join(_ENGLISH_KEYS)} holds any")
    return read.text


def read_record(record: Record) -> RecordText:
    """Title and passages of a record; the same passage is taken once."""
    done = record["text"].strip() if is_part(record) else None
    of_page = _is_page(record.get("original"))
    record = without_original(record)
    title = title_of(record)
    raw = raw_bodies(record)
    clean = (text if text == done else clean_text(text, of_page) for text in raw)
    bodies = dict.fromkeys(text for text in clean if text)
    bodies.pop(title, None)
    return RecordText(title, tuple(bodies), bool(raw) and not bodies and not title)


def raw_bodies(record: Record) -> list[str]:
    """The passages of a record as they stand, each once; where no field of a known name says
    anything but the title, the prose of its own fields, whatever they are called, or of objects."""
    found = [*_bodies(record, MAX_DEPTH)]
    told = [one for one in found if not is_placeholder(one)]
    if not told or told == [_title(record, MAX_DEPTH)]:
        told += objects.any_prose(record, plain_fields(record), SKIPPED_KEYS)
    found = told or found
    return list(dict.fromkeys(found))


def prose_of(value: Any) -> list[str]:
    """The passages of a text field as they stand, whatever it holds them in."""
    return list(_prose(value, MAX_DEPTH))


def title_of(record: Record) -> str:
    """A record's title in one line; empty if it has none."""
    return " ".join(without_markup(_title(without_original(record), MAX_DEPTH)).split())


def without_original(record: Record) -> Record:
    """A record that a reader made, without what it was made from; any other as it is."""
    if "original" in record and isinstance(record.get("text"), str):
        return {key: value for key, value in record.items() if key != "original"}
    return record


def _is_page(original: Any) -> bool:
    """Whether a reader has made the text of a page, or of a feed's entry: without its tags."""
    page = original if isinstance(original, dict) else {}
    return isinstance(page.get("html"), str) or isinstance(page.get("title_detail"), dict)


def plain_key(key: str) -> str:
    """A field name without case and punctuation: shortDescription, short_description -> same."""
    return _NOT_PLAIN.sub("", key.lower())


def find_values(record: Record, *names: str) -> list[str]:
    """Short values (strings and numbers) of the first of `names` that holds any, at any depth;
    what a reader has stated of a record counts before what it was made from."""
    stated = without_original(record)
    return first_values((record,) if stated is record else (stated, record), names)


def first_values(sources: tuple[Record, ...], names: tuple[str, ...]) -> list[str]:
    """Short values of the first of `names` that holds any in the first of the sources that has."""
    for source in sources:
        for name in names:
            nodes = find_nodes(source, name)
            found = [text for node in nodes for text in _scalars(node, MAX_DEPTH)]
            if found:
                return list(dict.fromkeys(found))
    return []


def as_scalar(value: Any) -> str:
    """A string or number as stripped text; everything else is empty."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return without_citations(value).strip() if isinstance(value, str) else _number(value)


def _number(value: int | float) -> str:
    try:
        return str(value)
    except ValueError:  # an integer of thousands of digits
        return ""


def _title(node: dict[str, Any], depth: int) -> str:
    plain = plain_fields(node)
    for key in TITLE_KEYS:
        value = plain.get(key)
        if isinstance(value, list) and len(value) == 1:  # as Crossref writes it
            value = value[0]
        if isinstance(value, str) and value.strip():
            return value.strip()
    for key, value in plain.items():
        if depth and key in WRAPPER_KEYS and isinstance(value, dict):
            if title := _title(value, depth - 1):
                return title
    return objects.headline(plain)


def plain_fields(node: Mapping[str, Any]) -> dict[str, Any]:
    """An object by plain names; of fields of one name the first that holds anything."""
    plain: dict[str, Any] = {}
    for key, value in node.items():
        name = plain_key(key)
        if not plain.get(name):
            plain[name] = value
    return plain


def _bodies(node: Any, depth: int) -> Iterator[str]:
    """Prose of an object's text fields in the order of BODY_KEYS, then of what is inside it."""
    if depth <= 0:
        return
    if isinstance(node, list):
        if talk := objects.text_of_list([one for one in node if not isinstance(one, str)]):
            yield talk
            return
        for item in node:
            if _holds_text("", item):
                yield from _bodies(item, depth - 1)
    elif isinstance(node, dict):
        plain = plain_fields(node)
        for key in BODY_KEYS:
            yield from _prose(plain.get(key), depth - 1)
        for key, value in plain.items():
            if key not in BODY_KEYS and key not in SKIPPED_KEYS:
                if _holds_text(key, value):
                    yield from _bodies(value, depth - 1)


def _holds_text(key: str, value: Any) -> bool:
    """Whether text is looked for in a value: a record may have an address, what it names not."""
    if isinstance(value, dict):
        return key in WRAPPER_KEYS or not objects.is_reference(plain_fields(value))
    return isinstance(value, list)


def _prose(value: Any, depth: int) -> Iterator[str]:
    """Strings of a text field: itself, a list, or objects that hold language and value."""
    if depth <= 0:
        return
    if isinstance(value, str):
        if text := value.strip():
            yield description_of_rule(text) or text
    elif isinstance(value, list):
        if talk := objects.text_of_list([one for one in value if not isinstance(one, str)]):
            yield talk
            return
        for item in in_one_language(value):
            yield from _prose(item, depth - 1)
    elif isinstance(value, dict):
        inner = document_text(value) if is_document(value) else said(value)
        if inner is not None:
            yield from _prose(inner, depth - 1)
        else:
            yield from _bodies(value, depth - 1)


def find_nodes(record: Record, name: str) -> Iterator[Any]:
    """Values of any type under a field name, breadth first."""
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
        for item in in_one_language(value) if depth else ():
            yield from _scalars(item, depth - 1)
    elif isinstance(value, dict):
        if depth and (inner := objects.told_in(plain_fields(value))) is not None:
            yield from _scalars(inner, depth - 1)
    elif text := as_scalar(value):
        yield text
