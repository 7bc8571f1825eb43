"""Tags that a text speaks of are text; those that mark it up are none."""

from __future__ import annotations

import pytest

from stages.text.clean import clean_text
from stages.text.mentions import with_mentions


@pytest.mark.parametrize(
    "text",
    [
        "can inject an <input> or <img> element into it",
        "It removes <b> but not <i> here",
        "the <b> and </b> tags, <p>, <br> and <i> tags",
        "HTML tags such as <p>, <li> are kept",
        "<script> is kept; <title> neither",
        "Payload: <script>alert(1)</script>",
        'Payload: "><script>alert(document.domain)</script>',
        "Payload:<br>\n<img src=x onerror=alert(1)>",
        'links such as <a href="javascript:alert(1)">x</a>',
        "<svg><script>alert(1)</script> works",
    ],
)
def test_spoken_of(text: str) -> None:
    """Each of them in a text that is marked up."""
    shown = text.replace("<br>\n", "\n")
    assert clean_text(f"<p>{text}</p><ul><li>Fixed</li></ul>") == f"{shown}\n- Fixed."


@pytest.mark.parametrize(
    "markup",
    [
        "<p>cut <b>off",
        "the <b>script</b> tag",
        "a <b>bold</b> word<br>and more",
        "<p>Text</p><script>alert(1)</script>",
        'see <a href="x"><img src="y"></a> <script src="/z.js"></script>',
        '<p class="x"><script>var a = 1</script>',
        "the content <br> goes on",
        "<form><input name=a></form>",
    ],
)
def test_marking_up(markup: str) -> None:
    assert with_mentions(markup) == markup
