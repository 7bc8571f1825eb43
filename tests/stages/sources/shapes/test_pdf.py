"""PDF: its text, and files without one, locked or broken."""

from __future__ import annotations

import io
import sys

import pytest

from tests.source_help import read, record, refusal


def pdf(*pages: str, **how: str) -> bytes:
    """A PDF with a line of text on each page, by hand."""
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for text in pages:
        page = writer.add_blank_page(612, 792)
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode() if text else b"")
        page[NameObject("/Contents")] = writer._add_object(stream)
    writer.add_metadata({"/Title": how.get("title", "")})
    if "password" in how:
        writer.encrypt(how["password"])
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def test_pdf() -> None:
    found = record(pdf("A worm spreads.", "It prints.", title="Bear"), name="bear.pdf")
    assert (found["text"], found["title"]) == ("A worm spreads.\n\nIt prints.", "Bear")
    assert found["original"]["pages"] == 2 and found["source"] == "bear.pdf"


def test_pdf_that_holds_no_text_or_is_locked_or_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "a PDF without text, such as scanned pages" in refusal(pdf("", ""))
    assert "password-protected" in refusal(pdf("A worm.", password="secret"))
    data = pdf("A worm spreads.")
    assert "PDF, but damaged" in refusal(data[:60])
    for end in range(20, len(data), 97):  # whatever is left of it: a record or one clear line
        try:
            read(data[:end])
        except Exception as error:
            assert "PDF" in str(error)
    monkeypatch.setitem(sys.modules, "pypdf", None)
    assert refusal(data) == "PDF: install the extra `sources` to read it"
