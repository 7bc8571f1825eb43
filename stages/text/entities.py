"""Entities of HTML as the characters that they stand for.

Knows which names mean nothing else: `&sum;` may be an address in C.  Invariant: a text that speaks
of entities keeps those that it speaks of.
"""

from __future__ import annotations

import html
import re
from html.entities import name2codepoint

_SYMBOLS = frozenset("trade larr rarr uarr darr harr le ge ne minus asymp".split())
_SPACES = frozenset("ensp emsp thinsp".split())
# Letters, signs and punctuation; Greek and logic are words of code.
_KNOWN = frozenset(
    name
    for name, code in name2codepoint.items()
    if code < 0x180 or 0x2010 <= code <= 0x20AF or name in _SYMBOLS | _SPACES
) - {"not", "prime"} | {"apos"}
_NAMES = "|".join(sorted(_KNOWN, key=len, reverse=True))
_ENTITY = re.compile(rf"(?<!= )&(?:#\d{{2,6}}|#[xX][0-9A-Fa-f]{{2,5}}|{_NAMES});")
# Escaped twice, within a word: "plugin&amp;#39;s".
_TWICE = re.compile(r"(?<=\w)&amp;(?=(?:#0?39|#x27|#8217|apos|rsquo);\w)")
_TWICE_ANYWHERE = re.compile(rf"&amp;(?=(?:amp;)*(?:#\d{{2,6}}|#[xX][0-9A-Fa-f]{{2,5}}|{_NAMES});)")
# Tags that are no markup, and a text that is about entities.
_TAGS = re.compile(r"<[a-zA-Z/!]")
_SPEAKS = re.compile(
    r"\b(?:en?cod|escap|entit|replac|convert|filter|sanitiz|sanitis)\w*\b[^.\n]{0,80}&#?\w{2,8};"
    r"|&#?\w{2,8};[^.\n]{0,40}\b(?:entit|escap|encod)",
    re.IGNORECASE,
)
_UNSEEN = {0xA0: " ", 0xAD: None, 0x2002: " ", 0x2003: " ", 0x2009: " ", 0x200B: None}
# Part of an address, of code or of a bomb: "?a=1&copy=2", "x && y", "&ee;".
_PUNCTUATION = (
    "apos lbrack rbrack lsqb rsqb lcub rcub lbrace rbrace colon semi comma period lpar rpar sol"
    " bsol num excl quest equals plus ast lowbar commat dollar percnt grave hyphen NewLine Tab"
).split()
# Of a control character, which nobody means, and which stands for code that is set aside.
_OF_CONTROL = re.compile(
    r"&#(?:0*(?:[1-8]|1[1245-9]|2\d|3[01]|127)(?!\d)"
    r"|[xX]0*(?:[1-8bBcCeEfF]|1[0-9a-fA-F]|7[fF])(?![0-9a-fA-F]));?"
)
_LONE = re.compile(
    rf"&(?!(?:#\d{{1,7}}|#[xX][0-9A-Fa-f]{{1,6}}|{'|'.join([*name2codepoint, *_PUNCTUATION])});)"
)


def without_entities(text: str) -> str:
    """A text with its entities as characters, all but those that it speaks of.

    Where it speaks of tags or entities, only those within a word are meant.
    """
    if "&" not in text:
        return text
    careful = _TAGS.search(text) is not None or _SPEAKS.search(text) is not None
    once = (_TWICE if careful else _TWICE_ANYWHERE).sub("&", text)
    return _ENTITY.sub(lambda found: _character(found, careful), once)


def lone_ampersands_escaped(markup: str) -> str:
    """Markup in which no parser takes the beginning of a parameter's name for an entity, and
    finds none of a control character."""
    return _LONE.sub("&amp;", _OF_CONTROL.sub("", markup)) if "&" in markup else markup


def _character(found: re.Match[str], careful: bool) -> str:
    text, start, end = found.string, found.start(), found.end()
    if careful and not (text[start - 1 : start].isalnum() and text[end : end + 1].isalnum()):
        return found[0]
    return html.unescape(found[0]).translate(_UNSEEN)
