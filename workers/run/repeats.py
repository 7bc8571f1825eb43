"""Looks for duplicates in the whole input before it is split, and writes down what it found.

The input is read once for a row of each record in a table on disk; where records are joined by
their ids, once more for their fields.  Knows inputs and tables; splits nothing.  Invariant: what
was found is in the run's folder before the first chunk is, so a resumed split decides the same.
"""

from __future__ import annotations

import shutil
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from stages import ALL_STAGES
from stages.base import Record
from stages.data_filter.in_force import not_in_force
from stages.sources.document import Options
from stages.sources.joined import may_join, name_of
from stages.text.part_mark import as_given
from stages.text.record_text import read_record
from workers.core import files
from workers.run.input_files import InputFile, InputRecords, reading_options
from workers.run.marks import DUPLICATES, JOINED, DuplicateOf
from workers.run.run_folder import RunFolder
from workers.settings.config import RunConfig

if TYPE_CHECKING:
    import numpy as np

    from stages.similar.search import Repeat

BLOCK = 256
_LARGE_BYTES = 64 * 2**20
_WORK = "repeats.work"  # what a crash leaves there, the next look clears away


@dataclass(frozen=True)
class Search:
    """What to look through, and from which similarity on texts are near duplicates."""

    inputs: Sequence[InputFile]
    options: Options
    threshold: float
    limit: int | None = None

    def records(self) -> Iterator[tuple[int, int, Record]]:
        """File, number and record of what can be read."""
        found = (
            (index, one)
            for index, source in enumerate(self.inputs)
            for one in InputRecords(source, self.options)
        )
        for index, one in islice(found, self.limit):
            if one.record is not None:
                yield index, one.number, one.record


def is_wanted(config: RunConfig) -> bool:
    """Whether a run looks for duplicates: where its input is what people have, and not what an
    earlier stage made of it."""
    return not config.no_dedup and config.stages[0] == ALL_STAGES[0]


def notice(run: RunFolder) -> str:
    """What to tell a person who waits for the first chunk of a large input; empty for others."""
    size = sum(source.size for source in run.manifest.inputs)
    looked = run.manifest.split.complete or is_done(run.path)
    if looked or size < _LARGE_BYTES or not is_wanted(run.config):
        return ""
    return f"looking for duplicates in {size // 2**20} MB of input first; --no-dedup skips this"


def search_of(run: RunFolder) -> Search:
    """What to look through in a run."""
    config = run.config
    return Search(
        run.manifest.inputs, reading_options(config), config.dedup_threshold, config.limit
    )


def is_done(folder: Path) -> bool:
    """Whether a run's duplicates were looked for."""
    return (folder / DUPLICATES).exists()


def look(search: Search, folder: Path) -> Generator[None, None, None]:
    """Write both files into a run's folder; yields now and then, so that the caller can stop.

    Raises InputError when a file changes meanwhile.
    """
    work = folder / _WORK
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        table = yield from _tabulated(search, work)
        found = _RepeatFiles(table, search)
        yield
        yield from found.write_joined(work, folder / JOINED)
        files.publish(folder / DUPLICATES, found.lines())  # last: it says that all is done
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _tabulated(search: Search, work: Path) -> Generator[None, None, np.ndarray]:
    """The table of the input's records."""
    from stages.similar.table import TableWriter

    writer = TableWriter(work / "table", row_type())
    try:
        for rows in rows_of(search.records()):
            writer.append(rows)
            yield
        return writer.finished()
    finally:
        writer.close()


def row_type() -> np.dtype[Any]:
    """What a record's row holds."""
    import numpy as np

    from stages.similar.table import SKETCH

    return np.dtype([*SKETCH, ("file", np.uint32), ("number", np.uint64)])


def rows_of(records: Iterable[tuple[int, int, Record]]) -> Iterator[np.ndarray]:
    """The rows of records, some at a time: file, number and record of each."""
    from stages.similar.signatures import blocks

    read = ((*one, _text_in_force(one[2])) for one in records)
    row = row_type()
    for block in blocks(read, lambda one: len(one[3])):
        yield _rows(block, row)


