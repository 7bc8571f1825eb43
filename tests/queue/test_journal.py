"""The journal: a torn tail is cut, damage before it is named, and nothing torn is accepted."""

from __future__ import annotations

import errno
import os
import resource
import signal
import zlib
from pathlib import Path

import pytest

from stages.base import Result
from tests.forked import Child
from workers.core.errors import JournalError
from workers.queue.journal import Journal, JournalContents, encode_line, read_journal
from workers.queue.journal_entries import (
    ChunkReleased,
    JournalEntry,
    OutcomeRecorded,
    RecordsBegun,
    SessionStarted,
)
from workers.queue.sealed import SealedLine

ENTRIES: list[JournalEntry] = [
    SessionStarted("w1"),
    RecordsBegun(("0:1",)),
    OutcomeRecorded(SealedLine("0:1", Result({"n": "é"}))),
]
ZERO, ONE, TWO = (SessionStarted(f"w{n}") for n in range(3))


def write(path: Path, entries: list[JournalEntry]) -> bytes:
    journal = Journal(path)
    for entry in entries:
        journal.append(entry)
    journal.sync()
    journal.close()
    return path.read_bytes()


def test_reads_what_was_appended(tmp_path: Path) -> None:
    write(tmp_path / "j", ENTRIES)
    assert read_journal(tmp_path / "j").entries == ENTRIES
    assert Journal(tmp_path / "j").entries == ENTRIES


def test_torn_at_every_byte_of_the_last_line(tmp_path: Path) -> None:
    path = tmp_path / "j"
    data = write(path, ENTRIES)
    last = len(encode_line(ENTRIES[-1]))
    for cut in range(1, last + 1):
        path.write_bytes(data[:-cut])
        journal = Journal(path)
        assert journal.entries == ENTRIES[:-1]
        journal.append(ChunkReleased())
        journal.close()
        assert read_journal(path).entries == [*ENTRIES[:-1], ChunkReleased()]


def test_every_flipped_byte_of_the_last_line_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "j"
    data = write(path, ENTRIES)
    start = len(data) - len(encode_line(ENTRIES[-1]))
    for at in range(start, len(data)):
        for bit in (1, 0x20, 0x80):
            path.write_bytes(data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :])
            assert read_journal(path).entries == ENTRIES[:-1]


def test_every_damaged_byte_before_the_tail_is_refused_and_named(tmp_path: Path) -> None:
    path = tmp_path / "j"
    data = write(path, ENTRIES)
    ends = [len(encode_line(ENTRIES[0])), len(encode_line(ENTRIES[0]) + encode_line(ENTRIES[1]))]
    for at in range(ends[1]):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        before = path.read_bytes()
        line = 1 if at < ends[0] else 2
        with pytest.raises(JournalError, match=f"{path} line {line}:"):
            Journal(path)
        assert path.read_bytes() == before


def test_a_hole_of_zeros_at_the_end_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "j"
    data = write(path, ENTRIES)
    path.write_bytes(data + bytes(4096))
    assert Journal(path).entries == ENTRIES
    assert path.read_bytes() == data


def test_full_disk_tears_nothing_and_appending_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "j"

    def work(say: object) -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        journal = Journal(path)
        journal.append(ZERO)
        for limit in range(len(encode_line(ZERO)), 2 * len(encode_line(ONE))):
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
            with pytest.raises(OSError) as caught:
                journal.append(ONE)
            assert caught.value.errno == errno.EFBIG
            assert str(path) in str(caught.value)
            assert read_journal(path).entries == [ZERO]
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        journal.append(ONE)

    assert Child(work).wait() == 0
    assert read_journal(path).entries == [ZERO, ONE]


def test_a_tail_that_could_not_be_cut_is_cut_before_the_next_append(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path / "j")
    journal.append(ZERO)
    real_write, real_cut = os.write, os.ftruncate

    def torn(fd: int, data: bytes) -> int:
        real_write(fd, bytes(data)[:5])
        raise OSError(errno.ENOSPC, "full")

    def broken(fd: int, size: int) -> None:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "write", torn)
    monkeypatch.setattr(os, "ftruncate", broken)
    with pytest.raises(OSError, match="No space"):
        journal.append(ONE)
    monkeypatch.setattr(os, "write", real_write)
    monkeypatch.setattr(os, "ftruncate", real_cut)
    journal.append(TWO)
    assert read_journal(tmp_path / "j").entries == [ZERO, TWO]


def test_a_failed_sync_is_never_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path / "j")
    journal.append(ZERO)

    def broken(fd: int) -> None:
        raise OSError(errno.EIO, "broken")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", broken)
        with pytest.raises(OSError, match="Input/output error"):
            journal.sync()
    for step in (journal.sync, lambda: journal.append(ONE)):
        with pytest.raises(JournalError, match="an earlier fsync failed"):
            step()


def test_a_journal_cut_under_the_writer_is_noticed(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j")
    journal.append(ZERO)
    os.truncate(tmp_path / "j", 3)
    with pytest.raises(JournalError, match="truncated to 3 bytes"):
        journal.append(ONE)


def test_a_whole_line_that_is_no_entry_is_refused_by_line(tmp_path: Path) -> None:
    path = tmp_path / "j"
    write(path, ENTRIES)
    for body in (b'{"t":"later"}', b"{}", b'{"t":"begin","ids":"0:1"}', b'{"t":"outcome"}'):
        path.write_bytes(encode_line(ENTRIES[0]) + b"%08x %s\n" % (zlib.crc32(body), body))
        before = path.read_bytes()
        with pytest.raises(JournalError, match=f"{path} line 2: "):
            Journal(path)
        assert path.read_bytes() == before


def test_a_sync_without_news_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(tmp_path / "journal")
    synced: list[int] = []
    monkeypatch.setattr("workers.queue.journal.sync_fd", synced.append)
    for expected in (1, 1, 2):
        if expected != len(synced):
            journal.append(SessionStarted("w1"))
        journal.sync()
        assert len(synced) == expected
    journal.close()


def test_what_was_read_before_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "j"
    write(path, ENTRIES[:2])
    before = read_journal(path)
    data = write(path, ENTRIES[2:])
    path.write_bytes(data[:-1])
    assert read_journal(path, before.good_bytes) == JournalContents([], before.good_bytes)
    path.write_bytes(data)
    after = read_journal(path, before.good_bytes)
    assert after == JournalContents(ENTRIES[2:], len(data))
    path.write_bytes(data.replace(b'"0:1"', b'"0:2"') + encode_line(ZERO))
    with pytest.raises(JournalError, match=r"j line 3: damaged"):
        read_journal(path, before.good_bytes)
