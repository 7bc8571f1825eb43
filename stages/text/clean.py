"""What a reader of a text sees: no markup, citations, boilerplate, translations or long blobs.

Knows the order of the steps.  Invariant: paths, addresses, code and other literals come out byte
for byte, and prose without markup comes out as it went in.
"""

from __future__ import annotations

import re

from stages.text.blobs import bounded_blobs
from stages.text.boilerplate import without_boilerplate
from stages.text.citations import without_citations
from stages.text.code_pieces import CodePieces, is_marked
from stages.text.entities import without_entities
from stages.text.escaped import unescaped_markup
from stages.text.foreign_sentences import without_foreign_sentences
from stages.text.html_text import html_text, is_balanced, is_html
from stages.text.jats import jats_as_html
from stages.text.latex import plain_latex
from stages.text.letters import without_letter
from stages.text.markdown import plain_prose
from stages.text.markups import as_markdown
from stages.text.page_marks import (
    bbcode_as_markdown,
    confluence_as_html,
    without_colours,
    without_page_marks,
    without_shortcodes,
)
from stages.text.translations import without_translation

# What an editor has put in front: the note behind the text says who disputes it.
_MARK = re.compile(r"\A\s*(?:\*\* ?(?:DISPUTED|UNSUPPORTED WHEN ASSIGNED|UNVERIFIABLE) ?\*\*\s*)+")
_CDATA = re.compile(r"\A\s*<!\[CDATA\[(.*?)\]\]>\s*", re.DOTALL)
_COMMENT = re.compile(r"<!--.{0,4000}?-->", re.DOTALL)
# Marks of direction, invisible operators, tags and variants too: models read what they spell.
_UNSEEN = (
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    r"\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
# Joiners shape letters of other scripts, and emoji; between Latin letters they do nothing.
_JOINERS = r"[\u200c\u200d]+"
_CONTROL = re.compile(
    rf"[ ]{_UNSEEN}++(?=[ \n]|$)|{_UNSEEN}|(?<=[ -\u024f]){_JOINERS}|{_JOINERS}(?=[ -\u024f])"
)
# Within a name it is what the text tells of: "invoice[U+202E]fdp.exe".
_TURNED = re.compile(r"(?<=[!-~])([\u202a-\u202e\u2066-\u2069])(?=[!-~])")
_LINES = re.compile(r"\n{3,}")
_OF_A_PAGE = re.compile(r"</?(?:pre|code|br|p|div)\b|&(?:lt|gt|amp|quot|#\d{2,4});", re.IGNORECASE)


def clean_text(text: str, of_page: bool = False) -> str:
    """A passage as a reader sees it; empty where nothing of it is text.

    of_page: it has been read from HTML already, so that marks in it are what it speaks of.
    """
    text = bounded_blobs(without_markup(text, of_page))
    lines = (line.rstrip(" \t\xa0") for line in without_boilerplate(text).split("\n"))
    text = without_foreign_sentences(without_translation("\n".join(lines)))
    return _LINES.sub("\n\n", text).strip()


def verbatim(text: str) -> str:
    """Code as it was written, but for what no reader sees and blanks at the ends of its lines."""
    shown = _visible(text)
    return "\n".join(line.rstrip(" \t\xa0") for line in shown.split("\n")).strip("\n")


def without_markup(text: str, of_page: bool = False) -> str:
    """A text without markup, entities and citations."""
    text = _CDATA.sub(r"\1 ", _visible(text)) if "<![CDATA[" in text else _visible(text)
    text = without_shortcodes(plain_latex(without_letter(_MARK.sub("", text))))
    if of_page:
        return without_citations(text)
    plain = _plain(text)
    return _CONTROL.sub("", plain) if "&" in text else plain  # an entity may stand for one


def _visible(text: str) -> str:
    """A text without what no reader sees; turns of direction within a name are shown."""
    shown = without_colours(text.replace("\r\n", "\n").replace("\r", "\n"))
    return _CONTROL.sub("", _TURNED.sub(lambda mark: f"[U+{ord(mark[1]):04X}]", shown))


def _plain(text: str) -> str:
    """A text without its markup, with its code as it stands."""
    codes, text = CodePieces(), as_markdown(unescaped_markup(jats_as_html(text)))
    text = confluence_as_html(bbcode_as_markdown(text))
    shown = codes.set_aside(text, _is_code) if "<" in text else text
    if is_html(shown):
        shown = codes.set_aside(html_text(shown, codes.add))
    else:
        shown = _without_comments(codes.set_aside(shown))
    return codes.put_back(plain_prose(without_citations(without_page_marks(shown))))


def _is_code(piece: str) -> bool:
    """Whether it is code wherever it stands: of a page, the marks around it may be characters."""
    return is_balanced(piece) and (is_marked(piece) or not _OF_A_PAGE.search(piece))


def _without_comments(text: str) -> str:
    return without_entities(_COMMENT.sub("", text) if "<!--" in text else text)
