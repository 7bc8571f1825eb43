"""Lines of a batch file: each in the run's input once, those that begin alike side by side."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from workers.batch_file.requests import LONGEST_BYTES, check_encoding, group
from workers.core.errors import InputError


def request(custom_id: str, *texts: str) -> dict[str, Any]:
    turns = [{"role": "user", "content": text} for text in texts]
    return {"custom_id": custom_id, "url": "/v1/chat/completions", "body": {"messages": turns}}


def grouped(folder: Path, lines: list[bytes]) -> list[dict[str, Any]]:
    source, target = folder / "in.jsonl", folder / "grouped.jsonl"
    source.write_bytes(b"\n".join(lines) + b"\n")
    group(source, target)
    assert sorted(path.name for path in folder.iterdir()) == ["grouped.jsonl", "in.jsonl"]
    return [json.loads(line) for line in target.read_bytes().splitlines()]


def test_those_that_begin_alike_are_neighbours(tmp_path: Path) -> None:
    texts = [f"{document} {n}?" for document in ("Manual", "Guide", "Report") for n in range(9)]
    random.Random(1).shuffle(texts)
    lines = [json.dumps(request(text, "Be short.", text)).encode() for text in texts]
    found = grouped(tmp_path, lines)
    assert sorted(one["line"] for one in found) == list(range(1, 28))
    first_words = [json.loads(one["request"])["custom_id"].split()[0] for one in found]
    assert first_words == ["Guide"] * 9 + ["Manual"] * 9 + ["Report"] * 9
    assert all(json.loads(lines[one["line"] - 1]) == json.loads(one["request"]) for one in found)


def test_a_byte_order_mark_is_no_part_of_a_request(tmp_path: Path) -> None:
    [found] = grouped(tmp_path, [b"\xef\xbb\xbf" + json.dumps(request("a", "x")).encode()])
    assert json.loads(found["request"])["custom_id"] == "a"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_a_file_of_wide_characters_is_refused_whole(tmp_path: Path, encoding: str) -> None:
    source = tmp_path / "in.jsonl"
    text = json.dumps(request("a", "Gr\u00fc\u00dfe"), ensure_ascii=False) + "\n"
    source.write_text(text, encoding=encoding)
    with pytest.raises(InputError, match=r"in\.jsonl: is UTF-(16|32).*; batch files are UTF-8"):
        check_encoding(source)
    source.write_text(text, encoding="utf-8")
    check_encoding(source)


def test_texts_to_embed_are_grouped_as_well(tmp_path: Path) -> None:
    bodies = [{"input": text} for text in ("b", "a", ["b", "c"], "a")]
    lines = [
        json.dumps({"custom_id": str(n), "url": "/v1/embeddings", "body": body}).encode()
        for n, body in enumerate(bodies)
    ]
    found = [one["line"] for one in grouped(tmp_path, lines)]
    assert found == [2, 4, 1, 3]


def test_a_bad_line_is_a_problem_in_its_place(tmp_path: Path) -> None:
    good = json.dumps(request("a", "x")).encode()
    lines = [good, b"{", b"", b"[]", good, b'{"url": "/"}', b'{"custom_id": 3}', b"\xff", good[:-1]]
    found = {one["line"]: one for one in grouped(tmp_path, lines)}
    assert found.keys() == {1, 2, 4, 5, 6, 7, 8, 9} and "request" in found[1]
    problems = {line: one["problem"] for line, one in found.items() if "problem" in one}
    assert problems[5] == "duplicate_custom_id: custom_id: line 1 has the same one"
    assert found[5]["custom_id"] == "a" and found[2]["custom_id"] is None
    assert problems[6] == "invalid_request: custom_id: is missing"
    assert problems[7] == "invalid_request: custom_id: must be text, and not empty"
    assert all(problems[n].startswith("invalid_json_line: not ") for n in (2, 4, 8, 9))


@pytest.mark.parametrize("size", [LONGEST_BYTES + 1, 3 * LONGEST_BYTES])
def test_a_line_too_long_costs_only_itself(tmp_path: Path, size: int) -> None:
    short = json.dumps(request("a", "x")).encode()
    found = {one["line"]: one for one in grouped(tmp_path, [b"9" * size, short])}
    assert found[1]["problem"] == "invalid_json_line: longer than 7 MiB"
    assert "request" in found[2]
