"""Where fields stand that are told beside a text: ahead of it what opens it, behind it the rest.

Knows what fields mean and how they are written; reads no text.  Invariant: fields keep the order
that the record has them in, but that none is told first that says little without the others.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import takewhile

from stages.data_structurer.passages import MARKER, is_line_of_prose
from stages.data_structurer.telling import LEAST_UNENDED, ToldSection
from stages.text.field_names import AFFECTED, FIGURE, OTHER, SIGNS, TOLD
from stages.text.sentences import is_whole

LEAST_SECTIONS = 2  # that tell of something without a text,
LEAST_ENTRIES = 3  # or as many items of a list,
LEAST_TEXT = 120  # characters of two
_QUESTION = re.compile(r"question(?: text| body)?|asked|q", re.IGNORECASE)


def ahead_of_text(
    sections: Sequence[ToldSection], told: Collection[ToldSection]
) -> list[ToldSection]:
    """Of those told what opens a text: the question that it answers, and sentences that stand
    ahead of it in the record, such as what somebody is said to have done."""
    before = list(takewhile(lambda one: one.label, sections))
    opens = [one for one in before if one.meaning in (OTHER, TOLD) and _says(one)]
    return [one for one in sections if one in told and (one in opens or _asks(one))]


def in_order(sections: Sequence[ToldSection]) -> list[ToldSection]:
    """The sections of a record without a text, in its order; none where they say too little."""
    alone = len(sections) < LEAST_SECTIONS and not any(map(_is_log, sections))
    if alone or not any(map(_says, sections)):
        return []
    first = next((one for one in sections if one.meaning not in _LATER), sections[0])
    return [first, *(one for one in sections if one is not first)]


def _is_log(section: ToldSection) -> bool:
    entries = section.text.count("\n") + 1
    long = entries > 1 and len(section.text) >= LEAST_TEXT
    return section.listed and (entries >= LEAST_ENTRIES or long)


_LATER = frozenset({AFFECTED, FIGURE, SIGNS})


def _asks(section: ToldSection) -> bool:
    """Whether it is the question that the text answers."""
    return _QUESTION.fullmatch(section.label) is not None and "?" in section.text


def _says(section: ToldSection) -> bool:
    """Whether its first line is a sentence, or an entry of a log that says as much without a full
    stop."""
    lines = section.lines.split("\n")
    line = lines[1] if lines[0].endswith(":") and len(lines) > 1 else lines[0]
    entry = MARKER.match(line) and is_line_of_prose(line) and len(line.split()) > LEAST_UNENDED
    return is_whole(line) or bool(entry)
