"""A document as a reader is handed it: its first bytes to tell the format by, and its stream.

Knows nothing of formats.  Invariant: a text's head and stream are UTF-8 without a mark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import BinaryIO

from stages.sources.found import Found


@dataclass(frozen=True)
class Options:
    """What a person says of the input: its format, and where the records of a document are."""

    format: str | None = None
    records_at: str | None = None


AUTOMATIC = Options()


@dataclass(frozen=True)
class Head:
    """The beginning of a document; `complete` when there is no more of it."""

    name: str
    data: bytes
    complete: bool

    @cached_property
    def text(self) -> str:
        return self.data.decode("utf-8", "replace")

    @cached_property
    def begins(self) -> str:
        """The text without the blanks before it."""
        return self.text.lstrip()

    @property
    def suffix(self) -> str:
        """The name's ending in lower case: a hint, no more."""
        return PurePosixPath(self.name.lower()).suffix


@dataclass(frozen=True)
class Document:
    """One document of an input file."""

    head: Head
    stream: BinaryIO
    options: Options
    alone: bool = True  # the input file holds nothing else, so lines are numbered by it


@dataclass(frozen=True)
class Reader:
    """A format: how sure it is of a beginning (0 to 1), and what it reads.

    `sniff` may raise NotUnderstood to say what a beginning looks like that is close.
    """

    name: str
    sniff: Callable[[Head], float]
    records: Callable[[Document], Iterator[Found]]
    binary: bool = False
