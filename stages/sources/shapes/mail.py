"""Letters as mail programs save them: one file each (.eml), or an mbox of many.

Python's `email` reads them.  Invariant: of each part of a letter the text is the plain one, else
the page; of what is attached only other letters are read.
"""

from __future__ import annotations

import codecs
import email
import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage, MIMEPart

from stages.sources.document import Document, Head
from stages.sources.encodings import UTF_8, encoding_of, is_utf8
from stages.sources.entry import Entry
from stages.sources.found import Found, NotUnderstood
from stages.sources.limits import MAX_RECORD_BYTES
from stages.sources.shapes import html

_FIELD = r"[A-Za-z][\w-]{1,60}:[^\n]*\n(?:[ \t][^\n]*\n){0,60}"
_HEADER = re.compile(rf"\s*(?:{_FIELD}){{2,200}}(?=\n)")
_WRITER = re.compile(r"^From:[^\n]*@", re.MULTILINE | re.IGNORECASE)
# Fields that only programs write; without one it may be a text about letters.
_OF_A_PROGRAM = re.compile(
    r"^(?:MIME-Version|Message-ID|Received|Return-Path|Delivered-To|Content-Type"
    r"|Content-Transfer-Encoding):",
    re.MULTILINE | re.IGNORECASE,
)
_POSTMARK = r"From \S{1,200} [^\n]{10,40}\d{4}[^\n]{0,10}\n"
_BEGINS_BOX = re.compile(rf"\s*{_POSTMARK}")
_PARTED = re.compile(rf"(?:\A\s*|(?<=\n\n)){_POSTMARK}(?=[A-Za-z][\w-]*:)".encode())
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)


def sniff(head: Head) -> float:
    """By the fields that letters begin with, one of them a program's unless the name says so."""
    text = head.text.replace("\r\n", "\n")
    mark = _BEGINS_BOX.match(text)
    fields = _HEADER.match(text, mark.end() if mark else 0)
    if fields is None or not _WRITER.search(fields[0]):
        return 0.0
    sure = mark or head.suffix in (".eml", ".mbox") or _OF_A_PROGRAM.search(fields[0])
    return 0.95 if sure else 0.0


def read(document: Document) -> Iterator[Found]:
    data = document.stream.read(MAX_RECORD_BYTES + 1)
    if len(data) > MAX_RECORD_BYTES:
        raise NotUnderstood(f"letters of more than {MAX_RECORD_BYTES // 2**20} MiB; split them")
    name = document.head.name
    data = data.replace(b"\r\n", b"\n")
    if not _PARTED.match(data):
        yield _found("", data, name)
        return
    for number, letter in enumerate(_PARTED.split(data)[1:], 1):
        yield _found(f"letter {number}", _ESCAPED.sub(rb"\1", letter), name)


def _found(place: str, data: bytes, name: str) -> Found:
    try:
        letter = email.message_from_bytes(data.lstrip(), policy=policy.default)
        assert isinstance(letter, EmailMessage), "the default policy makes these"
        entry = _entry(letter, name)
    except RecursionError:
        return Found(place, problem="a letter with too many parts within parts")
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        return Found(place, problem=f"a letter that can't be decoded: {error}")
    if not entry.text.strip():
        return Found(place, problem="a letter without text")
    return Found(place, entry.record({"file": name}))


def _entry(letter: EmailMessage, name: str) -> Entry:
    date = letter["date"]
    when = getattr(date, "datetime", None)
    return Entry(
        text="\n\n".join(filter(None, map(str.strip, _texts(letter, name)))),
        title=" ".join(str(letter["subject"] or "").split()),
        source=name,
        published=when.isoformat() if when else "",
    )


def _texts(part: MIMEPart, name: str) -> Iterator[str]:
    """The texts of a letter or a part of it in their order; of alternatives, one."""
    kind = part.get_content_type()
    if kind == "message/rfc822":
        forwarded = _attached(part)
        yield str(forwarded["subject"] or "")
        yield from _texts(forwarded, name)
    elif kind in ("multipart/alternative", "multipart/related"):
        bodies = filter(None, (part.get_body((one,)) for one in ("plain", "html")))
        texts = ("\n\n".join(_texts(body, name)) for body in bodies)
        yield next(filter(str.strip, texts), "")
    elif part.is_multipart():
        for one in part.iter_parts():
            yield from _texts(one, name)
    elif kind in ("text/plain", "text/html") and not part.is_attachment():
        text = _decoded(part)
        yield html.read_page(text, name).text if kind == "text/html" else text


def _attached(part: MIMEPart) -> MIMEPart:
    """The letter that a part holds; some programs encode it whole, though no standard lets them."""
    letter = part.get_content()
    encoded = str(part["Content-Transfer-Encoding"]).strip().lower() == "base64"
    if encoded and not letter.keys():
        letter["Content-Transfer-Encoding"] = "base64"
        letter = email.message_from_bytes(letter.get_payload(decode=True), policy=policy.default)
    return letter  # type: ignore[no-any-return]


# Charsets by which bytes that form UTF-8 would be read wrongly: letters name none, or a wrong one.
_LATIN = frozenset("ascii iso8859-1 iso8859-15 cp1252".split())


def _decoded(part: MIMEPart) -> str:
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes), "it has no parts"
    return data.decode(_charset(part.get_content_charset("ascii"), data), "replace")


def _charset(named: str, data: bytes) -> str:
    """What a text's bytes are read by: the charset that is named, unless nobody knows it or the
    bytes show that it is another."""
    try:
        codec = codecs.lookup(named)
    except LookupError:
        return encoding_of(data, complete=True)
    if not codec._is_text_encoding or codec.name == "ascii":
        return encoding_of(data, complete=True)
    if codec.name in _LATIN and is_utf8(data):
        return UTF_8
    return "cp1252" if codec.name == "iso8859-1" else codec.name
