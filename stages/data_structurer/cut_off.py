"""Of a sentence that a feed has cut off, the part that can stand without the rest.

Knows where clauses and lists of names end; knows nothing of what is said.  Invariant: a part ends
where the source has a comma, a conjunction or the words on how or where, and no bracket in it is
open.
"""

from __future__ import annotations

import re

from stages.data_structurer.passages import Sentence
from stages.gates.words import tokens

_CUT = re.compile(r"(?<!\s)\s*(?:\.\.\.|…)\s*$")
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|may|might|could|will|uses?|used|allows?)\b"
)
# A name may stand alone before the others of a list; "the business" of several sectors may not.
_NAME_BEFORE = re.compile(r"(?:^|\s)[A-Z0-9][\w-]*$")
_PART_ENDS = re.compile(r"[,;] | and (?=(?:used|uses|was|were|has|have|is|are)\b)| as well as ")
# "... can run on old and new Foos and": what is cut off is one more of the same.
_ONE_MORE = re.compile(r"(?<=[a-z]s) and\s*(?:\.\.\.|…)\s*$")
# What a clause may end with before another verb: "through an exposed server and used ...".
_CLAUSE_ENDS = re.compile(
    r"\b(?:an?|the|its|their|of|from|in|by|with|to) (?:[\w-]+ ){0,2}[\w-]*(?<!ed)(?<!en)$"
)
_APPOSITION = re.compile(r"(?:[^\s,;]+ ){0,3}[^\s,;]+, (?:an?|the|also|which|who|whose|or|one)\b")
_ADDS = re.compile(
    r", (?:(?:wh\w{0,3}|in|for|as|with|from|often|via|through|mostly)\s*(?:\.\.\.|…)"
    r"|(?:which|who|whose|where|when|while|including|such as|using"
    r"|targeting|primarily|mainly|particularly|especially|often|but|although|as well as|as in"
    r"|and (?:it|they|has|have|is|was))\b)"
)
_TOLD = re.compile(
    rf"{_VERB.pattern}|\b(?:includes?|involves?|\w{{3,}}ed|came|got|took|made|began|sent|ran)\b"
)
_VAGUE = re.compile(r"\b(?:variety|number|range) of (?:[\w-]+ ){0,2}[\w-]+$")  # of what follows
# What says how something is done, behind a clause that can do without it.
_HOW = re.compile(r" (?:by (?=[a-z]+ing\b)|via |using |in order to |through the use of )")
_ACTS = re.compile(
    rf"{_VERB.pattern}|\b[a-z]{{3,}}(?:ed|(?<![sui])s)"
    r" (?!(?:of|in|by|on|with|from|to|and|or|for|via|as|at|that|which|who)\b)[a-z]"
)
# "attacks conducted", "a site created", "relies upon a user opening": nothing without the rest.
_NEEDS_HOW = re.compile(
    r"(?:ed|[a-z]{2}wn|built|made|done|spread|sent|sold)$|\brel(?:y|ies) (?:up)?on\b"
)
# "ports, mills, and schools in the Long B...": where the last of them are.
_WHERE = re.compile(r"(?<=[a-z]s) in (?:the )?(?:[A-Z][\w-]* ?){1,3}(?:\.\.\.|…)\s*$")
_COMMA = re.compile(", ")
_CUT_IN_LIST = re.compile(
    r", (?:(?:the|and|or) )*(?:[A-Z][^\s,;:()]*,? ?){0,5}(?:and |the )?\s*(?:\.\.\.|…)\s*"
)
# Behind the last of several things, which were nothing without it: "to see, to sell, or as a ...".
_LAST_OF_SEVERAL = re.compile(r",? (?:or|and) (?!(?:used|uses|was|were|has|have|is|are)\b)")
# What is made of all that is listed, so that a part of it is another.
_MIXED = re.compile(r"\b(?:combination|mix|mixture|merger|union|pair|series|set) of [^,;.]*$")
SHORTEST_PART = 8  # words of a sentence that was cut off, if its first part is to be used


# Names beside the one that a list begins with; none of them may be the one that was cut off.
_OTHERS = re.compile(
    r", (?:and )?(?:[A-Z][\w.-]*(?: [A-Z][\w.-]*){0,3})(?=,| and |\s*(?:\.\.\.|…))"
)
_LAST_NAME = re.compile(r", ([A-Z][\w.-]*)$")
_LAST_OF_LIST = re.compile(r", and [^,]+$")
_SAYS_SO = re.compile(r"\b(?:including|such as|like)\b[^,;]*$")  # that a list is not all
# "such as a rope, a lamp, Gull Sails": examples of which the last ones were cut off.
_LAST_EXAMPLE = re.compile(r"(\b(?:such as|like) (?:(?! and | or )[^;])*), ((?!and |or )[^,;]+)$")
_GLUED = re.compile(r"(?<=[a-z]{3}\.)(?=[A-Z][a-z]+ )")  # where a blank between sentences was lost
_NUMBERED_PART = re.compile(r"[,;] (?=\(\d\))")  # "..., (2) a job is queued, (3) ..."


