"""Whether an answer comes to its end, or was cut off.

Knows marks, and the words that end no sentence; no grammar.  Invariant: what a source leaves open
itself is not cut.
"""

from __future__ import annotations

import re

from stages.gates.wording import ends_open
from stages.text.code_ends import ends_as_code_of
from stages.text.literals import ends_with_literal
from stages.text.sentences import is_whole


def is_finished(answer: str, source: str) -> bool:
    """Whether an answer ends as a sentence does, with all closed that it or its source closes."""
    text = answer.rstrip()
    open_end = ends_open(text) and text[-60:-1] not in source
    cut = text.endswith(("...", "…")) or open_end
    end = text.rsplit("\n\n", 1)[-1]  # what a source has not closed is its own affair further up
    whole = is_whole(text) or ends_with_literal(text) or _ENDS_WITH_FACE.search(text) is not None
    whole = whole or ends_as_code_of(text, source)
    return whole and not cut and (_balanced(end) or _left_open(end, source))


def _balanced(text: str) -> bool:
    """Whether every bracket and quotation that opens is closed; "a)" opens none, and neither does
    a mark that the text speaks of, or one of inches."""
    shown = _SPOKEN_OF.sub("", _FACE.sub("", text))
    if shown.count("(") > shown.count(")") or shown.count("“") != shown.count("”"):
        return False
    marks = shown.count('"')
    return marks % 2 == 0 or (marks - len(_INCHES.findall(shown))) % 2 == 0


def _left_open(end: str, source: str) -> bool:
    """Whether words stand in a source that does not close what they open, either."""
    at = source.find(end)
    if at < 0:
        return False
    behind = source[at + len(end) :].split("\n\n")[0]
    return not (_balanced(f"{end}{behind}") and set(behind) & set(_CLOSING))


_SPOKEN_OF = re.compile(
    r"(?<!\S)\"(?=[\s,;)]|\.(?![.\w\"]))|['`(]\"['`)]|\\\"|(?<!\S)[()](?=[\s,;]|\.(?!\w))"
)
_FACE = re.compile(r"(?<!\S)[:;]-?[()](?=\s|$)")  # ":)" opens nothing and closes nothing,
_ENDS_WITH_FACE = re.compile(r"\s[:;]-?[()]$")  # and stands in place of a full stop
_INCHES = re.compile(r"(?<=\d)\"(?![\w\"])")
_CLOSING = ')"”'
