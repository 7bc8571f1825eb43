"""Splits input files into chunks of envelopes, in one pass and bounded memory.

Knows inputs and envelopes; does not publish.  Invariant: the same files and settings give
the same chunks, so an interrupted split is repeated and what exists is skipped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from stages.sources.document import AUTOMATIC, Options
from stages.sources.source import message
from workers.queue.chunk_names import ChunkName
from workers.queue.envelopes import Envelope, parse_envelopes
from workers.run.input_files import InputFile, InputRecords, inspect_inputs
from workers.run.marks import Marks
from workers.settings.shard import Shard

# A chunk is closed early at this size: a worker holds a whole chunk in memory.
MAX_CHUNK_BYTES = 64 * 2**20
ALL = Shard()
MAX_LINE_BYTES = 48 * 2**20  # a record and its original, each of which may have 16 MiB


@dataclass(frozen=True)
class SplitChunk:
    """A chunk that is ready to be published: its name and its envelopes' lines."""

    name: str
    lines: list[bytes]

    @property
    def ids(self) -> list[str]:
        """Of its records, in their order."""
        return [envelope.id for envelope in parse_envelopes(b"".join(self.lines), self.name)]


class Splitter:
    """Iterates over the chunks of the inputs.

    `records` and `chunks` count what was yielded so far; `inputs` has the hash of every
    file that was read to its end.
    """

    def __init__(
        self,
        inputs: Sequence[InputFile],
        chunk_size: int,
        limit: int | None = None,
        options: Options = AUTOMATIC,
        marked_in: Path | None = None,
        shard: Shard = ALL,
    ) -> None:
        self.inputs = list(inputs)
        self.records = 0
        self.chunks = 0
        self._chunk_size = chunk_size
        self._limit = limit
        self._options = options
        self._marked_in = marked_in
        self._shard = shard

    def __iter__(self) -> Iterator[SplitChunk]:
        """Start at the first record.  Raises InputError when a file changes meanwhile."""
        self.records = self.chunks = 0
        lines: list[bytes] = []
        size = 0
        for line in self._envelope_lines():
            lines.append(line)
            size += len(line)
            if len(lines) >= self._chunk_size or size >= MAX_CHUNK_BYTES:
                yield self._chunk(lines)
                lines, size = [], 0
        if lines:
            yield self._chunk(lines)

    def _chunk(self, lines: list[bytes]) -> SplitChunk:
        self.chunks += 1
        self.records += len(lines)
        return SplitChunk(str(ChunkName(self.chunks)), lines)

    def _envelope_lines(self) -> Iterator[bytes]:
        yielded = 0
        marks = Marks(self._marked_in) if self._marked_in is not None else None
        for index, source in enumerate(self.inputs):
            records = InputRecords(source, self._options)
            for found in records:
                if self._limit is not None and yielded >= self._limit:
                    return
                error = None if found.problem is None else message(source.shown, found)
                envelope = Envelope(f"{index}:{found.number}", found.record, error)
                envelope = envelope if marks is None else _marked(envelope, marks)
                if self._shard.has(envelope.id):
                    yield _line(envelope, source)
                yielded += 1
            self.inputs[index] = records.source


def _marked(envelope: Envelope, marks: Marks) -> Envelope:
    """The envelope with what is known of duplicates; a problem is none."""
    if envelope.record is None:
        return envelope
    mark = marks.of(envelope.id)
    duplicate = None if mark.duplicate is None else mark.duplicate.to_json()
    return Envelope(envelope.id, mark.applied(envelope.record), duplicate=duplicate)


def _line(envelope: Envelope, source: InputFile) -> bytes:
    """The envelope's line; a record that JSON can't hold becomes an error that says so."""
    try:
        line = envelope.to_bytes()
        if len(line) <= MAX_LINE_BYTES:
            return line
        problem = f"longer than {MAX_LINE_BYTES // 2**20} MiB"
    except (TypeError, ValueError) as error:
        problem = f"can't be written as JSON: {error}"
    place = envelope.id.partition(":")[2]
    return Envelope(envelope.id, error=f"{source.shown} record {place}: {problem}").to_bytes()


def split(
    inputs: Sequence[InputFile | str | Path],
    chunk_size: int,
    limit: int | None = None,
    options: Options = AUTOMATIC,
    marked_in: Path | None = None,
    shard: Shard = ALL,
) -> Splitter:
    """The chunks of some inputs: `for chunk in split(...)`.

    marked_in: the folder in which it stands what duplicates there are; None: none are looked for.
    shard: the part of the input to take; `limit` is of the whole.
    """
    paths = [source for source in inputs if not isinstance(source, InputFile)]
    inspected = iter(inspect_inputs(paths, options) if paths else [])
    known = [source if isinstance(source, InputFile) else next(inspected) for source in inputs]
    return Splitter(known, chunk_size, limit, options, marked_in, shard)
