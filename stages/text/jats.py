"""JATS, the markup of journals, as HTML: abstracts of Crossref come in it, `<jats:p>...</jats:p>`.

Knows its elements by their prefix.  Invariant: a text without such a prefix comes out as it went
in, and no formula is read twice.
"""

from __future__ import annotations

import re

_PREFIX = r"(?:jats|mml|ns\d{1,2})"
_IS = re.compile(rf"(?:<|&lt;)/{_PREFIX}:")
_LEFT = r"(?:<|&lt;)"
_RIGHT = r"(?:>|&gt;)"
# The formula that stands beside one of MathML, and the heading that says no more than the field.
_GONE = re.compile(
    rf"{_LEFT}({_PREFIX}:(?:tex-math|annotation))\b[^<>]{{0,500}}?{_RIGHT}.{{0,4000}}?{_LEFT}/\1{_RIGHT}"
    rf"|{_LEFT}({_PREFIX}:title){_RIGHT}\s*(?:abstract|summary)\W?\s*{_LEFT}/\2{_RIGHT}",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(rf"{_LEFT}(/?){_PREFIX}:([\w-]{{1,30}})[^<>]{{0,500}}?{_RIGHT}")
_HTML = {
    "p": "p", "title": "h4", "sec": "div", "list": "ul", "list-item": "li", "break": "br",
    "italic": "i", "bold": "b", "sup": "sup", "sub": "sub", "monospace": "code", "code": "pre",
    "preformat": "pre", "disp-quote": "blockquote", "disp-formula": "div",
}  # fmt: skip


def jats_as_html(text: str) -> str:
    """A text with elements of HTML in the place of those of JATS; others show what they say."""
    if ":" not in text or not _IS.search(text):
        return text
    return _TAG.sub(_shown, _GONE.sub("", text))


def _shown(tag: re.Match[str]) -> str:
    name = _HTML.get(tag[2].lower())
    return f"<{tag[1]}{name}>" if name else ""
