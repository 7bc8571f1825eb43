"""Containers and encodings: every one gives the same records; hostile ones are refused."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable

import pytest
import zstandard

from stages.sources.found import SourceError
from stages.sources.limits import Budget
from tests.source_help import problems, read, records, refusal

LINES = "".join(json.dumps({"id": n, "text": f"A worm of kind {n}."}) + "\n" for n in range(50))
TEXTS = [f"A worm of kind {n}." for n in range(50)]
DATA = LINES.encode()


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def tarred(members: dict[str, bytes], mode: str = "w:") -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstd,
}
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
    assert [one["text"] for one in records(pack(DATA))] == TEXTS


def test_numbers_and_places_in_containers() -> None:
    broken = DATA.replace(b'{"id": 3', b'{"id" 3', 1)
    (packed,) = [one for one in read(gzip.compress(broken), "a.jsonl.gz") if one.problem]
    assert (packed.number, packed.place) == (4, "line 4")
    data = zipped({"a.jsonl": broken, "b.jsonl": DATA})
    found = read(data)
    assert [one.number for one in found] == list(range(1, 101))
    assert [one.place for one in found if one.problem] == ["a.jsonl line 4"]


@pytest.mark.parametrize("name", COMPRESS)
def test_compressed_data_cut_anywhere_gives_what_was_whole(name: str) -> None:
    whole = COMPRESS[name](DATA * 40)
    for end in range(len(whole) // 4, len(whole) - 1, len(whole) // 7):
        try:
            found = read(whole[:end])
        except SourceError as error:
            assert "ends in the middle, at byte" in error.problem
            continue
        raise AssertionError(f"read without an error: {len(found)}")


def found_before(data: bytes) -> tuple[list[str], str]:
    """Texts that came before the source broke, and what it said."""
    from stages.sources.readers import options
    from stages.sources.source import Source

    texts: list[str] = []
    try:
        for one in Source(io.BytesIO(data), "x", len(data), options(None, None)):
            texts += [one.record["text"]] if one.record else []
    except SourceError as error:
        return texts, error.problem
    return texts, ""


def test_what_came_before_the_break_is_kept() -> None:
    many = TEXTS * 2000
    whole = gzip.compress(DATA * 2000, compresslevel=0)
    texts, told = found_before(whole[: len(whole) // 2])
    assert len(texts) > 40_000 and texts == many[: len(texts)]
    assert "the gzip data ends in the middle, at byte" in told
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1  # the checksum at the end tells
    texts, told = found_before(bytes(flipped))
    assert "the gzip data is damaged" in told or len(texts) == len(many) - 1


def test_a_bad_member_costs_itself() -> None:
    data = zipped({"a.jsonl": DATA, "b.bin": bytes(range(256)) * 9, "c.md": b"# Bear\n\nA worm."})
    assert len([one for one in read(data) if one.record]) == 51
    assert problems(data)[0].startswith("b.bin: looks like binary data")
    tar = tarred({"a.jsonl": DATA, "b.jsonl": DATA})
    texts, told = found_before(tar[: len(tar) // 2])
    assert len(texts) >= 50 and "archive" in told or "ends" in told


@pytest.mark.parametrize("name", ["../up.jsonl", "/abs.jsonl", "a/../../b", "C:\\x", "..\\up"])
@pytest.mark.parametrize("pack", [zipped, tarred, lambda m: tarred(m, "w:gz")])
def test_paths_that_leave_an_archive(name: str, pack: Callable[[dict[str, bytes]], bytes]) -> None:
    told = refusal(pack({"a.jsonl": DATA, name: DATA}))
    assert "a path that leaves it" in told


def test_names_that_are_there_twice() -> None:
    file = io.BytesIO()
    with pytest.warns(UserWarning), zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.jsonl", DATA)
        archive.writestr("a.jsonl", DATA)
    assert "two members of one name (a.jsonl)" in refusal(file.getvalue())
    tar = tarred({"a.jsonl": DATA, "b.jsonl": DATA})
    twice = tarred({"a.jsonl": DATA})[: 512 + len(DATA) + -len(DATA) % 512] + tar
    assert "two members of one name (a.jsonl)" in refusal(twice)


def test_a_password_protected_zip() -> None:
    data = bytearray(zipped({"a.jsonl": DATA}))
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.index(mark) + at] |= 1
    assert "password-protected archive" in refusal(bytes(data))


@pytest.mark.parametrize("name", [*COMPRESS, "zip", "zip in gz", "nested"])
def test_bombs_are_refused_within_bounds(name: str) -> None:
    spaces = b" " * (80 * 2**20)
    if name in COMPRESS:
        bomb = COMPRESS[name](b'{"items": [' + spaces)
    elif name == "zip":
        bomb = zipped({"a.json": b'{"items": [' + spaces})
    elif name == "zip in gz":
        bomb = gzip.compress(zipped({"a.json": b'{"items": [' + spaces}))
    else:
        bomb = DATA
        for _ in range(6):
            bomb = gzip.compress(bomb)
    told = refusal(bomb)
    expected = "within one another" if name == "nested" else "like a decompression bomb"
    assert expected in told


def test_an_honest_file_may_expand_a_lot() -> None:
    assert Budget.for_size(10).left == 64 * 2**20
    assert Budget.for_size(2**30).left == 500 * 2**30
    assert len(records(gzip.compress(DATA * 100))) == 5000


def test_xz_that_asks_for_too_much_memory() -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 2**29}]
    data = lzma.compress(DATA, filters=filters)
    assert "of memory" in refusal(data)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_encodings(encoding: str, ends: str) -> None:
    texts = ["Ein Überlauf in Acme – “Viewer”.", "Une faute très grave."]
    lines = ends.join(json.dumps({"text": text}, ensure_ascii=False) for text in texts)
    if ends == "\r" and encoding.startswith("utf-16"):
        pytest.skip("a line's end of old Macs is not looked for in UTF-16")
    assert [one["text"] for one in records(lines.encode(encoding))] == texts


def test_a_declared_encoding_counts() -> None:
    head = "<?xml version='1.0' encoding='koi8-r'?><rss><channel>"
    text = f"{head}<item><title>Червь</title></item></channel></rss>"
    (found,) = records(text.encode("koi8-r"))
    assert found["title"] == "Червь"


def test_text_of_no_known_encoding_is_not_guessed() -> None:
    assert "not valid UTF-8" in refusal(
        "日本語の攻撃についての文章です。".encode("shift_jis"), "a.txt"
    )


def test_surrogates_of_utf_16_cost_their_line() -> None:
    raw = "\n".join(['{"text": "one"}', '{"text": "X"}', '{"text": "two"}']).encode("utf-16")
    broken = raw.replace("X".encode("utf-16-le"), b"\x00\xd8")
    assert [one.record["text"] for one in read(broken) if one.record] == ["one", "two"]
    assert problems(broken)[0].startswith("line 2: not valid JSON")


def test_zlib_is_no_gzip() -> None:
    assert refusal(zlib.compress(DATA))
