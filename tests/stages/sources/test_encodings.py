"""Encodings: told by marks, patterns and declarations; never guessed at random."""

from __future__ import annotations

import json

import pytest

from tests.source_help import problems, read, records, refusal


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
