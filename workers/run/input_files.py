"""The input files of a run: found, looked into before the run exists, and known again by hash.

Knows files and hashes; what is in them is stages.sources' to read.  Invariant: a file that
differs from what it was when the run was made is never read as if it were the same.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast

from stages.sources import readers
from stages.sources.document import AUTOMATIC, Options
from stages.sources.found import NotUnderstood, SourceError, located, printable
from stages.sources.source import Numbered, Source, message
from workers.core.errors import InputError, UsageError
from workers.settings.config import RunConfig

_TRIED = 1000  # problems that are looked at in search of a first record


@dataclass(frozen=True, slots=True)
class InputFile:
    """An input file as it was when the run was made; the hash is known once it was read.

    `name` is what messages call it, where that is not its path's last part.
    """

    path: str
    size: int
    mtime_ns: int
    sha256: str | None = None
    name: str | None = None

    @property
    def shown(self) -> str:
        """The name for messages: nothing in it that a terminal would obey."""
        return printable(self.name or Path(self.path).name)


def reading_options(config: RunConfig) -> Options:
    """How the input is to be read; raises UsageError naming the flag that is wrong."""
    return checked_options(config.format, config.records_at)


def checked_options(format_name: str | None, records_at: str | None) -> Options:
    """The same of two flags' values."""
    try:
        return readers.options(format_name, records_at)
    except NotUnderstood as error:
        raise UsageError(str(error)) from None


def inspect_inputs(
    paths: Sequence[str | Path | InputFile], options: Options = AUTOMATIC
) -> list[InputFile]:
    """What the manifest says of the inputs; raises InputError when they can't be used.

    Each file is read up to its first record.  One that is not understood is refused; one in
    which everything is damaged only when no other file has a record.
    """
    inputs = [p if isinstance(p, InputFile) else inspect_file(Path(p)) for p in paths]
    problems: list[str] = []
    usable = False
    for source in inputs:
        problem = _first_problem(source, options)
        usable = usable or problem is None
        problems += [problem] if problem else []
    if problems and not usable:
        raise InputError(problems[0])
    if not usable:
        names = ", ".join(source.shown for source in inputs[:10])
        raise InputError(f"no records in {names}: there is nothing to read in it")
    return inputs


def _first_problem(source: InputFile, options: Options) -> str | None:
    """None when there is a record; "" for an empty file; else what is wrong."""
    problem = ""
    try:
        with open(source.path, "rb") as file:
            records = Source(file, Path(source.path).name, source.size, options)
            records.check_archive()
            for found in islice(records, _TRIED):
                if found.record is not None:
                    return None
                problem = problem or message(source.shown, found)
    except NotUnderstood as error:
        raise InputError(_refusal(source, error)) from None
    except SourceError as error:
        problem = problem or _refusal(source, error)
    return problem


def _refusal(source: InputFile, error: SourceError) -> str:
    return f"{printable(source.name or source.path)}: {located(error.place, error.problem)}"


def inspect_file(path: Path, name: str | None = None) -> InputFile:
    """A file's size and time; raises InputError for what can't be read again."""
    try:
        path = Path(os.path.abspath(path))
        str(path).encode("utf-8")
        status = path.stat()
        # Look before opening: opening a pipe waits for its writer.
        if stat.S_ISREG(status.st_mode):
            path.open("rb").close()
    except UnicodeEncodeError:
        raise InputError(f"{ascii(str(path))}: the file's name is not valid UTF-8") from None
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    if not stat.S_ISREG(status.st_mode):
        raise InputError(f"{path}: not a regular file, so it can't be read again on resume")
    return InputFile(str(path), status.st_size, status.st_mtime_ns, name=name)


def check_unchanged(inputs: Sequence[InputFile]) -> None:
    """Raise InputError when a file is not what it was when the run was made.

    A known hash decides; without one (the split was not finished) size and time do.
    """
    for source in inputs:
        now = inspect_file(Path(source.path))
        same = (now.size, now.mtime_ns) == (source.size, source.mtime_ns)
        if source.sha256 is not None:
            same = now.size == source.size and _hash_file(source.path) == source.sha256
        if not same:
            raise _changed(source)


def _changed(source: InputFile) -> InputError:
    return InputError(f"{source.path}: changed since the run was created; start a new run for it")


def _hash_file(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class InputRecords:
    """Iterates over the records of one file; `source` has its hash once it was read to the end.

    What can't be read is a problem among the records, never an exception.
    """

    def __init__(self, source: InputFile, options: Options = AUTOMATIC) -> None:
        self.source = source
        self._options = options

    def __iter__(self) -> Iterator[Numbered]:
        with open(self.source.path, "rb", buffering=0) as raw:
            file = _HashedFile(raw)
            name = Path(self.source.path).name
            records = Source(cast(BinaryIO, file), name, self.source.size, self._options)
            last = 0
            try:
                for found in records:
                    last = found.number
                    yield found
            except SourceError as error:
                yield Numbered(last + 1, error.place, problem=error.problem)
            self._finish(file)

    def _finish(self, file: _HashedFile) -> None:
        status = os.fstat(file.fileno())
        if (status.st_size, status.st_mtime_ns) != (self.source.size, self.source.mtime_ns):
            raise _changed(self.source)
        digest = file.digest()
        if self.source.sha256 not in (None, digest):
            raise _changed(self.source)
        self.source = replace(self.source, sha256=digest)


class _HashedFile(io.RawIOBase):
    """A file that is hashed as it is read; what was not read in order is hashed at the end."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._hash = hashlib.sha256()
        self._at = 0
        self._hashed = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def fileno(self) -> int:
        return int(self._raw.fileno())

    def readinto(self, buffer: Any) -> int:
        size = int(self._raw.readinto(buffer) or 0)
        begin = self._hashed - self._at
        if 0 <= begin < size:
            self._hash.update(memoryview(buffer)[begin:size])
            self._hashed += size - begin
        self._at += size
        return size

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = int(self._raw.seek(offset, whence))
        return self._at

    def tell(self) -> int:
        return self._at

    def digest(self) -> str:
        """The hash of the whole file."""
        self.seek(self._hashed)
        while self.read(2**20):
            pass
        return self._hash.hexdigest()
