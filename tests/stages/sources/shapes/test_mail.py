"""A saved letter is read as its reader sees it: decoded, under its subject."""

from __future__ import annotations

import base64
import email
from email import policy
from email.message import EmailMessage

import pytest

from stages.sources.document import Head
from stages.sources.shapes import mail
from tests.source_help import read, record, records

TEXT = "The group sends forged invoices — with a link — to payroll staff.\n"


def letter(text: str = TEXT, page: str = "") -> bytes:
    made = EmailMessage()
    made["From"], made["To"] = "CERT <cert@a.example>", "all@b.example"
    made["Subject"], made["Date"] = "Invoices — again", "Mon, 06 May 2030 10:00:00 +0000"
    if text:
        made.set_content(text, cte="quoted-printable")
    if page:
        (made.add_alternative if text else made.set_content)(page, subtype="html")
    return made.as_bytes()


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_a_letter_is_decoded_and_titled_by_its_subject(ends: bytes) -> None:
    """Answers held "MIME-Version: 1.0" and "=E2=80=94"."""
    data = letter(page="<p>Other.</p>").replace(b"\n", ends)
    found = record(data, name="a.eml")
    assert found["text"] == TEXT.strip() and found["title"] == "Invoices — again"
    assert found["published"].startswith("2030-05-06T10:00")


def test_of_a_letter_without_a_plain_part_the_page_is_read() -> None:
    found = record(letter("", "<html><body><p>It <b>steals</b> keys.</p></body></html>"))
    assert found["text"] == "It steals keys."


def test_an_mbox_gives_each_letter() -> None:
    """A list's archive would be one record of many subjects."""
    mark = b"From cert@a.example Mon May  6 10:00:00 2030\n"
    quoted = letter(f"{TEXT}\nFrom here it spreads.\n").replace(b"\nFrom here", b"\n>From here")
    found = records(mark + letter() + b"\n" + mark + quoted, name="list")
    assert [one["title"] for one in found] == ["Invoices — again"] * 2
    assert found[1]["text"].endswith("From here it spreads.")


def nested(depth: int) -> bytes:
    begins = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(depth)
    )
    return b"From: a@b.example\nSubject: T\nMIME-Version: 1.0\n" + begins + b"\nIt lies.\n"


def test_all_parts_that_are_texts_and_forwarded_letters_are_read() -> None:
    """Of "See below." with the warning behind it only "See below." was told."""
    made = EmailMessage()
    made["From"], made["Subject"], made["MIME-Version"] = "a@b.example", "Warning", "1.0"
    made.set_content("See below.\n")
    made.add_attachment("The pier is closed.\n", disposition="inline")
    made.add_attachment("a,b\n", filename="a.txt")
    made.add_attachment(email.message_from_bytes(letter(), policy=policy.default))
    assert record(made.as_bytes(), name="a.eml")["text"] == (
        f"See below.\n\nThe pier is closed.\n\nInvoices — again\n\n{TEXT.strip()}"
    )


def test_a_letter_of_an_unknown_charset_is_read_as_its_bytes_say() -> None:
    data = letter().replace(b'charset="utf-8"', b'charset="x-none"')
    assert record(data, name="a.eml")["text"] == TEXT.strip()


def test_of_alternatives_the_first_with_text_is_read() -> None:
    """A newsletter with an empty plain part was "a letter without text"."""
    data = letter(" \n", "<p>It <b>steals</b> keys.</p>")
    assert record(data, name="a.eml")["text"] == "It steals keys."


@pytest.mark.parametrize(
    ("charset", "encoded"),
    [("", "utf-8"), ("; charset=us-ascii", "utf-8"), ("; charset=iso-8859-1", "cp1252"),
     ("; charset=iso-8859-1", "utf-8"), ("; charset=windows-1252", "cp1252"),
     ("; charset=hex", "utf-8"), ("; charset=koi8-r", "koi8-r")],
)  # fmt: skip
@pytest.mark.parametrize("cte", ["8bit", "base64"])
def test_bytes_decide_where_a_letter_names_no_charset_or_a_wrong_one(
    charset: str, encoded: str, cte: str
) -> None:
    """Archives of lists told "it’s" as "itâ€™s", or with a control character in it."""
    said = "Это ложь, и все это знают." if encoded == "koi8-r" else "It’s a forged letter – “pay”."
    body = said.encode(encoded)
    body = base64.b64encode(body) if cte == "base64" else body
    head = f"From: a@b.example\nSubject: T\nMIME-Version: 1.0\nContent-Type: text/plain{charset}\n"
    data = f"{head}Content-Transfer-Encoding: {cte}\n\n".encode() + body + b"\n"
    assert record(data, name="a.eml")["text"] == said


def test_a_page_that_names_its_own_charset_is_read_by_it() -> None:
    page = '<meta charset="windows-1252"><p>It’s a forged letter.</p>'.encode("cp1252")
    head = b"From: a@b.example\nSubject: T\nMIME-Version: 1.0\nContent-Type: text/html\n"
    data = head + b"Content-Transfer-Encoding: base64\n\n" + base64.b64encode(page)
    assert record(data, name="a.eml")["text"] == "It’s a forged letter."


def test_an_attached_letter_that_is_encoded_whole_is_read() -> None:
    """Its lines of base64 were told."""
    head = b"From: a@b.example\nSubject: T\nMIME-Version: 1.0\nContent-Type: message/rfc822\n"
    data = head + b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(letter())
    assert record(data, name="a.eml")["text"] == f"Invoices — again\n\n{TEXT.strip()}"


def test_a_letter_without_text_or_of_too_many_parts_is_a_dead_letter() -> None:
    """It would end the run, or come as a record of nothing."""
    for data, why in ((letter(" "), "without text"), (nested(2000), "too many parts")):
        [found] = list(read(data, name="a.eml"))
        assert found.record is None and why in (found.problem or "")


@pytest.mark.parametrize(
    "text",
    ["From: A <a@b.example>\nTo: all\n\nA worm spreads.", "title: Foo\nid: 1\n\nbody: x\n",
     "From: a@b.example is the mail's sender.\nIt lies.", "MIME-Version: 1.0\nA: b\n\nText."],
)  # fmt: skip
def test_other_texts_are_no_letters(text: str) -> None:
    assert mail.sniff(Head("a.txt", text.encode(), True)) == 0.0
