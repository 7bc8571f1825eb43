"""The members of zip and tar archives, in their order, without writing any of them anywhere.

Knows the archives' own lists; not what members hold.  Invariant: an archive with encrypted
members, repeated names, or paths that leave it is refused before anything of it is read.
"""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from stages.sources.found import Damaged, NotUnderstood, printable
from stages.sources.limits import (
    MAX_DIRECTORY_BYTES,
    MAX_EXPANDED_BYTES,
    MAX_MEMBERS,
    Budget,
    too_large,
)

_IGNORED = ("__MACOSX", ".DS_Store", "Thumbs.db")
_MAX_TAR_HEADER_BYTES = 2**20
_EXTENDED = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, b"x", b"g", b"X")
_END_OF_ZIP = b"PK\x05\x06"
_ENCRYPTED = 0x1


@dataclass(frozen=True)
class Member:
    """A file within an archive: its path there, and its bytes, to be read before the next one."""

    name: str
    stream: BinaryIO


def zip_members(file: BinaryIO, budget: Budget) -> Iterator[Member]:
    """The members of a zip archive; `file` can seek."""
    end = _end_of_zip(file)
    if end.directory_bytes > MAX_DIRECTORY_BYTES:
        raise NotUnderstood("a zip archive whose list of members alone is too large to read")
    archive = _open_zip(file)
    entries = archive.infolist()
    _check_zip(entries, budget)
    for entry in entries:
        if not entry.is_dir() and not is_ignored(entry.filename):
            yield Member(printable(entry.filename), _member(archive, entry, budget))
    if end.members not in (None, len(entries)):
        counts = f"{len(entries)} of {end.members}"
        raise Damaged(f"the zip archive's list of members is damaged: only {counts} can be read")


def _open_zip(file: BinaryIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as error:
        raise Damaged(f"the zip archive is damaged or cut short: {error}") from None


@dataclass(frozen=True)
class _EndOfZip:
    """What the end of a zip says of its list of members, which zipfile reads whole."""

    directory_bytes: int = 0
    members: int | None = None  # None: not said in this place


def _end_of_zip(file: BinaryIO) -> _EndOfZip:
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 2**16 - 100))
    tail = file.read()
    at = tail.rfind(_END_OF_ZIP)
    if not 0 <= at <= len(tail) - 16:
        return _EndOfZip()
    members, claimed = struct.unpack_from("<HL", tail, at + 10)
    if claimed == 0xFFFFFFFF:  # a zip64 says it elsewhere
        return _EndOfZip(size if size > MAX_DIRECTORY_BYTES else 0)
    return _EndOfZip(claimed, None if members == 0xFFFF else members)


def _check_zip(entries: list[zipfile.ZipInfo], budget: Budget) -> None:
    names = Names()
    for entry in entries:
        if entry.is_dir():
            continue
        if entry.flag_bits & _ENCRYPTED:
            raise NotUnderstood(
                f"a password-protected archive ({printable(entry.filename)} is encrypted);"
                " unpack it with its password first"
            )
        names.add(entry.orig_filename)
    if sum(entry.file_size for entry in entries) > min(budget.left, MAX_EXPANDED_BYTES):
        raise too_large()


class Names:
    """The names of an archive's members so far."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def add(self, name: str) -> None:
        """Raises NotUnderstood for a name that is there twice, or leads out of the archive."""
        plain = name.replace("\\", "/")
        drive = len(plain) > 1 and plain[1] == ":"
        if plain.startswith("/") or drive or ".." in plain.split("/") or "\0" in name:
            raise NotUnderstood(
                f"an archive with a path that leaves it ({printable(name)}); it is not read"
            )
        if name in self._seen:
            raise NotUnderstood(
                f"an archive with two members of one name ({printable(name)}); unpack it first"
            )
        self._seen.add(name)
        if len(self._seen) > MAX_MEMBERS:
            raise NotUnderstood(f"an archive of more than {MAX_MEMBERS:,} members")


def is_ignored(name: str) -> bool:
    """Whether a member is of an operating system's own, such as macOS's resource forks."""
    parts = name.split("/")
    return parts[0] == _IGNORED[0] or parts[-1] in _IGNORED or parts[-1].startswith("._")


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: Budget) -> BinaryIO:
    return io.BufferedReader(_ZipMember(archive, entry, budget))


class _ZipMember(io.RawIOBase):
    """A member of a zip, opened when it is first read; errors name what is wrong with it."""

    def __init__(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: Budget) -> None:
        self._archive, self._entry, self._budget = archive, entry, budget
        self._file: Any = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            self._file = self._file or self._archive.open(self._entry)
            data: bytes = self._file.read1(len(buffer))
        except NotImplementedError as error:
            raise NotUnderstood(f"packed in a way that can't be read here: {error}") from None
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError) as error:
            raise Damaged(f"damaged in the archive: {error}") from None
        self._budget.spend(len(data))
        buffer[: len(data)] = data
        return len(data)


class _TarEntry(tarfile.TarInfo):
    """A header of a tar archive that is whole, and whose long names are not too long.

    tarfile takes a broken header for the archive's end, and reads long names whole.
    """

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> _TarEntry:
        try:
            entry = super().frombuf(buf, encoding, errors)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]
            raise
        except tarfile.HeaderError as error:
            raise Damaged(f"the tar archive is damaged or cut short: {error}") from None
        if entry.type in _EXTENDED and entry.size > _MAX_TAR_HEADER_BYTES:
            raise NotUnderstood("a tar archive with a header of more than a mebibyte")
        return entry


def tar_members(stream: BinaryIO) -> Iterator[Member]:
    """The members of a tar archive, read in one go."""
    for archive, entry in _tar_entries(stream):
        if entry.isreg() and not is_ignored(entry.name):
            file = archive.extractfile(entry)
            assert file is not None, "a regular member has contents"
            yield Member(printable(entry.name), io.BufferedReader(_TarMember(file)))


def check_tar(stream: BinaryIO) -> None:
    """Raises NotUnderstood for members that must not be there; reads all headers."""
    for _ in _tar_entries(stream):
        pass


def _tar_entries(stream: BinaryIO) -> Iterator[tuple[tarfile.TarFile, tarfile.TarInfo]]:
    names = Names()
    try:
        with tarfile.open(fileobj=stream, mode="r|", tarinfo=_TarEntry) as archive:
            while entry := archive.next():
                if not entry.isdir():
                    names.add(entry.name)
                if entry.issparse():
                    raise NotUnderstood("a tar archive with sparse files; unpack it first")
                yield archive, entry
                archive.members.clear()  # type: ignore[attr-defined]  # else the list grows with the archive
    except (tarfile.TarError, EOFError) as error:
        raise Damaged(f"the tar archive is damaged or cut short: {error}") from None


class _TarMember(io.RawIOBase):
    """A member of a tar that ends where the archive does, with an error that says so."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data: bytes = self._file.read(len(buffer))
        except (tarfile.TarError, EOFError, OSError) as error:
            raise Damaged(f"the archive ends or breaks in the middle of it: {error}") from None
        buffer[: len(data)] = data
        return len(data)
