"""Opens an input file: container by container, document by document, record by record.

Knows files and readers; nothing of runs.  Invariant: the same bytes and options give the same
records in the same order, each with its number within the file.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from stages.base import Record
from stages.sources import readers
from stages.sources.containers.archives import Member, check_tar, tar_members, zip_members
from stages.sources.containers.compressed import Expanded, codec_of
from stages.sources.document import Document, Head, Options, Reader
from stages.sources.encodings import as_utf8, encoding_of
from stages.sources.found import Found, NotUnderstood, SourceError, located, printable
from stages.sources.limits import BLOCK_BYTES, HEAD_BYTES, MAX_LAYERS, Budget
from stages.sources.streams import look, seekable

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_TAR_AT, _TAR = 257, b"ustar"
_OFFICE = ("[Content_Types].xml", "mimetype")


@dataclass(frozen=True)
class Numbered:
    """A record or a problem of an input file: its number there, its place in words."""

    number: int
    place: str
    record: Record | None = None
    problem: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Packed:
    """A file or a member: the path of members to it, and its bytes."""

    path: str
    name: str
    stream: BinaryIO
    head: bytes
    alone: bool  # nothing else is in the input file
    whole: bool = False  # these are the input file's own bytes


class Source:
    """The records of one input file, read from `file`, which is at its beginning and can seek.

    `formats` counts the documents of each format that were opened so far.
    """

    def __init__(self, file: BinaryIO, name: str, size: int, options: Options) -> None:
        self.formats: dict[str, int] = {}
        self._file = file
        self._name = name
        self._size = size
        self._options = options

    def check_archive(self) -> None:
        """Raises NotUnderstood for an archive whose list says what must not be; seeks back."""
        head = self._file.read(HEAD_BYTES)
        self._file.seek(0)
        stream: BinaryIO = self._file
        budget = Budget.for_size(self._size)
        while codec := codec_of(head):
            head, stream = look(_expanded(stream, codec, budget))
        if _is_tar(head):
            check_tar(stream)
        self._file.seek(0)

    def __iter__(self) -> Iterator[Numbered]:
        """Raises NotUnderstood or Damaged when not even one document can be read."""
        count = 0
        for found in self._found():
            count += 1
            number = found.number if found.number is not None else count
            yield Numbered(number, found.place, found.record, found.problem, found.notes)

    def _found(self) -> Iterator[Found]:
        head, stream = look(self._file)
        budget = Budget.for_size(self._size)
        yield from self._read(_Packed("", self._name, stream, head, True, whole=True), budget, 0)

    def _read(self, packed: _Packed, budget: Budget, layers: int) -> Iterator[Found]:
        if layers > MAX_LAYERS:
            raise NotUnderstood(f"containers within one another, more than {MAX_LAYERS} deep")
        if codec := codec_of(packed.head):
            head, stream = look(_expanded(packed.stream, codec, budget))
            name = _without_ending(packed.name)
            inner = _Packed(packed.path, name, stream, head, packed.alone)
            yield from self._read(inner, budget, layers + 1)
        elif members := self._members(packed, budget):
            yield from self._each(packed, members, budget, layers)
        elif packed.head:
            yield from self._document(packed)

    def _members(self, packed: _Packed, budget: Budget) -> Iterator[Member] | None:
        if packed.head.startswith(_ZIP):
            return zip_members(self._file if packed.whole else seekable(packed.stream), budget)
        return tar_members(packed.stream) if _is_tar(packed.head) else None

    def _each(
        self, packed: _Packed, members: Iterator[Member], budget: Budget, layers: int
    ) -> Iterator[Found]:
        """The records of an archive's members; one that can't be read costs itself alone."""
        for member in members:
            path = f"{packed.path} {member.name}".strip()
            if member.name in _OFFICE:
                raise NotUnderstood("an Office document; save it as CSV, text or PDF")
            try:
                head, stream = look(member.stream)
                inner = _Packed(path, member.name, stream, head, alone=False)
                yield from self._read(inner, budget, layers + 1)
            except SourceError as error:
                if budget.left < 0:
                    raise
                yield Found(f"{path} {error.place}".strip(), problem=error.problem)

    def _document(self, packed: _Packed) -> Iterator[Found]:
        complete = len(packed.head) < HEAD_BYTES
        head = Head(packed.name, packed.head, complete)
        reader = readers.binary_reader(head, self._options)
        stream = packed.stream
        if reader is None:
            if self._options.format is None:
                readers.refuse_known(packed.head)
            head, stream = _as_text(packed, complete)
            if not head.data.strip():
                return
            reader = readers.reader_of(head, self._options)
        document = Document(head, stream, self._options, packed.alone)
        self._count(document, reader)
        if packed.alone:
            yield from reader.records(document)
            return
        for found in reader.records(document):
            place = f"{packed.path} {found.place}".strip()
            yield replace(found, place=place, number=None)

    def _count(self, document: Document, reader: Reader) -> None:
        name = readers.describe(document, reader)
        self.formats[name] = self.formats.get(name, 0) + 1


def _as_text(packed: _Packed, complete: bool) -> tuple[Head, BinaryIO]:
    """The document as UTF-8, with its beginning."""
    encoding = encoding_of(packed.head, complete)
    stream = as_utf8(packed.stream, packed.head, encoding)
    data, again = look(stream)
    return Head(packed.name, data, len(data) < HEAD_BYTES), again


def _expanded(stream: BinaryIO, codec: str, budget: Budget) -> BinaryIO:
    return io.BufferedReader(Expanded(stream, codec, budget), BLOCK_BYTES)


def _is_tar(head: bytes) -> bool:
    return head[_TAR_AT : _TAR_AT + len(_TAR)] == _TAR


def _without_ending(name: str) -> str:
    for ending in (".gz", ".bz2", ".xz", ".zst", ".zstd", ".lzma"):
        if name.lower().endswith(ending):
            return name[: -len(ending)]
    return name


def message(shown: str, found: Numbered) -> str:
    """ "in.jsonl line 3: not valid JSON ...": a problem with file and place."""
    assert found.problem is not None, "only problems have messages"
    return located(f"{shown} {printable(found.place)}".strip(), printable(found.problem))
