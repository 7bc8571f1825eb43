"""Encodings: told by marks, patterns and declarations; never guessed at random."""

from __future__ import annotations

import codecs
import io
import json

import pytest

from stages.sources.encodings import as_utf8, encoding_of, is_binary, is_utf8, mark_length
from tests.source_help import problems, read, records, refusal


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_encodings(encoding: str, ends: str) -> None:
    texts = ["Ein Überlauf in Acme – “Viewer”.", "Une faute très grave."]
    lines = ends.join(json.dumps({"text": text}, ensure_ascii=False) for text in texts)
    assert [one["text"] for one in records(lines.encode(encoding))] == texts


def test_a_character_of_two_bytes_is_no_line_end() -> None:
    text = "\u010a\u0a0d one\r\u0a0a two\r"  # their bytes hold 0A and 0D
    for encoding in ("utf-16-le", "utf-16-be"):
        data = text.encode(encoding)
        found = as_utf8(io.BytesIO(data), data, encoding).read().decode()
        assert found == text.replace("\r", "\n")


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


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (b"plain", "utf-8"),
        (codecs.BOM_UTF8 + b"x", "utf-8"),
        (codecs.BOM_UTF32_LE + b"x\0\0\0", "utf-32-le"),
        ("Ein Wurm.".encode("utf-16-be"), "utf-16-be"),
        ("Überlauf".encode("cp1252"), "cp1252"),
        (b'<?xml version="1.0" encoding="latin1"?><a>\xe9</a>', "iso8859-1"),
        (b'<meta charset="no-such-one">\xc3\xa9\xff', "utf-8"),
        ("é".encode() + b" but damaged \xff", "utf-8"),
    ],
)
def test_the_encoding_is_told_by_the_first_bytes(head: bytes, encoding: str) -> None:
    assert encoding_of(head, complete=True) == encoding


def test_a_character_that_is_cut_is_no_error_where_the_text_goes_on() -> None:
    cut = "naïve é".encode()[:-1]
    assert is_utf8(cut, complete=False) and not is_utf8(cut)


def test_binary_is_told_by_its_control_characters() -> None:
    assert is_binary(bytes(range(256)))
    assert not is_binary(b"\x1b[1mA log\x1b[0m\r\n\twith colours" * 9)


def test_bytes_that_are_no_text_of_their_encoding_stay_invalid() -> None:
    data = "Ein Wurm.\n".encode("utf-16-le") + b"\x00\xd8\n\0"
    found = as_utf8(io.BytesIO(data), data, "utf-16-le").read()
    assert found.startswith(b"Ein Wurm.\n") and not is_utf8(found)


def test_the_mark_goes_and_lines_of_old_macs_end_in_lf() -> None:
    data = codecs.BOM_UTF8 + b"one\rtwo"
    assert mark_length(data) == 3
    assert as_utf8(io.BytesIO(data), data, "utf-8").read() == b"one\ntwo"


@pytest.mark.parametrize(
    "declared",
    "hex rot13 base64 zip bz2 quopri uu idna punycode undefined utf-16 utf-32 unicode_escape"
    " raw_unicode_escape mbcs oem nonsense".split(),
)
def test_a_declared_codec_that_no_text_is_written_in_does_not_count(declared: str) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?><rss><channel>'.encode()
    data = head + b"<item><title>Gef\xe4hrliche L\xfccke</title></item></channel></rss>"
    assert encoding_of(data, complete=True) in ("cp1252", "utf-8")
