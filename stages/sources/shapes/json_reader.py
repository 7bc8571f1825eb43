"""JSON documents: a list of records at any place in them, one record, or several documents.

Knows how to tell these apart by a document's beginning.  Invariant: a document in which no
record is found is refused with the names that it has.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from stages.sources.document import Document, Head, Options
from stages.sources.found import Damaged, Found, NotUnderstood, UnreadablePiece, printable
from stages.sources.limits import MAX_RECORD_BYTES
from stages.sources.shapes.items import Item
from stages.sources.shapes.json_document import Cut, JsonDocument, located_byte
from stages.sources.shapes.json_text import JsonText
from stages.sources.shapes.record_paths import RecordsAt, select
from stages.sources.shapes.values import items_of, pages_in, tells, tells_itself
from stages.sources.strict_json import parse_value
from stages.sources.structures.registry import (
    WHOLE_NAMES,
    all_found,
    structure_of,
    wanted_structure,
)
from stages.sources.structures.stix_bundle import is_bundle, read_bundle

_MOST_NAMES = 12
_NEXT_VALUE = re.compile(r"\n[ \t]*\{")


def sniff(head: Head) -> float:
    """Brackets at the beginning; lines that are objects each win over this."""
    if head.begins[:1] not in ("{", "["):
        return 0.0
    return 0.9 if holds_list(head, Options()) or not head.complete else 0.7


def read(document: Document) -> Iterator[Found]:
    wanted = wanted_structure(document.options.format)
    if holds_list(document.head, document.options):
        yield from _read_list(document, wanted)
    else:
        yield from _read_values(document, wanted)


def holds_list(head: Head, options: Options) -> bool:
    """Whether the document is a list of records rather than a record, by its beginning."""
    if options.records_at is not None:
        return True
    document = JsonDocument(io.BytesIO(head.data))
    cut = _first(document)
    if not document.lists or WHOLE_NAMES & set(document.names):
        return False
    whole = _value(head) if head.complete else None
    if not isinstance(whole, dict):
        return True
    if structure_of(whole):
        return False
    if cut is None:
        return not tells_itself(whole)  # its lists are empty
    if cut.data is None:
        return True
    inner = _parsed(cut)
    # An article with a list of its own objects is an article.
    return inner is None or tells(inner) or not tells_itself(whole)


def _first(document: JsonDocument) -> Cut | None:
    try:
        return next(iter(document), None)
    except Damaged:
        return None  # the beginning ends somewhere


def _value(head: Head) -> Any:
    try:
        return parse_value(head.data)
    except UnreadablePiece:
        return None


def _parsed(cut: Cut) -> Any:
    try:
        return parse_value(cut.data or b"")
    except UnreadablePiece:
        return None


# A list


def _read_list(document: Document, wanted: str | None) -> Iterator[Found]:
    at = document.options.records_at
    cuts = JsonDocument(document.stream, RecordsAt.parse(at) if at is not None else None)
    items = (item for cut in cuts for item in _items(cut))
    first = next(items, None)
    if first is None and not cuts.lists:
        raise NotUnderstood(f"a JSON document without the list {at}; {_named(cuts.names)}")
    together = chain([first] if first else [], items)
    if isinstance(first, Item) and is_bundle(first):
        yield from read_bundle(together)
    else:
        for item in chain.from_iterable(map(pages_in, together)):
            yield from all_found(item, wanted)


def _items(cut: Cut) -> Iterator[Item]:
    """What a cut holds; with a path that leads on, several."""
    if cut.problem is not None or cut.data is None:
        yield Item(cut.place, problem=cut.problem)
        return
    try:
        value = parse_value(cut.data)
    except UnreadablePiece as error:
        yield Item(cut.place, problem=error.problem)
        return
    if not cut.rest:
        yield Item(cut.place, value, key=cut.key)
        return
    for place, inner in select(value, cut.rest, cut.place):
        several = isinstance(inner, list)
        for number, one in enumerate(inner if several else [inner]):
            yield Item(f"{place}[{number}]" if several else place, one, key=cut.key)


# Values one after the other, mostly one


def _read_values(document: Document, wanted: str | None) -> Iterator[Found]:
    """Each top-level value whole: a record, or a document in which the records are looked for."""
    text = JsonText(document.stream)
    number = 0
    while text.next():
        number += 1
        place = "" if number == 1 and document.head.complete else f"document {number}"
        try:
            value = parse_value(text.cut())
        except Damaged as error:
            if number == 1 and (document.head.complete or error.problem.startswith("longer")):
                raise _explained(error, document.head) from None
            yield Found(place, problem=located_byte(error))
            _go_on(text)
        except UnreadablePiece as error:
            yield Found(place, problem=error.problem)
        else:
            yield from _found(value, place, wanted)


def _go_on(text: JsonText) -> None:
    """Behind damage, the next line that begins with a bracket is taken for the next value."""
    text.skip()
    text.find(_NEXT_VALUE)


def _explained(error: Damaged, head: Head) -> Damaged | NotUnderstood:
    if error.problem.startswith("longer"):
        begun = JsonDocument(io.BytesIO(head.data))
        _first(begun)
        return NotUnderstood(
            f"one JSON value of more than {MAX_RECORD_BYTES // 2**20} MiB, which is the most for a"
            " record; if it holds a list of records, say where with --records-at PATH;"
            f" {_named(begun.names, 'its first names')}"
        )
    return Damaged(f"JSON, but damaged: {located_byte(error)}", "")


def _found(value: Any, place: str, wanted: str | None) -> Iterator[Found]:
    items = items_of(value, place)
    if items is None:
        raise NotUnderstood(
            f"a JSON document in which no text is found; {_named(list(value))};"
            " say where its records are with --records-at PATH, or leave the file out"
        )
    if items and is_bundle(items[0]):
        yield from read_bundle(items)
    else:
        for item in items:
            yield from all_found(item, wanted)


def _named(names: list[str], called: str = "its names") -> str:
    shown = ", ".join(printable(name)[:40] for name in names[:_MOST_NAMES])
    return f"{called} are {shown}" if shown else "it is empty"
