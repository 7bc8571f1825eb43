"""Cutting input into chunks: ids, sizes, bounded memory, and the same again."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from workers.core.errors import InputError
from workers.run import splitter
from workers.run.input_files import InputFile, inspect_inputs
from workers.run.splitter import split


def write(folder: Path, data: bytes, name: str = "in.jsonl") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def envelopes(*paths: Path, chunk_size: int = 10, limit: int | None = None) -> list[dict[str, Any]]:
    chunks = split(paths, chunk_size, limit)
    return [json.loads(line) for chunk in chunks for line in chunk.lines]


def test_chunks_ids_and_counts(tmp_path: Path) -> None:
    first = write(tmp_path, b'{"n":1}\n\n{"n":3}\n', "a.jsonl")
    second = write(tmp_path, b'{"n":4}\n{"n":5}', "b.jsonl")
    cut = split([first, second], 3)
    assert [(c.name, c.ids) for c in cut] == [
        ("chunk-000001", ["0:1", "0:3", "1:1"]),
        ("chunk-000002", ["1:2"]),
    ]
    assert (cut.records, cut.chunks) == (4, 2)
    assert [f.sha256 for f in cut.inputs] == [
        hashlib.sha256(path.read_bytes()).hexdigest() for path in (first, second)
    ]


def test_the_same_again_and_with_a_limit(tmp_path: Path) -> None:
    path = write(tmp_path, b"".join(b'{"n":%d}\n' % n for n in range(25)))
    inputs = inspect_inputs([path])
    assert list(split(inputs, 4)) == list(split(inputs, 4))
    cut = split(inputs, 4, limit=10)
    assert [len(chunk.lines) for chunk in cut] == [4, 4, 2]
    assert list(cut) == list(cut)
    assert cut.inputs[0].sha256 is None


MEASURE = """
import resource, sys
from workers.run.splitter import split
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before = peak()
found = [line[:100] for chunk in split([sys.argv[1]], 4) for line in chunk.lines]
print(len(found), b"line 2: longer than 16 MiB" in found[1], (peak() - before) // 1024)
"""


def test_memory_stays_bounded_on_a_100_mb_line(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    with path.open("wb") as file:
        file.write(b'{"a":0}\n{"a":"')
        for _ in range(100):
            file.write(b"x" * 2**20)
        file.write(b'"}\n{"a":1}\n')
    command = [sys.executable, "-c", MEASURE, str(path)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    records, refused, grown_mb = result.stdout.split()
    assert (records, refused) == ("3", "True")
    # macOS counts bytes where Linux counts KiB.
    grown = int(grown_mb) / (1024 if sys.platform == "darwin" else 1)
    assert grown < 60


def test_a_chunk_is_closed_when_it_gets_big(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(splitter, "MAX_CHUNK_BYTES", 250)
    path = write(tmp_path, b'{"a":"%s"}\n' % (b"x" * 80) * 7)
    assert [len(chunk.lines) for chunk in split([path], 100)] == [3, 3, 1]


def test_a_file_that_changes_while_it_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, b"{}\n" * 10)
    chunks = iter(split([path], 2))
    next(chunks)
    with path.open("ab") as file:
        file.write(b"{}\n")
    with pytest.raises(InputError, match="changed since"):
        list(chunks)


def hashed(path: Path) -> list[InputFile]:
    cut = split([path], 2)
    list(cut)
    return cut.inputs


def test_a_file_that_differs_when_read_again(tmp_path: Path) -> None:
    path = write(tmp_path, b"{}\n" * 10)
    read = hashed(path)
    stat = path.stat()
    path.write_bytes(b"[]\n" * 10)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    with pytest.raises(InputError, match="in.jsonl: changed"):
        list(split(read, 2))
