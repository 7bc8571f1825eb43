"""Input files: every container gives the same records, with their numbers and places."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable

import pytest

from stages.sources.found import NotUnderstood
from stages.sources.readers import options
from stages.sources.source import Numbered, Source, message
from tests.source_help import read, records
from tests.source_samples import COMPRESS, WORM_TEXTS, WORMS, tarred, zipped, zstd

PACK: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda data: data,
    **COMPRESS,
    "two members in one gzip": lambda data: gzip.compress(data[:999]) + gzip.compress(data[999:]),
    "zero padding": lambda data: gzip.compress(data) + bytes(600),
    "zip": lambda data: zipped({"a.jsonl": data}),
    "zip, bzip2": lambda data: zipped({"a.jsonl": data}, zipfile.ZIP_BZIP2),
    "zip, lzma": lambda data: zipped({"a.jsonl": data}, zipfile.ZIP_LZMA),
    "tar": lambda data: tarred({"a.jsonl": data}),
    "tar.gz": lambda data: tarred({"a.jsonl": data}, "w:gz"),
    "tar.zst": lambda data: zstd(tarred({"a.jsonl": data})),
    "gzip in zip": lambda data: zipped({"a.jsonl.gz": gzip.compress(data)}),
    "zip in tar": lambda data: tarred({"b.zip": zipped({"a.jsonl": data})}),
    "a Mac's zip": lambda data: zipped({"a.jsonl": data, "__MACOSX/._a.jsonl": b"\0\1"}),
    "a folder": lambda data: zipped({"d/": b"", "d/a.jsonl": data}),
}


@pytest.mark.parametrize("pack", PACK.values(), ids=PACK)
def test_every_container_gives_the_same_records(pack: Callable[[bytes], bytes]) -> None:
    assert [one["text"] for one in records(pack(WORMS))] == WORM_TEXTS


def test_numbers_and_places_in_containers() -> None:
    broken = WORMS.replace(b'{"id": 3', b'{"id" 3', 1)
    (packed,) = [one for one in read(gzip.compress(broken), "a.jsonl.gz") if one.problem]
    assert (packed.number, packed.place) == (4, "line 4")
    data = zipped({"a.jsonl": broken, "b.jsonl": WORMS})
    found = read(data)
    assert [one.number for one in found] == list(range(1, 101))
    assert [one.place for one in found if one.problem] == ["a.jsonl line 4"]


def test_the_formats_of_all_documents_are_counted() -> None:
    data = zipped({"a.jsonl": WORMS, "b.jsonl": WORMS, "c.csv": b"id,text\n1,A worm.\n", "d": b""})
    source = Source(io.BytesIO(data), "in.zip", len(data), options(None, None))
    source.check_archive()
    assert [found.problem for found in source] == [None] * 101
    assert source.formats == {"jsonl": 2, "csv": 1}


def test_an_archive_is_checked_before_anything_of_it_is_read() -> None:
    data = gzip.compress(tarred({"a.jsonl": WORMS, "../b.jsonl": WORMS}))
    source = Source(io.BytesIO(data), "in.tgz", len(data), options(None, None))
    with pytest.raises(NotUnderstood, match="a path that leaves it"):
        source.check_archive()
    assert source.formats == {}


def test_a_message_names_file_and_place_in_one_printable_line() -> None:
    found = Numbered(3, "line 3\x07", problem="not valid\nJSON")
    assert message("in.jsonl", found) == "in.jsonl line 3\\x07: not valid\\nJSON"
    assert message("in.pdf", Numbered(1, "", problem="locked")) == "in.pdf: locked"


def test_a_file_without_anything_in_it_has_no_records() -> None:
    assert read(b"") == [] and read(b" \n") == [] and read(gzip.compress(b"")) == []
