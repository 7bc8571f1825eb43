"""HTML as text: blocks as lines, lists as sentences, code as it stands; prose is no HTML."""

from __future__ import annotations

import pytest

from stages.text.html_text import html_text, is_html


@pytest.mark.parametrize(
    "text",
    ["<p>A flaw.</p>", "a<br>b", "<b>x</b>", "<xhtml:p>x</xhtml:p>", "see <code>x", "<div>cut off"],
)
def test_marked_up(text: str) -> None:
    assert is_html(text)


@pytest.mark.parametrize(
    "text",
    ["", "a < b", "the q parameter of <script>alert(1)</script>", "vector<int> x", "the <b> tag",
     "<username>", "an <iframe> of another site",
     "A guest is called\n<style>* {display: none}</style>\nThe page is then blank."],
)  # fmt: skip
def test_speaking_of_markup(text: str) -> None:
    assert not is_html(text)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One\n two.</p><p>Three.</p>", "One two.\nThree."),
        ("<ul><li>Update</li><li>Why?</li><li>as follows:</li></ul>",
         "- Update.\n- Why?\n- as follows:"),
        ("<ul><li>Outer<ul><li>Inner</li></ul></li></ul>", "- Outer\n- Inner."),
        ("<table><tr><th>a</th><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<pre>a\n   b</pre>", "a\n   b"),
        ("<p>Run <code>x  *y*</code> now</p>", "Run x  *y* now"),
        ("<p>a</p><script>alert(1)</script><!-- no --><style>p{}</style><nav>Home</nav>", "a"),
        ("<p>if a < b and <username> is set</p>", "if a < b and <username> is set"),
        ("<p>cut <b>off", "cut off"),
        # A heading without an end ran into the sentence below it.
        ("<h2>How ropes break</h2><p>One.</p><h3>Why?</h3><h4></h4><p>Two.</p>",
         "How ropes break:\nOne.\nWhy?\nTwo."),
        ("", ""),
    ],
)  # fmt: skip
def test_what_a_reader_sees(markup: str, text: str) -> None:
    assert html_text(markup) == text


def test_markup_nested_deeper_than_calls_can_be() -> None:
    assert html_text("<div>" * 5_000 + "A worm." + "</div>" * 5_000) == "A worm."
