"""Reading input lines: every line becomes a record or an error, whatever it holds."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from stages.sources.shapes import json_lines
from workers.core.errors import InputError
from workers.run.input_files import InputFile, check_unchanged, inspect_inputs
from workers.run.splitter import split


def write(folder: Path, data: bytes, name: str = "in.jsonl") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def envelopes(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for chunk in split([path], 10) for line in chunk.lines]


def hashed(path: Path) -> list[InputFile]:
    cut = split([path], 2)
    list(cut)
    return cut.inputs


DEEP = b'{"a":' * 10_000 + b"1" + b"}" * 10_000
HOSTILE: list[tuple[bytes, Any]] = [
    (b'{"a":1}', {"a": 1}),
    (b'{"a":1}\r', {"a": 1}),
    ('{"a":"x\u2028y\u2029\x85"}'.encode(), {"a": "x\u2028y\u2029\x85"}),
    (b'{"a":"\\u0000"}', {"a": "\x00"}),
    (b'{"id":"same"}', {"id": "same"}),
    (b'{"id":"same"}', {"id": "same"}),
    (b'{"a":1,"a":2}', {"a": 2}),
    (b'{"a":18446744073709551615}', {"a": 2**64 - 1}),
    (b'{"a":"123456789012345678901234567890"}', {"a": "123456789012345678901234567890"}),
    (b"{}", {}),
    (b'  {"a": 1}  ', {"a": 1}),
    (b"nonsense", "not valid JSON"),
    (b'{"a":NaN}', "not valid JSON"),
    (b'{"a":Infinity}', "not valid JSON"),
    (b'{"a":1e999}', "not valid JSON"),
    (b'{"a":"\xff\xfe"}', "not valid JSON"),
    (b'{"a":"\\ud800"}', "not valid JSON"),
    (b'{"a":"\x00"}', "not valid JSON"),
    (b"\x00\x00\x00", "not valid JSON"),
    (b'{"a":1} {"b":2}', "not valid JSON"),
    (b'\xef\xbb\xbf{"a":1}', "not valid JSON"),
    (b"[1,2]", "not a JSON object"),
    (b'"text"', "not a JSON object"),
    (b"null", "not a JSON object"),
    (DEEP, "not valid JSON"),
    (b"[" * 10_000, "not valid JSON"),
    (b'{"a":' * 200 + b"1" + b"}" * 200, "nested more than 128 levels"),
    (b'{"a":18446744073709551616}', "an integer of 20 digits"),
    (b'{"a":[1,-9223372036854775809]}', "an integer"),
    (b'{"a":' + b"9" * 300 + b"}", "an integer of 300 digits"),
    (b'{"a":' + b"9" * 5000 + b"}", "not valid JSON"),
]


def test_hostile_lines_pass_unharmed_or_name_file_and_line(tmp_path: Path) -> None:
    path = write(tmp_path, b"\xef\xbb\xbf" + b"\n".join(line for line, _ in HOSTILE) + b"\n")
    found = envelopes(path)
    assert [e["id"] for e in found] == [f"0:{n}" for n in range(1, len(HOSTILE) + 1)]
    for number, (envelope, (line, expected)) in enumerate(zip(found, HOSTILE, strict=True), 1):
        if isinstance(expected, dict):
            assert envelope["record"] == expected, line[:60]
        else:
            assert "record" not in envelope, line[:60]
            assert envelope["error"].startswith(f"in.jsonl line {number}: {expected}"), line[:60]
            assert envelope["error"].isprintable()


def test_blank_lines_are_no_records_but_count_as_lines(tmp_path: Path) -> None:
    path = write(tmp_path, b"\n\r\n  \t \n\xef\xbb\xbf\n{}\r\n\n{}")
    assert [(e["id"], "record" in e) for e in envelopes(path)] == [
        ("0:4", False),
        ("0:5", True),
        ("0:7", True),
    ]


@pytest.mark.parametrize("end", [b"\n{}\n", b"\r\n{}", b"\n", b"\r\n", b""])
@pytest.mark.parametrize("extra", [0, 1, 2, 3, 2000])
def test_the_bound_of_a_line(
    tmp_path: Path, extra: int, end: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_lines, "MAX_RECORD_BYTES", 1000)
    monkeypatch.setattr(json_lines, "BLOCK_BYTES", 64)
    line = b'{"a":"' + b"x" * (1000 - 8 + extra) + b'"}'
    path = write(tmp_path, b"{}\n" + line + end)
    cut = split([path], 10)
    found = [json.loads(line) for chunk in cut for line in chunk.lines][1:]
    assert ("record" in found[0]) == (extra == 0)
    assert [e["id"] for e in found[1:]] == (["0:3"] if b"{}" in end else [])
    assert cut.inputs[0].sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


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


def test_a_terminal_sees_no_escapes_of_a_file_name(tmp_path: Path) -> None:
    path = write(tmp_path, b"{}\nbad\n", "a\x1b[31m\n.jsonl")
    envelope = envelopes(path)[1]
    assert envelope["error"].startswith("a\\x1b[31m\\n.jsonl line 2: ")


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
