"""What rules can mend in a pair: a name for "It", markup, spaces, a missing full stop.

Knows the pair and its source; asks no model.  Invariant: literals stay as they are, and a text
that has nothing to mend comes back as it was.
"""

from __future__ import annotations

import html
import re

from stages.text.pronouns import with_name
from stages.text.sentences import is_whole

_CODE = re.compile(r"(`[^`\n]*`|```.*?```)", re.DOTALL)
_MARKUP: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), into)
    for pattern, into in (
        (r"<code>([^<`\n]{1,200})</code>", r"`\1`"),
        (r"</?(?:p|b|i|u|em|strong|span|br|ul|ol|li|div|a)\b[^<>]{0,200}>", ""),
        (r"!?\[([^\[\]\n]{1,200})\]\(https?://[^()\s]{1,500}\)", r"\1"),
        (r"\s?\(Citation: [^()]{1,200}\)", ""),
        (r"\s\[(?:REF-)?\d{1,4}\](?=[\s.,;]|$)", ""),
        (r"(?<![\w*])\*\*(?=\S)([^*\n]{1,200})(?<=\S)\*\*(?![\w*])", r"\1"),
    )
)
_ENTITIES = re.compile(r"&(?:amp|lt|gt|quot|#39|apos|nbsp);")
_SPACES = ((re.compile(r"[ \t]{2,}"), " "), (re.compile(r"(?<=\w) +(?=[,;.!?](?:\s|$))"), ""))
_ENDS_OPEN = re.compile(r"[\w)\"'`%\]]$")


def polished(text: str, name: str = "", quoted: bool = False) -> str:
    """A response without markup, with a name for the "It" it begins with, and an end.

    Where it is `quoted` from a text that has been read without its markup, what looks like
    markup is what the text is about.
    """
    pieces = _CODE.split(text.strip())
    if not quoted:
        # Code in backticks stands at the odd places, and stays.
        pieces[::2] = [_plain(piece) for piece in pieces[::2]]
    mended = with_name("".join(pieces).strip(), name)
    if _ENDS_OPEN.search(mended) and not is_whole(mended) and "\n" not in mended:
        mended += "."
    return mended


def _plain(piece: str) -> str:
    for pattern, into in _MARKUP:
        piece = pattern.sub(into, piece)
    if "&" in piece:
        piece = _ENTITIES.sub(lambda entity: html.unescape(entity[0]), piece).replace("\xa0", " ")
    for pattern, into in _SPACES:
        piece = pattern.sub(into, piece)
    return piece
