"""What a reader of a text sees: no markup, no citations, no boilerplate, no long blobs.

Knows the order of the steps, the citations of feeds and what a blob is.  Invariant: paths,
addresses, code and other literals come out byte for byte, and prose without markup comes out
as it went in.
"""

from __future__ import annotations

import re

from stages.text.boilerplate import without_boilerplate
from stages.text.html_text import html_text, is_balanced, is_html, without_entities
from stages.text.markdown import code_set_aside, outside_code, plain_markdown, with_code

BLOB = 160  # characters without a blank: longer than any hash
BLOB_SHOWN = 24  # of them that stay

# One bracket may stand within the brackets of a citation: "(Citation: Example (2030))".
_CITATION = re.compile(
    r"[ \t]?\((?i:citation): [^()\n]{0,300}(?:\([^()\n]{0,100}\)[^()\n]{0,300}){0,4}\)"
    r"|[ \t]?\[(?i:citation): [^\[\]\n]{0,300}\]|[ \t]?\[REF-\d{1,5}\](?!\()"
    r"|[ \t]?\[(?i:citation needed|note \d{1,3})\]"
    r"|[ \t]?\((?i:see|cf\.) (?:also )?(?i:fig(?:ure|\.)?|table|section|appendix) ?[\w.-]{1,12}\)"
    # Numbers behind a sentence or a blank: behind a word they may be an index.
    r"|(?:(?<=[A-Za-z)\"”][.,;:!?])|(?<!-[A-Za-z])[ \t])"
    r"(?:\[(?!1-9\])[1-9]\d{0,2}(?:[,–-] ?\d{1,3}){0,9}\]){1,9}(?=[\s.,;:)]|$)"
)
# A text that was cut off may end within a citation or the target of a link.
_CUT_CITATION = re.compile(r"(?<=[.!?])[ \t]?\(Citation: ?[^()\n]{0,300}(?:\.\.\.|…)\s*$")
_CUT_MARK = re.compile(
    r"[ \t]?\(Citation: ?[^()\n]{0,300}(\.\.\.|…)\s*$"
    r"|\[([^\[\]\n]{1,200})\]\([^\s()]{0,500}(\.\.\.|…)\s*$"
)
_BLOB = re.compile(
    rf"(?<![\w/+\\.:-])[A-Za-z0-9+_][A-Za-z0-9+/_-]{{{BLOB - 1},}}={{0,2}}(?![\w/+\\-])"
)
MOST_SLASHES = 0.05  # share of a blob's characters: more is a path
_HEX_BYTES = re.compile(
    r"(?:\\x[0-9A-Fa-f]{2}){40,}"
    r"|(?<!\w)(?:(?:0x)?[0-9A-Fa-f]{2}[ ,:]{1,2}){40,}(?:0x)?[0-9A-Fa-f]{2}(?!\w)"
)
# What an editor has put in front: the note behind the text says who disputes it.
_MARK = re.compile(r"\A\s*(?:\*\* ?(?:DISPUTED|UNSUPPORTED WHEN ASSIGNED|UNVERIFIABLE) ?\*\*\s*)+")
_COMMENT = re.compile(r"<!--.{0,4000}?-->", re.DOTALL)
_UNSEEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2060\ufeff\u00ad\ud800-\udfff]"
_CONTROL = re.compile(rf"[ ]{_UNSEEN}++(?=[ \n]|$)|{_UNSEEN}")
_LINES = re.compile(r"\n{3,}")


def clean_text(text: str, of_page: bool = False) -> str:
    """A passage as a reader sees it; empty where nothing of it is text.

    of_page: it has been read from HTML already, so that tags in it are what it speaks of.
    """
    text = without_markup(text, of_page)
    text = _HEX_BYTES.sub(_bounded, _BLOB.sub(_bounded, text))
    lines = (line.rstrip(" \t\xa0") for line in without_boilerplate(text).split("\n"))
    return _LINES.sub("\n\n", "\n".join(lines)).strip()


def without_markup(text: str, of_page: bool = False) -> str:
    """A text without markup, entities and citations."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _MARK.sub("", text)
    if not of_page:
        text = _without_html(text)
    return plain_markdown(outside_code(text, without_citations))


def _without_html(text: str) -> str:
    """A text without tags and entities but for those in its Markdown's code."""
    if "<" in text:
        shown, codes = code_set_aside(text, is_balanced)
        if is_html(shown):
            return with_code(html_text(shown), codes)
    return outside_code(text, _without_comments)


def _without_comments(text: str) -> str:
    return without_entities(_COMMENT.sub("", text) if "<!--" in text else text)


def without_citations(text: str) -> str:
    """A text without the marks of what it cites."""
    text = _CUT_CITATION.sub("", _CITATION.sub("", text))
    return _CUT_MARK.sub(lambda cut: "".join(filter(None, (cut[2], cut[1] or cut[3]))), text)


def _bounded(match: re.Match[str]) -> str:
    blob = match.group()
    if blob.count("/") > MOST_SLASHES * len(blob):
        return blob
    return f"{blob[:BLOB_SHOWN]}… ({len(blob)} characters)"