def _text_in_force(record: Record) -> str:
    """What a record says; empty for one that was taken back, since the filter removes it and it
    would take along whatever repeats it."""
    read = read_record(record)
    return "" if not_in_force(as_given(record), read) else read.text


def how_of(one: Repeat) -> str:
    """Why a record is a repeat: exact, id, or near."""
    return "exact" if one.similarity == 1 else "id" if one.joined else "near"


def _rows(block: Sequence[tuple[int, int, Record, str]], row: Any) -> np.ndarray:
    import numpy as np

    from stages.similar.signatures import digest, sketch

    rows = np.zeros(len(block), row)
    rows["file"] = [index for index, *_ in block]
    rows["number"] = [number for _, number, *_ in block]
    texts = [text for *_, text in block]
    found = sketch(texts)
    rows["signature"] = found.signatures
    rows["tellable"] = found.tellable & np.array([bool(text) for text in texts])
    # What has no text repeats nothing, and ends in the first stage with a reason of its own.
    rows["digest"] = [
        made if text else digest(f"\0{index}:{number}")
        for made, text, (index, number, *_) in zip(found.digests, texts, block, strict=True)
    ]
    records = [record for _, _, record, _ in block]
    names = [name_of(record) if text else "" for record, text in zip(records, texts, strict=True)]
    rows["own"] = [digest(name) if name else 0 for name in names]
    rows["joins"] = [may_join(record) for record in records]
    return rows


class _RepeatFiles:
    """The repeats of a table, and the files that are made of them."""

    def __init__(self, table: np.ndarray, search: Search) -> None:
        from stages.similar.search import repeats

        self._table = table
        self._search = search
        self._repeats = list(repeats(table, search.threshold))

    def lines(self) -> Iterator[bytes]:
        """A line for each record that goes, in the order of the input."""
        for one in self._repeats:
            kept = DuplicateOf(self._id(one.of), how_of(one), one.similarity, self._place(one.of))
            yield orjson.dumps({"id": self._id(one.row), **kept.to_json()}) + b"\n"

    def _id(self, row: int) -> str:
        return f"{int(self._table['file'][row])}:{int(self._table['number'][row])}"

    def _place(self, row: int) -> str:
        """The kept record in words."""
        source = self._search.inputs[int(self._table["file"][row])]
        return f"{source.shown} record {int(self._table['number'][row])}"

    def write_joined(self, work: Path, target: Path) -> Iterator[None]:
        """What records add to those that stay: spooled as it is read, then in their order."""
        wanted = [one for one in self._repeats if one.joined]
        if not wanted:
            files.publish(target, b"")
            return
        spool = work / "joined"
        places = yield from self._spooled(wanted, spool)
        files.publish(target, self._sorted(spool, places))

    def _spooled(
        self, wanted: list[Repeat], spool: Path
    ) -> Generator[None, None, list[tuple[int, int]]]:
        """Where each line of the spool is, by the row of the record that it is joined to."""
        places: list[tuple[int, int]] = []
        left = iter(wanted)
        one = next(left, None)
        with spool.open("wb") as file:
            for row, (_, _, record) in enumerate(self._search.records()):
                if row % BLOCK == 0:
                    yield
                if one is None or one.row != row:
                    continue
                if line := self._addition(one, record):
                    places.append((one.of, file.tell()))
                    file.write(line)
                one = next(left, None)
        return places

    def _addition(self, one: Repeat, record: Record) -> bytes:
        """The line of what a record adds; empty for one that JSON can't hold."""
        said = {name: value for name, value in record.items() if name != "original"}
        alike = one.similarity >= self._search.threshold
        try:
            return orjson.dumps({"id": self._id(one.of), "alike": alike, "record": said}) + b"\n"
        except (TypeError, ValueError):
            return b""

    @staticmethod
    def _sorted(spool: Path, places: list[tuple[int, int]]) -> Iterator[bytes]:
        with spool.open("rb") as file:
            for _, place in sorted(places):
                file.seek(place)
                yield file.readline()
