"""Raised and lowered text of a page: powers as "2^32", notes of what it cites not at all.

Knows how digits, units and brackets stand in front of a power.  Invariant: what is raised never
becomes a part of the number in front of it.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import Tag

_TAGS = ["sup", "sub", "xhtml:sup", "xhtml:sub"]
_LONGEST = 40  # characters in front that are looked at
_MOST_SIBLINGS = 20
# No letters that make an ordinal number of other languages: 1er, 3a, 5e, 2o.
_POWER = re.compile(r"[-−–+]?(?:\d{1,6}(?:[.,/]\d{1,4})?|[b-df-np-qs-zA-Z])")
_SUM = re.compile(r"(?:\d{1,6}|[a-zA-Z])(?: ?[-−–+*/·^] ?(?:\d{1,6}|[a-zA-Z])){1,4}")
# Behind a version, a year or a number of things stands a note; powers of these are everywhere.
_BASE = re.compile(r"(?:^|[^\w.,])(?:2|10|16|256|1000|1024)$")
_SMALL = re.compile(r"(?:^|[^\w.,])\d{1,3}$")
# "x", "(p-1)", "100 m": a word is followed by a note.
_TERM = re.compile(r"(?:^|[^\w'’])(?:[a-zA-Z]|\(\w{1,3} ?[-−–+*/] ?\w{1,3}\))$|\d ?[kcmµn]?m$")
_NOTE = re.compile(
    r"[\[(]?(?:\d{1,3}|[*†‡§¶#]{1,3}|[a-d]|note \d{1,3}|citation needed)"
    r"(?:(?:, ?|[–-]|; ?)\d{1,3}){0,9}[\])]?[,;]?"
)
_BRACKETED = re.compile(r"(?:\[[^\[\]]{1,40}\])+")
_ENDS_A_WORD = re.compile(r"[^\W_][*_\"'”’»)\]]*[.,;:!?]?[*_\"'”’»)\]]*$")


def raise_marks(soup: Tag) -> None:
    """Give every raised and lowered element of a tree the text that it is read as."""
    marks = soup.find_all(_TAGS)
    cites = any(_is_note_behind_a_word(one) for one in marks)
    for one in reversed(marks):  # those within others first
        one.string = _shown(one, cites)
        if not one.string:
            _close_up(one)


def _close_up(mark: Tag) -> None:
    """Drop the blank in front of an element that shows nothing, where there is one behind it."""
    before, behind = mark.previous_sibling, mark.next_sibling
    follows = behind if isinstance(behind, str) else " "
    if isinstance(before, str) and before.endswith(" ") and follows[:1] in " .,;:)":
        before.replace_with(before.rstrip(" "))


def _is_note_behind_a_word(mark: Tag) -> bool:
    before, said = _before(mark), _said(mark)
    return said.isdigit() and before[-1:].isalpha() and not _TERM.search(before)


def _shown(mark: Tag, cites: bool) -> str:
    """What an element is read as, by what stands in front of it on its line."""
    said, before = _said(mark), _before(mark)
    behind_a_number = before[-1:].isdigit()
    if mark.name.endswith("sub"):
        return f"_{said}" if behind_a_number and said.isdigit() else said
    is_note = _BRACKETED.fullmatch(said) or (_NOTE.fullmatch(said) and _may_be_noted(before, said))
    if mark.find("a") is None and not _BRACKETED.fullmatch(said):
        if _may_have_a_power(before, cites) and (power := _power(said)):
            return power
    bracketed = before.rstrip() if said.startswith("[") else before
    if is_note and _ENDS_A_WORD.search(bracketed):
        return ""
    return f" {said}" if behind_a_number and said[:1].isdigit() else said


def _power(said: str) -> str:
    if _POWER.fullmatch(said):
        return f"^{said}"
    return f"^({said})" if _SUM.fullmatch(said) else ""


def _may_have_a_power(before: str, cites: bool) -> bool:
    if before[-1:].isdigit():
        return bool(_BASE.search(before) or (not cites and _SMALL.search(before)))
    return _TERM.search(before) is not None


def _may_be_noted(before: str, said: str) -> bool:
    """Whether it may be a note's mark there; behind a number or a letter, one of a letter isn't."""
    return not said.isalpha() or before[-2:].isalpha() or not before[-1:].isalnum()


def _said(mark: Tag) -> str:
    return " ".join(mark.get_text().split())


def _before(mark: Tag) -> str:
    """The text in front of an element on its line, without what else is raised."""
    found = ""
    for one in islice(mark.previous_siblings, _MOST_SIBLINGS):
        name = getattr(one, "name", None) or ""
        if (
            name in ("br", "p", "li", "div", "tr", "td", "ul", "ol", "pre")
            or len(found) >= _LONGEST
        ):
            break
        if not name.endswith("sup"):
            text = one if isinstance(one, str) else one.get_text()
            found = f"{text[-_LONGEST:]}{found}"
    return found.replace("\xa0", " ")
