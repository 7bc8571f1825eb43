"""Markup that was escaped as a whole is read as markup; what a text speaks of is not."""

from __future__ import annotations

import pytest

from stages.text.clean import clean_text
from stages.text.escaped import unescaped_markup


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("&lt;p&gt;It spreads by mail.&lt;/p&gt;&lt;p&gt;It hides &amp;amp; waits.&lt;/p&gt;",
         "It spreads by mail.\nIt hides & waits."),
        ("The worm &lt;b&gt;Velora&lt;/b&gt; spreads by mail.", "The worm Velora spreads by mail."),
        ("&amp;lt;p&amp;gt;It spreads by mail.&amp;lt;/p&amp;gt;", "It spreads by mail."),
        ("It reads a List&lt;String&gt; of names.", "It reads a List<String> of names."),
    ],
)  # fmt: skip
def test_escaped_markup_is_read(text: str, clean: str) -> None:
    """A report in escaped HTML gave no pair, or one with its tags."""
    assert clean_text(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "Enter &lt;b&gt;x&lt;/b&gt; as the name: the payload is not escaped.",
        "A <p> that holds &lt;p&gt;x&lt;/p&gt;.",
        "The field takes &lt;script&gt;alert(1)&lt;/script&gt; as it is.",
        "Versions &lt; 2.0 and &gt; 1.0 are hit.",
    ],
)
def test_what_a_text_speaks_of_stays(text: str) -> None:
    """An advisory would else lose the very input that it warns of."""
    assert unescaped_markup(text) == text
