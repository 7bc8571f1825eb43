"""JSON lines: one object a line, numbered as an editor numbers them.

A line that is a page of records (an answer of a service, a bundle) gives each of them; the
numbers behind it are as much higher.  Invariant: every line that is not blank is a record or a
problem, whatever it holds; a record that is flat is passed on as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from stages.sources.document import Document, Head
from stages.sources.found import Found, UnreadablePiece
from stages.sources.limits import BLOCK_BYTES, MAX_RECORD_BYTES
from stages.sources.shapes.items import Item
from stages.sources.shapes.values import is_page, is_text, pages_in
from stages.sources.strict_json import parse_object
from stages.sources.structures.registry import (
    OBJECTS,
    all_found,
    found_in,
    structure_of,
    wanted_structure,
)
from stages.sources.structures.stix_bundle import is_bundle, read_bundle

_MOST_LINES = 50  # that a format is told by
_NAMES = (".jsonl", ".ndjson", ".jsonlines", ".ldjson")


def sniff(head: Head) -> float:
    """Lines that are objects each; one object alone is a document."""
    lines = whole_lines(head)
    if not lines:
        return 0.6 if head.suffix in _NAMES and head.begins.startswith("{") else 0.0
    good = [_is_object(line) for line in lines[:_MOST_LINES]]
    if all(good) and all(is_page(parse_object(line)) for line in lines[:_MOST_LINES]):
        return 0.5  # answers of a service, one after the other: what they hold belongs together
    if good[0] and (len(lines) > 1 or not head.complete):
        return 1.0
    if sum(good) * 2 >= len(good) > 1:
        return 0.95
    if good[0]:
        # One line may be a document: one that holds a list, or a record of a feed.
        value = parse_object(lines[0])
        flat = structure_of(value) is None and is_text(value)
        return 0.8 if flat or head.suffix in _NAMES else 0.5
    hopeful = head.suffix in _NAMES and lines[0].lstrip()[:1] == b"{" and not head.complete
    return 0.6 if hopeful and len(lines) > 1 else 0.0


def whole_lines(head: Head) -> list[bytes]:
    """The head's lines that are not blank, without a last one that goes on."""
    lines = head.data.split(b"\n")
    if not head.complete:
        lines.pop()
    return [line for line in lines if line.strip(b" \t\r\n")]


def _is_object(line: bytes) -> bool:
    try:
        parse_object(line)
    except UnreadablePiece:
        return False
    return True


def read(document: Document) -> Iterator[Found]:
    wanted = wanted_structure(document.options.format)
    last = 0
    for number, line in numbered_lines(document.stream):
        for found in _found(_item(number, line), wanted):
            last = max(number, last + 1)
            yield replace(found, number=last)


def _found(item: Item, wanted: str | None) -> Iterator[Found]:
    """The record of a line; of one that is a page, its records."""
    if not isinstance(item.value, dict) or wanted == OBJECTS or not is_page(item.value):
        yield found_in(item, wanted, flat=True)
        return
    inner = pages_in(replace(item, place=""))
    together = read_bundle(inner) if is_bundle(inner[0]) else _each(inner, wanted)
    yield from (replace(one, place=f"{item.place} {one.place}") for one in together)


def _each(items: list[Item], wanted: str | None) -> Iterator[Found]:
    for item in items:
        yield from all_found(item, wanted)


def _item(number: int, line: bytes | None) -> Item:
    place = f"line {number}"
    if line is None:
        problem = f"longer than {MAX_RECORD_BYTES // 2**20} MiB"
        return Item(place, problem=problem, number=number)
    try:
        return Item(place, parse_object(line), number=number)
    except UnreadablePiece as error:
        return Item(place, problem=error.problem, number=number)


def numbered_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Lines that are not blank with their numbers from 1; None for one that is too long."""
    number = 0
    while (line := _next_line(stream)) != b"":
        number += 1
        if line is None or line.strip(b" \t\r\n"):
            yield number, line


def _next_line(stream: BinaryIO) -> bytes | None:
    """The next line with its end, b"" at the end of the stream, None for one too long."""
    line = piece = stream.readline(MAX_RECORD_BYTES + len(b"\r\n"))
    if len(line.removesuffix(b"\n").removesuffix(b"\r")) <= MAX_RECORD_BYTES:
        return line
    while piece and not piece.endswith(b"\n"):
        piece = stream.readline(BLOCK_BYTES)
    return None
