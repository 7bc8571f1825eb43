"""A window on a stream: places are the stream's, and no match is missed where blocks meet."""

from __future__ import annotations

import io
import re

import pytest

from stages.sources.shapes import byte_window
from stages.sources.shapes.byte_window import ByteWindow, Hit

MARK = re.compile(rb"(<a>)|(<b>)")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of a few bytes, and records of a few hundred."""
    monkeypatch.setattr(byte_window, "BLOCK_BYTES", 3)
    monkeypatch.setattr(byte_window, "MAX_RECORD_BYTES", 2000)
    monkeypatch.setattr(byte_window, "_OVERLAP", 8)


@pytest.mark.parametrize("before", range(40))
def test_a_match_is_found_wherever_blocks_end(before: int, small: None) -> None:
    window = ByteWindow(io.BytesIO(b"." * before + b"<b>" + b"." * 5 + b"<a>"))
    assert window.search(MARK, 0) == Hit(2, before, before + 3)
    assert window.search(MARK, before + 1) == Hit(1, before + 8, before + 11)
    assert window.search(MARK, before + 9) is None and window.ended


def test_what_is_kept_can_be_sliced_when_the_window_has_moved_on(small: None) -> None:
    window = ByteWindow(io.BytesIO(b"x" * 500 + b"<a>kept" + b"y" * 500 + b"<b>"))
    start = window.search(MARK, 0)
    assert start is not None
    window.keep = start.begin
    end = window.search(MARK, start.end)
    assert end is not None and end.begin == 1007
    assert window.slice(start.begin, start.end + 4) == b"<a>kept"


@pytest.mark.parametrize(
    ("keep", "hit"), [(0, None), (200_000, Hit(1, 100_003, 100_006))], ids=["kept", "let go"]
)
def test_no_more_than_a_record_is_kept(keep: int, hit: Hit | None, small: None) -> None:
    window = ByteWindow(io.BytesIO(b"<a>" + b"z" * 100_000 + b"<b>"))
    window.keep = keep
    assert window.search(re.compile(rb"(<b>)"), 0) == hit
    assert window.ended == (hit is not None)
