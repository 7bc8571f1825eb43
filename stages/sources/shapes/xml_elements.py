"""Cuts elements out of XML of any size and parses each alone, with no entities and no network.

Knows tags as text; what an element means is others'.  Invariant: a broken element costs itself
alone: the next one that begins is taken up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Generic, TypeVar
from xml.etree.ElementTree import Element, ParseError

from stages.sources.found import NotUnderstood, UnreadablePiece
from stages.sources.limits import MAX_RECORD_BYTES
from stages.sources.shapes.byte_window import ByteWindow, Hit

T = TypeVar("T")

_PROLOG = re.compile(rb"(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*", re.DOTALL)
_ROOT = re.compile(rb"<((?:[\w.-]+:)?([\w.-]+))((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
_NAMESPACE = re.compile(rb"""xmlns(?::[\w.-]+)?\s*=\s*(?:"[^"]*"|'[^']*')""")
_ENTITY = re.compile(rb"<!(ENTITY|DOCTYPE[^>\[]*\[)", re.IGNORECASE)
_START, _END, _COMMENT, _CDATA = 1, 2, 3, 4
_CLOSED = {_COMMENT: re.compile(rb"-->"), _CDATA: re.compile(rb"\]\]>")}


@dataclass(frozen=True)
class Root:
    """The outermost element: its local name, its whole tag, and the namespaces it declares."""

    name: str
    tag: bytes
    namespaces: bytes


def root_of(head: bytes) -> Root | None:
    """The root of a document by its beginning; None if that is no XML element.

    Raises NotUnderstood for a document that declares entities.
    """
    begin = _PROLOG.match(head)
    match = _ROOT.match(head, begin.end() if begin else 0)
    if _ENTITY.search(head, 0, match.start() if match else len(head)):
        raise NotUnderstood("an XML document that declares entities of its own; it is not read")
    if match is None:
        return None
    namespaces = b" ".join(_NAMESPACE.findall(match[3]))
    return Root(match[2].decode("ascii", "replace"), match[0], namespaces)


@dataclass(frozen=True)
class Parsed(Generic[T]):
    """What an element became, or the problem at its place."""

    place: str
    value: T | None = None
    problem: str | None = None


class XmlElements(Generic[T]):
    """Iterates over the elements of one name, none of which holds another of that name.

    `root` is the outermost element's name: without its end the document is cut short.
    `parse` makes a value of an element's bytes, or raises UnreadablePiece; `before` are the bytes
    that precede the first element.
    """

    def __init__(self, stream: BinaryIO, root: str, name: str, parse: Callable[[bytes], T]) -> None:
        self._window = ByteWindow(stream)
        self._root, self._name = root, name
        self._parse = parse
        tag = rb"(?:[\w.-]+:)?" + re.escape(name.encode())
        self._starts = re.compile(rb"(<" + tag + rb"(?=[\s>/]))")
        self._tokens = re.compile(
            self._starts.pattern + rb"|(</" + tag + rb"\s*>)|(<!--)|(<!\[CDATA\[)"
        )
        self._root_end = re.compile(rb"</(?:[\w.-]+:)?" + re.escape(root.encode()) + rb"\s*>")
        self._number = 0
        # Up to here, comments and CDATA are not to be trusted: a broken element lies there.
        self._suspect = 0
        self.before = b""

    def __iter__(self) -> Iterator[Parsed[T]]:
        at = 0
        while hit := self._next(at):
            if hit.group == _START:
                self.before = self.before or self._window.slice(0, hit.begin)
                parsed, at = self._element(hit)
                yield parsed
            elif hit.group == _END:
                at = hit.end
                yield self._broken(hit, "the beginning of this element is missing or damaged")
            else:
                closed = self._window.search(_CLOSED[hit.group], hit.end)
                at = closed.end if closed else hit.end
            self._window.keep = at
        if at >= self._suspect and self._window.search(self._root_end, at) is None:
            end = Hit(_START, at, at)
            yield self._broken(
                end, f"the document ends before its {self._root} does: it is cut short"
            )

    def _next(self, at: int) -> Hit | None:
        if at < self._suspect:
            hit = self._window.search(self._starts, at)
            if hit is None or hit.begin < self._suspect:
                return hit
            at = self._suspect
        return self._window.search(self._tokens, at)

    def _element(self, start: Hit) -> tuple[Parsed[T], int]:
        """The element that starts here, and where to go on."""
        self._window.keep = start.begin
        at = start.end
        while hit := self._window.search(self._tokens, at):
            if hit.group == _END:
                return self._whole(start, hit)
            if hit.group == _START:
                return self._broken(start, "its end is missing or damaged"), hit.begin
            closed = self._window.search(_CLOSED[hit.group], hit.end)
            if closed is None:
                break
            at = closed.end
        self._suspect = start.end + MAX_RECORD_BYTES
        too_long = f"longer than {MAX_RECORD_BYTES // 2**20} MiB"
        problem = "it ends in the middle" if self._window.ended else too_long
        return self._broken(start, problem), start.end

    def _whole(self, start: Hit, end: Hit) -> tuple[Parsed[T], int]:
        try:
            value = self._parse(self._window.slice(start.begin, end.end))
        except UnreadablePiece as error:
            self._suspect = end.end
            return self._broken(start, error.problem), start.end
        self._number += 1
        return Parsed(f"{self._name} {self._number}", value), end.end

    def _broken(self, hit: Hit, problem: str) -> Parsed[T]:
        self._number += 1
        place = f"{self._name} {self._number}"
        return Parsed(place, problem=f"{problem}, at byte {hit.begin + 1}")


def parse_element(data: bytes, namespaces: bytes = b"") -> Element:
    """The element of some bytes; raises UnreadablePiece with what is wrong with it."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        wrapped = fromstring(b"<x " + namespaces + b">" + data + b"</x>", forbid_dtd=True)
    except (ParseError, ValueError, DefusedXmlException) as error:
        raise UnreadablePiece(f"not well-formed XML: {error}") from None
    element: Element = wrapped[0]
    return element
