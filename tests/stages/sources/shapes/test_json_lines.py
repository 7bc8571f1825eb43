"""Reading input lines: every line becomes a record or an error, whatever it holds."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from stages.sources.document import Head
from stages.sources.shapes import json_lines
from tests.source_help import as_json, read, records
from tests.source_samples import CVE, TEXT, nvd_entry
from workers.run.splitter import split


def write(folder: Path, data: bytes, name: str = "in.jsonl") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def envelopes(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for chunk in split([path], 10) for line in chunk.lines]


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


def test_a_terminal_sees_no_escapes_of_a_file_name(tmp_path: Path) -> None:
    path = write(tmp_path, b"{}\nbad\n", "a\x1b[31m\n.jsonl")
    envelope = envelopes(path)[1]
    assert envelope["error"].startswith("a\\x1b[31m\\n.jsonl line 2: ")


def test_nested_lines_are_read_as_in_a_document_and_flat_ones_stay_as_they_are() -> None:
    said = [{"lang": "en", "value": TEXT}]
    cve_5 = {"cveMetadata": {"cveId": CVE}, "containers": {"cna": {"descriptions": said}}}
    flat = {"id": "A-1", "title": "A note", "description": TEXT, "severity": "odd"}
    osv = {"schema_version": "1.6.0", "id": "GHSA-2222-3333-4444", "details": TEXT}
    found = records(b"\n".join(map(as_json, [nvd_entry(), cve_5, flat, osv])))
    assert [one.get("source") for one in found] == ["NVD", "CVE Program", None, None]
    assert found[2:] == [flat, osv]


@pytest.mark.parametrize(
    ("data", "name", "complete", "confidence"),
    [
        (b'{"a": 1}\n{"b": 2}\n', "x", True, 1.0),
        (b'{"a": 1}\nbroken\n', "x", True, 1.0),
        (b'broken\n{"a": 1}\n', "x", True, 0.95),
        (b'{"text": "A worm."}\n', "x", True, 0.8),
        (b'{"items": [{"text": "A worm."}]}\n', "x", True, 0.5),
        (b'{"items": [{"text": "A worm."}]}\n', "x.jsonl", True, 0.5),
        (b'{"text": "a very long li', "x.jsonl", False, 0.6),
        (b'{\n"a": 1\n}\n', "x.json", True, 0.0),
        (b"words\n", "x.jsonl", True, 0.0),
    ],
)
def test_how_sure_it_is_of_a_beginning(
    data: bytes, name: str, complete: bool, confidence: float
) -> None:
    assert json_lines.sniff(Head(name, data, complete)) == confidence


def test_a_last_line_that_goes_on_is_not_judged() -> None:
    assert json_lines.whole_lines(Head("x", b"a\n\n b\nc", complete=False)) == [b"a", b" b"]
    assert json_lines.whole_lines(Head("x", b"a\n\n b\nc", complete=True)) == [b"a", b" b", b"c"]


FLAWS = [{"cve_id": f"CVE-2031-1000{n}", "description": f"Flaw {n} of a viewer."} for n in (1, 2)]
NOTE = {"text": "A note on a worm."}
BUNDLE = {"type": "bundle", "id": "bundle--1", "objects": [
    {"type": "malware", "id": f"malware--{n}", "name": "Bear", "description": f"Worm {n}."}
    for n in (1, 2)]}  # fmt: skip


@pytest.mark.parametrize("beside", ["message", "text", "body", "results_of"])
@pytest.mark.parametrize("lines", [1, 2])
def test_a_line_that_is_a_page_gives_its_records(beside: str, lines: int) -> None:
    page = as_json({beside: "A page of two flaws", "results": FLAWS})
    found = read(b"\n".join([page] * lines), "in.jsonl")
    assert [one.number for one in found] == list(range(1, 2 * lines + 1))
    ids = [one.record["id"] for one in found if one.record]
    assert ids == ["CVE-2031-10001", "CVE-2031-10002"] * lines


def test_each_line_is_a_page_or_a_record_by_itself() -> None:
    nvd = {"vulnerabilities": [nvd_entry()]}
    report = {"id": "A-1", "text": "A report on two flaws.", "vulnerabilities": FLAWS}
    for values in ([NOTE, BUNDLE, report, nvd], [nvd, report, BUNDLE, NOTE]):
        found = read(b"\n".join(map(as_json, values)))
        got = [one.record for one in found]
        assert NOTE in got and report in got
        assert {one["id"] for one in got if one and "kind" in one} == {
            CVE, "malware--1", "malware--2"}  # fmt: skip
        assert [one.number for one in found] == [1, 2, 3, 4, 5]
    assert [one.place for one in found][:3] == ["line 1 vulnerabilities[0]", "line 2",
                                                "line 3 objects[0]"]  # fmt: skip


def test_a_record_behind_the_pages_of_a_document_is_not_lost_in_silence() -> None:
    pages = b"\n".join([as_json({"results": FLAWS})] * 60 + [as_json(NOTE)])
    assert [one.problem for one in read(pages)][-1] == "no list of records in this one"
