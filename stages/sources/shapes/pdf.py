"""The text of PDF files, page by page, with pypdf (an optional extra).

Invariant: a page that can't be read is a problem of its own; a file without text is refused.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from stages.sources.document import Document, Head
from stages.sources.entry import Entry
from stages.sources.found import Damaged, Found, NotUnderstood
from stages.sources.limits import MAX_RECORD_BYTES
from stages.sources.shapes.page_lines import as_set
from stages.sources.streams import seekable

_MOST_PAGES = 10_000
_PROTECTED = "a password-protected PDF; save it without its password first"


def sniff(head: Head) -> float:
    return 1.0 if head.data[:1024].lstrip().startswith(b"%PDF-") else 0.0


def read(document: Document) -> Iterator[Found]:
    reader = _open(document)
    problems, pages = [], []
    for number, page in _pages(reader):
        if isinstance(page, str):
            pages.append(page)
        else:
            problems.append(Found(f"page {number}", problem=page.problem))
    text = "\n\n".join(page.strip() for page in pages if page.strip())
    if not text:
        raise NotUnderstood(
            "a PDF without text, such as scanned pages; recognise its text (OCR) first"
        )
    yield Found("", _record(document, reader, as_set(text)))
    yield from problems


def _open(document: Document) -> Any:
    try:
        import pypdf
    except ImportError:
        raise NotUnderstood("PDF: install the extra `sources` to read it") from None
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    file = seekable(document.stream)
    try:
        reader = pypdf.PdfReader(file)
        if reader.is_encrypted and not reader.decrypt(""):
            raise NotUnderstood(_PROTECTED)
        count = len(reader.pages)
    except (NotUnderstood, MemoryError):
        raise
    except Exception as error:  # pypdf raises whatever a broken file makes it stumble over
        raise Damaged(f"PDF, but damaged: {_words(error)}") from None
    if count > _MOST_PAGES:
        raise NotUnderstood(f"a PDF of more than {_MOST_PAGES:,} pages; split it first")
    return reader


def _pages(reader: Any) -> Iterator[tuple[int, str | Damaged]]:
    left = MAX_RECORD_BYTES // 4
    for number in range(1, len(reader.pages) + 1):
        try:
            text = reader.pages[number - 1].extract_text()
        except Exception as error:  # as above
            yield number, Damaged(f"this page can't be read: {_words(error)}")
            continue
        left -= len(text)
        if left < 0:
            raise NotUnderstood("a PDF with more text than a record holds; split it first")
        yield number, text


def _words(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200]


def _record(document: Document, reader: Any, text: str) -> dict[str, Any]:
    name = document.head.name
    facts = _metadata(reader)
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    entry = Entry(
        text=text,
        title=facts.get("Title") or first[:200],
        source=name.rpartition("/")[2],
        published=facts.get("CreationDate", ""),
    )
    return entry.record({"file": name, "pages": len(reader.pages), "metadata": facts})


def _metadata(reader: Any) -> dict[str, str]:
    try:
        found = reader.metadata or {}
        return {str(k).lstrip("/"): str(found[k]).strip() for k in found}
    except Exception:  # metadata is a courtesy
        return {}
