"""AsciiDoc: headings, blocks of code, links and tables as in other texts."""

from __future__ import annotations

import pytest

from stages.text.asciidoc import is_asciidoc
from stages.text.clean import clean_text


def test_a_page_is_read_without_its_marks() -> None:
    page = (
        "= Foo\n:toc:\n\n[[top]]\n*Foo* is link:a.html[here^], see <<x,the end>>.\n\n== Fix\n"
        "[source,bash]\n----\n*x* == y\n----\n.Versions\n|===\n|Name |Fixed\n\n|Foo\n|1.2\n|===\n"
    )
    assert clean_text(page) == (
        "Foo:\n\nFoo is here, see the end.\n\nFix:\n\n*x* == y\nVersions:\n\nName: Foo; Fixed: 1.2."
    )


@pytest.mark.parametrize(
    "text", ["a == b", "== x\nIt is one.", "[x]\nIt is a section of a file.", "A title\n=======\nx"]
)
def test_what_is_none(text: str) -> None:
    assert not is_asciidoc(text)
