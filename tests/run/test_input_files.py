"""Inputs of any format: looked into before a run exists, numbered, hashed, known again."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import zipfile
from pathlib import Path

import pytest

from stages.sources.document import Options
from workers.core.errors import InputError, UsageError
from workers.run.input_files import (
    InputFile,
    check_unchanged,
    checked_options,
    inspect_inputs,
)
from workers.run.splitter import split

NOTES = [{"id": f"N-{n}", "details": f"A worm of kind {n}."} for n in range(7)]
LINES = b"".join(json.dumps({"text": note["details"]}).encode() + b"\n" for note in NOTES)


def documents(folder: Path) -> list[Path]:
    """The same seven records in four files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.jsonl", LINES)
    files = {
        "a.json": json.dumps({"items": NOTES}).encode(),
        "b.jsonl.gz": gzip.compress(LINES),
        "c.zip": packed.getvalue(),
        "d.csv": b"id,details\n" + b"".join(f"{n['id']},{n['details']}\n".encode() for n in NOTES),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in files]


def test_ids_chunks_limit_and_hashes_for_all_formats(tmp_path: Path) -> None:
    paths = documents(tmp_path)
    cut = split(paths, 3)
    chunks = list(cut)
    found = [json.loads(line) for chunk in chunks for line in chunk.lines]
    assert [one["id"] for one in found] == [f"{i}:{n}" for i in range(4) for n in range(1, 8)]
    assert [one["record"]["text"] for one in found] == [n["details"] for n in NOTES] * 4
    assert [len(chunk.lines) for chunk in chunks] == [3] * 9 + [1]
    for path, file in zip(paths, cut.inputs, strict=True):
        assert file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        assert file.size == path.stat().st_size
    assert list(split(paths, 3)) == chunks
    few = split(paths, 3, limit=9)
    assert [len(chunk.lines) for chunk in few] == [3, 3, 3]
    assert [file.sha256 is None for file in few.inputs] == [False, True, True, True]


def test_a_path_to_the_records_and_a_format(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"odd": {"place": NOTES}}))
    with pytest.raises(InputError, match="a.json: a JSON document .* names are odd.* --records-at"):
        inspect_inputs([path])
    how = Options(records_at="odd.place")
    assert sum(len(chunk.lines) for chunk in split([path], 9, options=how)) == 7
    with pytest.raises(UsageError, match="--format spreadsheet: known formats"):
        checked_options("spreadsheet", None)


def test_one_file_that_is_not_understood_refuses_all_and_one_that_is_damaged_does_not(
    tmp_path: Path,
) -> None:
    good, odd, broken = tmp_path / "g.jsonl", tmp_path / "o.png", tmp_path / "b.json"
    good.write_bytes(LINES)
    odd.write_bytes(b"\x89PNG\r\n")
    broken.write_text('{"document": {"csaf_version": "2.0", "title')
    with pytest.raises(InputError, match="o.png: looks like a picture"):
        inspect_inputs([good, odd])
    with pytest.raises(InputError, match="b.json: JSON, but damaged: it ends in the middle"):
        inspect_inputs([broken])
    found = [json.loads(line) for chunk in split([broken, good], 99) for line in chunk.lines]
    assert found[0]["id"] == "0:1" and found[0]["error"].startswith("b.json: JSON, but damaged")
    assert len([one for one in found if "record" in one]) == 7


def test_what_breaks_later_is_a_dead_letter_behind_what_was_whole(tmp_path: Path) -> None:
    import random

    path = tmp_path / "a.jsonl.gz"
    noise = random.Random(1).randbytes(300_000).hex()
    filler = json.dumps({"text": noise}).encode() + b"\n"
    whole = gzip.compress(LINES + filler * 3)
    path.write_bytes(whole[: len(whole) * 2 // 3])
    found = [json.loads(line) for chunk in split([path], 99) for line in chunk.lines]
    assert [one["id"] for one in found[:7]] == [f"0:{n}" for n in range(1, 8)]
    last = found[-1]
    assert last["error"].startswith("a.jsonl.gz: the gzip data ends in the middle, at byte")
    assert last["id"] == f"0:{len(found)}"


def test_a_record_that_outgrows_a_chunk_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.run.splitter.MAX_LINE_BYTES", 150)
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "short"}\n{"text": "%s"}\n{"text": "short"}\n' % (b"x" * 200))
    found = [json.loads(line) for chunk in split([path], 99) for line in chunk.lines]
    assert [("record" in one) for one in found] == [True, False, True]
    assert found[1]["error"].startswith("a.jsonl record 2: longer than")


def write(folder: Path, data: bytes, name: str = "in.jsonl") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def hashed(path: Path) -> list[InputFile]:
    cut = split([path], 2)
    list(cut)
    return cut.inputs


def test_inputs_that_cannot_be_used(tmp_path: Path) -> None:
    empty = write(tmp_path, b"\n \r\n", "empty.jsonl")
    good = write(tmp_path, b"{}\n", "good.jsonl")
    for paths, problem in [
        ([tmp_path / "none.jsonl"], "none.jsonl: No such file"),
        ([tmp_path], "Is a directory|not a regular file"),
        ([empty], "no records in empty.jsonl"),
        ([Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff"))], "not valid UTF-8"),
    ]:
        with pytest.raises(InputError, match=problem):
            inspect_inputs(paths)
    assert len(inspect_inputs([empty, good])) == 2


def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="not a regular file"):
        inspect_inputs([tmp_path / "pipe"])


def test_changed_inputs_are_refused_on_resume(tmp_path: Path) -> None:
    path = write(tmp_path, b"{}\n" * 10)
    unread, read = inspect_inputs([path]), hashed(path)
    check_unchanged(unread)
    check_unchanged(read)
    stat = path.stat()
    path.write_bytes(b"[]\n" * 10)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    with pytest.raises(InputError, match="in.jsonl: changed"):
        check_unchanged(read)
    path.write_bytes(b"{}\n" * 9)
    for inputs in (unread, read):
        with pytest.raises(InputError, match="changed"):
            check_unchanged(inputs)
    path.unlink()
    path.symlink_to(write(tmp_path, b"[]\n" * 10, "other"))
    with pytest.raises(InputError, match="changed"):
        check_unchanged(read)
    path.unlink()
    with pytest.raises(InputError, match="No such file"):
        check_unchanged(read)


def test_a_file_that_was_only_touched_is_not_refused(tmp_path: Path) -> None:
    path = write(tmp_path, b"{}\n")
    read = hashed(path)
    os.utime(path, ns=(0, 0))
    check_unchanged(read)
