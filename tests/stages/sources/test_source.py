"""Input files: every container gives the same records, with their numbers and places."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable

import pytest

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
