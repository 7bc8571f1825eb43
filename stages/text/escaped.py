"""Markup that was escaped as a whole on its way into a record: "&lt;p&gt;It hides.&lt;/p&gt;".

Knows which tags a page has; a text that speaks of tags keeps them as they are.  Invariant: a text
with a tag of its own comes out as it went in, and so does one that is no markup when unescaped.
"""

from __future__ import annotations

import html
import re

from stages.text.html_text import is_html

MOST = 3  # times that a text is escaped
_ESCAPED = re.compile(r"&(?:amp;){0,2}lt;/?[a-zA-Z]")
_TAG = re.compile(r"<[a-zA-Z/!]")
_BLOCKS = re.compile(r"</(?:p|div|li|ul|ol|table|h[1-6])>|<br\s?/?>", re.IGNORECASE)
# Words of texts in which a pair of tags that format is what somebody enters.
_SPEAKS_OF_TAGS = re.compile(
    r"\b(?:XSS|cross-site|HTML|markup|tags?|payload\w*|inject\w*|escap\w+|saniti[sz]\w+|encod\w+)\b",
    re.IGNORECASE,
)


def unescaped_markup(text: str) -> str:
    """The markup that a text is when its entities are read; any other text as it is."""
    if "lt;" not in text or _TAG.search(text) or not _ESCAPED.search(text):
        return text
    markup = text
    for _ in range(MOST):
        markup = html.unescape(markup)
        if is_html(markup):
            said = _BLOCKS.search(markup) or not _SPEAKS_OF_TAGS.search(text)
            return markup if said else text
    return text
