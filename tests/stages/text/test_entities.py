"""Entities as characters, but for those that a text speaks of and for code."""

from __future__ import annotations

import pytest

from stages.text.entities import lone_ampersands_escaped, without_entities


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("it&#39;s &amp; more&nbsp;so", "it's & more so"),
        ("&ldquo;x&rdquo; &#x2013; &eacute;t&eacute;&trade; &bull; x&shy;y", "“x” – été™ • xy"),
        ("the plugin&#39;s code in versions <= 1.2, R & D &hellip;",
         "the plugin's code in versions <= 1.2, R & D …"),
        ("versions &gt;= 2.0 &amp;&amp; &lt; 3.0", "versions >= 2.0 && < 3.0"),
        ("the plugin&amp;#39;s code", "the plugin's code"),
        ("mail &amp;amp; shares, a List&amp;lt;String&amp;gt;", "mail & shares, a List<String>"),
        ("the <b> tag&#39;s end, &quot;x&quot;", "the <b> tag's end, &quot;x&quot;"),
    ],
)  # fmt: skip
def test_entities(text: str, plain: str) -> None:
    assert without_entities(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        "it encodes & as &amp;",
        "The filter turns < into &lt; and escapes quotes as &quot;.",
        "&lt; is the entity of it",
        "&unknown; x = &sum; y = &copy; f(&int;) ?a=1&copy=2",
    ],
)
def test_what_a_text_speaks_of(text: str) -> None:
    assert without_entities(text) == text


def test_parameters_are_no_entities() -> None:
    assert lone_ampersands_escaped("?a=1&copy=2 &amp; && &#39; <a>&ee;</a> &alpha;") == (
        "?a=1&amp;copy=2 &amp; &amp;&amp; &#39; <a>&amp;ee;</a> &alpha;"
    )
