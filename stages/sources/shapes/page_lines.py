"""Lines that were broken to fit a page: words that a hyphen parts are whole again, and a title
stands apart from the text below it.

Knows how pages are set, by the text's own words; no dictionary.  Invariant: no word is lost, and a
hyphen goes only where the text's own words don't speak for it.
"""

from __future__ import annotations

import re
from collections.abc import Collection

LONGEST_TITLE = 160  # characters
_NEARBY = 12  # lines by which the width of a page is known

_BROKEN = re.compile(
    r"(?<![\w/\\-])((?:[^\W\d_]++-){0,3}[^\W\d_]{2,30})[-\u2010]"
    r"[ \t]*\n[ \t]*([^\W\d_]+)(\S*)[ \t]*\n?"
)
_SOFT = re.compile("\u00ad[ \\t]*\\n[ \\t]*")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# What no word ends with that stands alone: "attack-ers" is one word, "command-line" two.
_ENDING = re.compile(
    r"(?:ers?|ing|ings|ed|es|tion|tions|sion|sions|ation|ations|ment|ments|ness|ity|ities|ly|ally"
    r"|able|ible|ous|ious|ive|tive|ance|ence|ties|ty|cy|ized|ised|izing|ising|ture|tures|ware|al"
    r"|cial|tial|ical|ist|ists|ism|ful|less|ent|ant|ents|ants|ate|ates|ated|ating)"
)
# "pre- and post-processing": the word goes on further below.
_SUSPENDED = frozenset("and or to und oder bis et ou y o e".split())
_COMPOUND = frozenset(  # words that others are joined to by a hyphen
    "multi non self well zero cross man end open high low long short real first second third two"
    " one three state full all so cyber hard read write user client server command remote log sign"
    " built plug brute spear cloud on off in out up".split()
)
# Words that only stand with a capital where a sentence begins.
_BEGINS = re.compile(
    r"(?:The|An?|On|In|At|We|It|This|That|These|When|After|Since|Before|During|While|As|If|By|From"
    r"|For|To|Our|Their|Its|They|There|Some|Several|Many|Two|Three|Last|Early|Once|All|No)\b"
)
_ENDED = re.compile(r"[.!?:;,)\u2026-]\s*\Z")
_TITLED = re.compile(r"[\"“'(]?[A-Z\d]")
_FIELD = re.compile(r"[\w-]+: ")
_PROSE = re.compile(r"(?<!\S)[a-z]+(?=[ ,;.])")
_LEAST_PROSE = 3  # words in small letters of a line that is no entry of a log


def as_set(text: str) -> str:
    """A text of pages or of a file as it was written, but for where its lines end."""
    text = text.replace("\r\n", "\n")
    text = _with_whole_words(text) if "-\n" in text or _SOFT.search(text) else text
    return _with_title_apart(text)


def _with_whole_words(text: str) -> str:
    text = _SOFT.sub("", text)
    known = {one.lower() for one in _WORD.findall(_BROKEN.sub(" ", text))}
    return _BROKEN.sub(lambda broken: _together(broken, known), text)


def _together(broken: re.Match[str], known: Collection[str]) -> str:
    first, rest, behind = broken.groups()
    if rest.lower() in _SUSPENDED or "/" in behind or "@" in behind:
        return broken[0]
    hyphen = "" if _is_one_word(first.lower(), rest, known) else "-"
    return f"{first}{hyphen}{rest}{behind}\n"


def _is_one_word(first: str, rest: str, known: Collection[str]) -> bool:
    """Whether two halves are one word by what else the text says."""
    if "-" in first or not rest.islower() or f"{first}-{rest}" in known:
        return False
    if f"{first}{rest}" in known or _ENDING.fullmatch(rest):
        return True
    return first not in _COMPOUND and first not in known and rest not in known


def _with_title_apart(text: str) -> str:
    """The text with a blank line below its title, if its first line is one and none is there."""
    lines = text.lstrip("\n").split("\n", _NEARBY + 1)
    title, below = lines[0].strip(), lines[1].strip() if len(lines) > 1 else ""
    titled = _TITLED.match(title) and len(title) <= LONGEST_TITLE and not _ENDED.search(title)
    prose = len(_PROSE.findall(below)) >= _LEAST_PROSE and below[:1].isupper()
    if not titled or not prose or _FIELD.match(below):
        return text
    width = max(len(one.rstrip()) for one in lines[: _NEARBY + 1])
    fits = len(title) + 1 + len(below.split()[0]) <= width and len(below) > len(title)
    if not fits and not _BEGINS.match(below):
        return text
    return "\n".join([lines[0], "", *lines[1:]])
