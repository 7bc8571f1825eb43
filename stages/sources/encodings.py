"""Tells the encoding of a text by its first bytes, and hands the text on as UTF-8 with LF or CRLF.

Knows byte order marks, the patterns of UTF-16 and UTF-32, declared names and what
charset-normalizer makes of the rest; knows nothing of formats.  Invariant: bytes that are no
text of the encoding stay invalid, so that only the record they are in is lost.
"""

from __future__ import annotations

import codecs
import io
import re
from typing import Any, BinaryIO

from stages.sources.found import Damaged
from stages.sources.limits import BLOCK_BYTES

UTF_8 = "utf-8"
_MARKS = (
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HIGH = re.compile(rb"[\x80-\xff]")
_VALID_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_DECLARED = re.compile(
    rb"""(?:<\?xml[^>]{0,200}?\bencoding|<meta[^>]{0,200}?\bcharset)\s*=\s*["']?([A-Za-z0-9._-]{1,40})""",
    re.IGNORECASE,
)
_NO_ENCODINGS = frozenset(
    "unicode_escape unicode-escape raw_unicode_escape raw-unicode-escape mbcs oem idna punycode"
    " undefined utf-16 utf-32 utf-7".split()
)
_SAMPLE_BYTES = 2**15
_MOST_CONTROLS = 0.02  # share of control characters in what still is a text


def encoding_of(head: bytes, complete: bool) -> str:
    """The name of a text's encoding, as Python knows it."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if wide := _wide(head):
        return wide
    if is_utf8(head, complete):
        return UTF_8
    return _declared(head) or _guessed(head)


def mark_length(head: bytes) -> int:
    """How many bytes of a byte order mark a text begins with."""
    return next((len(mark) for mark, _ in _MARKS if head.startswith(mark)), 0)


def is_utf8(data: bytes, complete: bool = True) -> bool:
    """Whether bytes are UTF-8; the last character of those that go on may be cut."""
    try:
        codecs.getincrementaldecoder(UTF_8)().decode(data, complete)
    except UnicodeDecodeError:
        return False
    return True


def is_binary(head: bytes) -> bool:
    """Whether what was decoded to UTF-8 is hardly a text: too many control characters."""
    sample = head[:_SAMPLE_BYTES]
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in sample)
    return controls > _MOST_CONTROLS * len(sample)


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: every other byte of mostly Latin text is zero."""
    sample = head[: _SAMPLE_BYTES & ~1]
    if len(sample) < 4:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * half and odd < 0.05 * half else ""


def _declared(head: bytes) -> str:
    match = _DECLARED.search(head[:2048])
    if match is None:
        return ""
    try:
        codec = codecs.lookup(match[1].decode("ascii"))
        # Codecs of bytes (hex, zip), and those that decode nothing a page is written in.
        if not codec._is_text_encoding or codec.name in _NO_ENCODINGS:
            return ""
        codecs.getincrementaldecoder(codec.name)("surrogateescape").decode(head)
    except (LookupError, UnicodeError):
        return ""
    return codec.name


def _guessed(head: bytes) -> str:
    """cp1252 where it is plainly meant, else UTF-8, of which some bytes are then invalid.

    Bytes that do form UTF-8 characters say that it is UTF-8, damaged.
    """
    if _VALID_MULTIBYTE.search(head):
        return UTF_8
    lines = [line for line in head[:_SAMPLE_BYTES].split(b"\n") if _HIGH.search(line)]
    from charset_normalizer import from_bytes

    best = from_bytes(b"\n".join(lines), cp_isolation=["cp1252"], threshold=0.1).best()
    return UTF_8 if best is None or best.encoding != "cp1252" else "cp1252"


def as_utf8(stream: BinaryIO, head: bytes, encoding: str) -> BinaryIO:
    """The stream, which begins with `head`, as UTF-8 with lines that end in LF or CRLF."""
    stream.read(mark_length(head))
    old_mac = _ends_in_cr(head, encoding)
    if encoding == UTF_8 and not old_mac:
        return stream
    return io.BufferedReader(_Transcoded(stream, encoding, old_mac), BLOCK_BYTES)


def _ends_in_cr(head: bytes, encoding: str) -> bool:
    """Whether lines end as old Macs ended them; wide characters are decoded to tell."""
    if not encoding.startswith(("utf-16", "utf-32")):
        return b"\r" in head and b"\n" not in head
    text = codecs.getincrementaldecoder(encoding)("ignore").decode(head)
    return "\r" in text and "\n" not in text


class _Transcoded(io.RawIOBase):
    """Text of any encoding, as UTF-8."""

    def __init__(self, source: BinaryIO, encoding: str, old_mac: bool) -> None:
        errors = "surrogatepass" if encoding.startswith("utf-") else "surrogateescape"
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding)(errors)
        self._encoding = encoding
        self._old_mac = old_mac
        self._rest = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest and not self._ended:
            data = self._source.read(BLOCK_BYTES)
            self._ended = not data
            self._rest = self._convert(data)
        size = min(len(self._rest), len(buffer))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size

    def _convert(self, data: bytes) -> bytes:
        try:
            text = self._decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            raise Damaged(f"not valid {self._encoding}: {error.reason}") from None
        if self._old_mac:
            text = text.replace("\r", "\n")
        # What was no text stays invalid: lone surrogates are not UTF-8.
        return text.encode(UTF_8, "surrogatepass")
