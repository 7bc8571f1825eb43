"""Other markups: one is told by its marks, and Markdown is none of them."""

from __future__ import annotations

import pytest

from stages.text.markups import as_markdown


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("'''Foo''' is a [[a|worm]].", "Foo is a worm."),
        ("h1. Foo\nIt is a worm.", "## Foo\nIt is a worm."),
        (".. note:: A worm.\n", "\nA worm.\n\n\n"),
        ("== Foo\n\n=== Bar\n", "\n## Foo\n\n\n\n## Bar\n\n"),
    ],
)
def test_each_is_told_by_its_marks(text: str, markdown: str) -> None:
    assert as_markdown(text) == markdown


@pytest.mark.parametrize(
    "text",
    [
        "# Foo\n\n```\nh1. x\n== y ==\n'''z''' [[a]]\n```",
        "A line.\nAnother [one](http://a.example).",
    ],
)
def test_markdown_stays(text: str) -> None:
    assert as_markdown(text) == text
