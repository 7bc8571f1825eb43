"""Marks of what a text cites, taken out where the sentence reads on without them.

Knows the citations of ATT&CK, CWE, encyclopedias and papers.  Invariant: a number in brackets
that may be an index, a process id or a value stays, and so does a mark that a word needs.
"""

from __future__ import annotations

import re
from itertools import chain

# One bracket may stand within the brackets of a citation: "(Citation: Example (2030))".
_NAMED = re.compile(
    r"[ \t]?(?:\((?:(?i:citation): [^()\n]{0,300}(?:\([^()\n]{0,100}\)[^()\n]{0,300}){0,4}"
    r"|(?i:(?:see |cf\.? |from |also ){0,2})\[REF-\d{1,5}\]"
    r"(?:(?:, ?| and |, and )\[REF-\d{1,5}\]){0,9}"
    r"|(?i:see|cf\.) (?:also )?(?i:fig(?:ure|\.)?|table|section|appendix) ?[\w.-]{1,12})\)"
    r"|\[(?:(?i:citation): [^\[\]\n]{0,300}|(?i:citation needed|note \d{1,3}))\])"
)
# Behind these words a mark is what the sentence speaks of: "as shown in [3]", "exit code [5]".
_NEEDED_BY = re.compile(
    r"(?:^|[^\w-])(?i:see|in|by|from|of|at|to|with|and|or|than|also|for|on|via|per|is|are|was|were"
    r"|be|code|codes|error|errors|exit|status|pid|process|line|lines|index|element|byte|value"
    r"|values|level|version|number|id|port|type|returns?|returned|equals?|set"
    r"|interval|range|array|vector|tuple|offset|slot|register|argument|row|column)$"
)
_SEE = re.compile(
    r"(?:^|(?<=[.!?])[ \t])See (?:also )?\[REF-\d{1,5}\](?: (?:for|in|on) [^.\n]{0,80})?\.",
    re.MULTILINE,
)
# Where on the same page more stands, which a reader of a part of it can't follow.
_OWN_SECTION = re.compile(
    r"(?:^|(?<=[.!?])[ \t])For (?:more|further|additional) (?:information|details)"
    r"(?: (?:about|on) [^.\n]{1,80})?, (?:please )?(?:see|refer to) the "
    r"['\"]?[A-Z]\w+(?: [A-Z]\w+){0,2}['\"]? section(?: (?:below|above|of this \w+))?\.",
    re.MULTILINE,
)
_REFERENCE = re.compile(r"[ \t]?\[REF-\d{1,5}\](?!\()")
_NUMBERS = r"(?:\[(?!1-9\])[1-9]\d{0,2}(?:[,–-] ?\d{1,3}){0,9}\]){1,9}"
# Right behind the end of a sentence or clause.
_BEHIND_A_MARK = re.compile(
    rf"(?:(?<=[A-Za-z)”][.!?])|(?<=[a-z]{{2}}[,;])){_NUMBERS}(?=[\s)]|[.,;](?:\s|$)|$)"
)
# Behind a word, where the text is known to cite by numbers; not in front of a colon.
_BEHIND_A_WORD = re.compile(rf"(?<=[A-Za-z)”])(?<!-[A-Za-z])[ \t]{_NUMBERS}(?=[\s.,;)]|$)")
_LISTED = re.compile(r"^[ \t]{0,8}(?:[-*] )?\[([1-9]\d{0,2})\]:?[ \t]+\S", re.MULTILINE)
_SEVERAL = re.compile(r"[1-9]\d{0,2}(?:, ?[1-9]\d{0,2}){1,9}")
_FIRST = re.compile(r"\d+")
# What the numbers stand for, under a heading at the end.
_LIST = re.compile(
    r"(?:^|\n)[ \t]*(?:#{1,6} |\*\*)?(?i:references?(?: cited)?|sources|bibliography|literature"
    r"|citations|footnotes|endnotes|works cited|quellen|références|referencias|bibliograf[ií]a)"
    r"(?:\*\*)?:?[ \t]*\n\s*(?:[ \t]*(?:[-*] )?\[\d{1,3}\]:?[ \t]+\S[^\n]*(?:\n\s*|\Z)){1,400}\Z"
)
_LONGEST_WORD = 16
# A text that was cut off may end within a citation or the target of a link.
_CUT_CITATION = re.compile(
    r"(?<=[.!?])[ \t]?\((?:Citation: ?[^()\n]{0,300}|Citation|Citatio|Citati|Citat|Cita|Cit|Ci|C)"
    r"(?:\.\.\.|…)\s*$"
)
_CUT_MARK = re.compile(
    r"[ \t]?\(Citation: ?[^()\n]{0,300}(\.\.\.|…)\s*$"
    r"|\[([^\[\]\n]{1,200})\]\([^\s()]{0,500}(\.\.\.|…)\s*$"
)


def without_citations(text: str) -> str:
    """A text without the marks of what it cites."""
    if " section" in text:
        text = _OWN_SECTION.sub("", text)
    if "[" not in text and "(" not in text:
        return text
    text = _CUT_CITATION.sub("", _NAMED.sub("", text))
    if "[REF-" in text:
        text = _REFERENCE.sub(_unless_needed, _SEE.sub("", text))
    if "]" in text:
        text = _without_numbers(text)
    return _CUT_MARK.sub(lambda cut: "".join(filter(None, (cut[2], cut[1] or cut[3]))), text)


def _without_numbers(text: str) -> str:
    """A text without the numbers of its references, of those that it lists if it lists any, and
    without their list at its end."""
    shown, count = _BEHIND_A_MARK.subn("", text)
    listed = frozenset(_LISTED.findall(text))
    if count or listed or _is_run(text):
        shown = _BEHIND_A_WORD.sub(lambda found: _unless_needed(found, listed), shown)
        listing = _LIST.search(shown)
        shown = shown[: listing.start()].rstrip() if listing else shown
    return shown


def _is_run(text: str) -> bool:
    """Whether the numbers behind words count what is cited: two that follow each other, one of them
    at the end of a clause, or several in one mark."""
    marks = [one for one in _BEHIND_A_WORD.finditer(text) if not _is_needed(one)]
    numbers = [{int(number) for number in _FIRST.findall(one[0])} for one in marks]
    ended = (those for one, those in zip(marks, numbers, strict=True) if _ends_clause(one))
    known = frozenset(chain.from_iterable(numbers))
    several = any(_SEVERAL.search(one[0]) for one in marks)
    return several or any({n - 1, n + 1} & known for those in ended for n in those)


def _ends_clause(mark: re.Match[str]) -> bool:
    return mark.string[mark.end() : mark.end() + 1] in ".,;"


def _is_needed(found: re.Match[str]) -> bool:
    """Whether the word before a mark needs it."""
    begin = found.start()
    return bool(_NEEDED_BY.search(found.string[max(0, begin - _LONGEST_WORD) : begin]))


def _unless_needed(found: re.Match[str], listed: frozenset[str] = frozenset()) -> str:
    """Nothing in place of a mark, but where the word before it needs one or no list has it."""
    if _is_needed(found):
        return found[0]
    numbers = _FIRST.findall(found[0])
    return found[0] if listed and listed.isdisjoint(numbers) else ""
