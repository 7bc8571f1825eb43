"""Compressed data: cut, damaged, padded, or asking for too much memory."""

from __future__ import annotations

import gzip
import io
import lzma
import zlib

import pytest

from stages.sources.containers.compressed import Expanded, codec_of
from stages.sources.found import Damaged, NotUnderstood, SourceError
from stages.sources.limits import Budget
from tests.source_help import found_before, read, refusal
from tests.source_samples import COMPRESS, WORM_TEXTS, WORMS


@pytest.mark.parametrize("name", COMPRESS)
def test_compressed_data_cut_anywhere_gives_what_was_whole(name: str) -> None:
    whole = COMPRESS[name](WORMS * 40)
    for end in range(len(whole) // 4, len(whole) - 1, len(whole) // 7):
        try:
            found = read(whole[:end])
        except SourceError as error:
            assert "ends in the middle, at byte" in error.problem
            continue
        raise AssertionError(f"read without an error: {len(found)}")


def test_what_came_before_the_break_is_kept() -> None:
    many = WORM_TEXTS * 2000
    whole = gzip.compress(WORMS * 2000, compresslevel=0)
    texts, told = found_before(whole[: len(whole) // 2])
    assert len(texts) > 40_000 and texts == many[: len(texts)]
    assert "the gzip data ends in the middle, at byte" in told
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1  # the checksum at the end tells
    texts, told = found_before(bytes(flipped))
    assert "the gzip data is damaged" in told or len(texts) == len(many) - 1


def test_xz_that_asks_for_too_much_memory() -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 2**29}]
    data = lzma.compress(WORMS, filters=filters)
    assert "of memory" in refusal(data)


def test_zlib_is_no_gzip() -> None:
    assert refusal(zlib.compress(WORMS))


CODEC_OF = {"gz": "gzip", "bz2": "bzip2", "xz": "xz", "zst": "zstd"}


@pytest.mark.parametrize("name", COMPRESS)
def test_a_codec_is_told_by_its_magic_and_gives_the_bytes_back(name: str) -> None:
    packed = COMPRESS[name](WORMS)
    assert codec_of(packed) == CODEC_OF[name]
    budget = Budget(len(WORMS))
    expanded = io.BufferedReader(Expanded(io.BytesIO(packed), CODEC_OF[name], budget))
    assert expanded.read() == WORMS and budget.left == 0


@pytest.mark.parametrize("data", [b"", b"\x1f", b"plain", b"PK\x03\x04"])
def test_what_is_not_compressed(data: bytes) -> None:
    assert codec_of(data) is None


@pytest.mark.parametrize("name", COMPRESS)
def test_no_more_is_expanded_than_the_budget_allows(name: str) -> None:
    packed = io.BytesIO(COMPRESS[name](b" " * 2**22))
    expanded = io.BufferedReader(Expanded(packed, CODEC_OF[name], Budget(2**20)))
    with pytest.raises(NotUnderstood, match="decompression bomb"):
        expanded.read()


def test_something_else_behind_a_stream_is_damage() -> None:
    expanded = Expanded(io.BytesIO(gzip.compress(b"one") + b"two"), "gzip", Budget(100))
    with pytest.raises(Damaged, match="something else follows the gzip data"):
        io.BufferedReader(expanded).read()
