"""Markdown, text, HTML and PDF: what a reader came for, and nothing else."""

from __future__ import annotations

import io
import sys

import pytest

from tests.source_help import read, record, records, refusal

MARKDOWN = """---
title: Print Bear
date: 2031-01-01
tags: [worm]
license: CC-BY-4.0
url: https://blog.example/1
---
Intro of the report.

# Delivery

A mail brings a job.

```sh
# not a heading
printat evil.exe
```

## Signs

The spooler talks to print[.]evil[.]example.

Response
--------

Block the domain.
"""


def test_markdown_as_one_record() -> None:
    found = record(MARKDOWN, name="notes/bear.md")
    assert found["text"] == MARKDOWN.partition("---\n")[2].partition("---\n")[2].strip()
    assert (found["title"], found["source"], found["licence"]) == (
        "Print Bear",
        "bear.md",
        "CC-BY-4.0",
    )
    assert (found["link"], found["published"]) == ("https://blog.example/1", "2031-01-01")
    assert found["original"]["file"] == "notes/bear.md"
    assert found["original"]["front_matter"]["tags"] == ["worm"]


def test_markdown_by_section_loses_nothing() -> None:
    found = records(MARKDOWN, name="bear.md", format="markdown-sections")
    assert [one["title"] for one in found] == [
        "Print Bear",
        "Delivery",
        "Delivery: Signs",
        "Delivery: Response",
    ]
    assert "# not a heading" in found[1]["text"] and found[3]["text"] == "Block the domain."
    assert found[2]["original"]["section"] == ["Delivery", "Signs"]
    assert found[2]["original"]["line"] == 19


def test_markdown_without_a_name_and_a_front_matter_that_is_none() -> None:
    text = "# Bear\n\nSee [this](https://a.example).\n\n- one\n- two\n"
    assert record(text)["title"] == "Bear"
    odd = "---\n[broken\n---\nA worm.\n"
    assert record(odd, name="x.md")["text"] == odd.strip()


def test_plain_text() -> None:
    found = record("A short title\n\nA worm spreads by print jobs.\n", name="a.txt")
    assert (found["title"], found["source"]) == ("A short title", "a.txt")
    assert found["text"] == "A short title\n\nA worm spreads by print jobs."
    assert record("Червь распространяется.", name="b.txt")["text"] == "Червь распространяется."


PAGE = """<!DOCTYPE html><html lang="en-GB"><head><title>Bear &amp; co</title>
<meta property="og:site_name" content="Acme Blog">
<link rel="canonical" href="https://blog.example/1">
<style>p {color: red}</style></head><body><nav><a href="/">Home</a></nav>
<article><h1>Bear</h1><p>A group sends
<b>print jobs</b>.</p><ul><li>Block it</li></ul><pre>printat
  evil.exe</pre><script>alert(1)</script><!-- secret --></article><footer>Legal</footer></body>
</html>"""


def test_html() -> None:
    found = record(PAGE, name="x.html")
    assert found["text"] == "Bear\nA group sends print jobs.\nBlock it\nprintat\nevil.exe"
    assert (found["title"], found["source"], found["language"]) == ("Bear & co", "Acme Blog", "en")
    assert found["link"] == "https://blog.example/1"
    assert found["original"] == {"file": "x.html", "html": PAGE}


def test_html_that_is_empty_deep_or_cut() -> None:
    assert "without text" in refusal("<html><body><script>x()</script></body></html>")
    deep = "<html><body>" + "<div>" * 20_000 + "A worm." + "</div>" * 20_000
    assert record(deep)["text"] == "A worm."
    assert record(PAGE[: PAGE.index("</p>")])["text"] == "Bear\nA group sends print jobs."


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