def first_part(text: str, start: int, end: int) -> Sentence | None:
    """Of a sentence that was cut off, what stands before a clause which only adds to it; of a list
    of names, the first with the word that there are others."""
    if not _CUT.search(text, start, end) or _APPOSITION.match(text[start:end].lstrip()):
        return None
    if marks := list(_NUMBERED_PART.finditer(text, start, end)):
        return _part(text, start, marks[-1].start()) if "(1)" in text[start:end] else None
    if found := _up_to_names(text, start, end):
        return found
    marks = sorted(_PART_ENDS.finditer(text, start, end), key=lambda mark: mark[0] != "; ")
    for mark in marks:
        stop = mark.start()
        shown = " ".join(text[start:stop].split())
        named = _NAME_BEFORE.search(shown)
        if _LAST_OF_SEVERAL.match(text, stop, end) and ", " in shown:
            continue
        ways = (
            mark[0] in ("; ", " as well as "),
            mark[0] == " and " and _CLAUSE_ENDS.search(shown),
            mark[0] == ", " and (named or _ADDS.match(text, stop, end)),
        )
        if len(tokens(shown)) >= SHORTEST_PART and any(ways) and not _VAGUE.search(shown):
            told = _VERB if mark[0] == ", " and named else _TOLD
            if not (_is_closed(shown) and told.search(shown)):
                return None
            listed = mark[0] == ", " and named and not _LAST_EXAMPLE.search(shown)
            others = listed and _OTHERS.match(text, stop, end)
            return _list_of_names(text, start, stop, end) if others else _part(text, start, stop)
    more = _ONE_MORE.search(text, start, end)
    if more and "," not in text[start : more.start()] and _VERB.search(text, start, more.start()):
        return _part(text, start, more.start())
    where = _WHERE.search(text, start, end)
    if (
        where
        and ", and " in text[start : where.start()]
        and _TOLD.search(text, start, where.start())
    ):
        return _part(text, start, where.start())
    return _without_how(text, start, end)


def _up_to_names(text: str, start: int, end: int) -> Sentence | None:
    """A sentence that was cut off in a list of names at its end, with those that are whole."""
    for comma in _COMMA.finditer(text, start, end):
        shown = " ".join(text[start : comma.start()].split())
        begins = _NAME_BEFORE.search(shown) and _OTHERS.match(text, comma.start(), end)
        if begins and len(tokens(shown)) >= SHORTEST_PART and _TOLD.search(shown):
            last = _end_of_names(text, comma.start(), end)
            cut = _CUT_IN_LIST.fullmatch(text, last, end) and last > comma.start()
            return _list_of_names(text, start, comma.start(), end) if cut else None
    return None


def _without_how(text: str, start: int, end: int) -> Sentence | None:
    """A sentence up to what only says how something is done, "by generating ..."."""
    for mark in _HOW.finditer(text, start, end):
        shown = " ".join(text[start : mark.start()].split())
        told = len(tokens(shown)) >= SHORTEST_PART and _ACTS.search(shown)
        if (
            told
            and not _NEEDS_HOW.search(shown)
            and not _VAGUE.search(shown)
            and not re.search(r"[,;:]", shown)
        ):
            return _part(text, start, mark.start())
    return None


def _list_of_names(text: str, start: int, stop: int, end: int) -> Sentence | None:
    """A sentence up to the end of a list whose first name ends at `stop`: a whole list as it is,
    one that goes on with the word that there are others.  The first name alone is no list."""
    last = _end_of_names(text, stop, end)
    if last == stop or _MIXED.search(text, start, stop):
        return None
    whole = _LAST_OF_LIST.search(text, stop, last)
    return _part(text, start, last, "" if whole else ", among others")


def _end_of_names(text: str, stop: int, end: int) -> int:
    """Where the last name of a list ends that another one surely follows."""
    while (one := _OTHERS.match(text, stop, end)) and text.startswith(",", one.end()):
        stop = one.end()
    return stop


def _part(text: str, start: int, stop: int, behind: str = "") -> Sentence | None:
    """The part of a text up to a place, or to where a blank between its sentences was lost."""
    glued = _GLUED.search(text, start, stop)
    if glued is not None:
        stop, behind = glued.start(), ""
    shown = " ".join(text[start:stop].split())
    if behind and not _SAYS_SO.search(shown):
        shown = _LAST_NAME.sub(r" and \1", shown) + behind
    shown = _LAST_EXAMPLE.sub(r"\1 and \2", shown)
    return Sentence(shown, start, stop, 0) if _is_closed(shown) else None


def _is_closed(shown: str) -> bool:
    return shown.count("(") == shown.count(")") and shown.count("[") == shown.count("]")
