"""A text as a whole, or its first paragraphs, as an answer to what it says.

A summary with a sentence left out in the middle leans on what is missing, so nothing is: only what
stands at the two ends goes, such as a greeting or a farewell.  Knows no question.  Invariant: an
answer is one stretch of the record's text with its lines joined, and ends with a paragraph.
"""

from __future__ import annotations

import re

from stages.data_structurer.answers import RECORD, Answer
from stages.data_structurer.antecedents import beginning
from stages.data_structurer.passages import (
    FULL_LINE,
    MARKER,
    Sentence,
    is_line_of_prose,
    with_capital,
)
from stages.data_structurer.reading import Reading
from stages.data_structurer.roles import Role
from stages.data_structurer.subjects import TITLED
from stages.recipe.asks import FIRST_PARAGRAPHS, OWN_WORK, Way
from stages.recipe.role_names import ASIDE
from stages.text.sentences import is_whole

LONGEST_WHOLE = 1_900  # characters of a text that is told as a whole
LONGEST_PART = 1_400  # of the first paragraphs of a longer one, and
SHORTEST_PART = 240  # at least
LEAST_SENTENCES = 0.7  # share of lines that end as sentences do; less is slides or a log
SURELY_ASIDE = 0.4

_OF_THE_TITLE = re.compile(r"(?:This|These) \w+ ", re.IGNORECASE)
_SIGNATURE = re.compile(r"^--[ \t]*$", re.MULTILINE)
_BREAK = re.compile(r"\n\s*\n")
# What can't stand in an answer, and would leave a hole: tags of a list, a talk of several people,
# advertising, tables.
NOT_TOLD = re.compile(
    r"^\W*\[(?:done|open|rejected|x| )\]|^\s*\[?\d{1,2}:\d{2}(?::\d{2})?\]? ?<?[\w.-]{1,20}>?: "
    r"|^(?-i:(?P<who>[A-Z][A-Za-z.]{1,15})): [^\n]*\n(?:[^\n]*\n)*?(?P=who): "
    r"|\b(?:discover (?:how|what|why)|light up your|at the heart of everything|unleash|sign up now"
    r"|up to \w+ times the)\b"
    r"|^[ \t]*\|",
    re.IGNORECASE | re.MULTILINE,
)
_ANSWERS_A_LETTER = re.compile(r"(?:re|aw|sv|antw)\s*:", re.IGNORECASE)
_ASKS = re.compile(r"^[^\n]{3,90}\?[ \t]*$|^Q ?\d{0,2}: ", re.MULTILINE)


def whole(reading: Reading, way: Way) -> Answer | None:
    """All that a text tells, or its first paragraphs (`of` the way)."""
    told = _told(reading, way)
    if not told or _ANSWERS_A_LETTER.match(reading.identity.name):
        return None
    start, end = _start(reading, told[0]), told[-1].end
    slogan = NOT_TOLD.search(reading.text, start, start + (end - start) // 4)
    if slogan:  # a text that begins with advertising begins behind it
        start = next((one.start for one in told if one.start >= slogan.end()), end)
    part = way.of == FIRST_PARAGRAPHS
    if part != (end - start > LONGEST_WHOLE):
        return None
    end = _end_of_part(reading.text, start, told) if part else end
    said = _parted(reading, start, end)
    if (
        end <= start
        or NOT_TOLD.search(said)
        or not _is_prose(reading, said, part or way.of == OWN_WORK)
    ):
        return None
    return Answer(with_capital(as_lines(said)), RECORD)


def _parted(reading: Reading, start: int, end: int) -> str:
    """A stretch of the text, with an empty line where one of its passages ends."""
    said, at = reading.text[start:end], 0
    for passage in reading.passages[:-1]:
        at = reading.text.index(passage, at) + len(passage)
        if start < at < end:
            said = said[: at - end] + "\n" + said[at - end :]
    return said


def _told(reading: Reading, way: Way) -> list[Sentence]:
    """From the first sentence that can begin a story to the last that belongs to it."""
    both = list(zip(reading.sentences, reading.roles, strict=True))
    first = next((at for at, one in enumerate(both) if _begins(reading, at, *one, way)), None)
    if first is None:
        return []
    signed = _SIGNATURE.search(reading.text)
    stop = signed.start() if signed else len(reading.text)
    rest = [one for one in both[first:] if one[0].start < stop]
    while rest and _is_aside(*rest[-1]):
        rest.pop()
    return [sentence for sentence, _ in rest]


_OWN_WORK = re.compile(
    r"\b(?:we|our|this (?:paper|work|study|article|survey|thesis|report|research))\b", re.IGNORECASE
)


def _begins(reading: Reading, at: int, sentence: Sentence, role: Role, way: Way) -> bool:
    if _is_aside(sentence, role) or not sentence.ended:
        return False
    if way.of == OWN_WORK and not _OWN_WORK.search(sentence.text):
        ahead = at + 1 < len(reading.sentences) and reading.sentences[at + 1]
        return bool(
            ahead and _OWN_WORK.search(ahead.text) and beginning(reading.sentences, at + 1) == at
        )
    if at:
        return beginning(reading.sentences, at) == at
    of_title = reading.subject.kind in TITLED and _OF_THE_TITLE.match(sentence.text)
    return bool(of_title) or not sentence.points_back


def _is_aside(sentence: Sentence, role: Role) -> bool:
    return ASIDE in role.cued and role.probabilities[ASIDE] >= SURELY_ASIDE and not sentence.item


def _start(reading: Reading, first: Sentence) -> int:
    """Where the first sentence begins, or its item; or the question above it, if it answers one."""
    for passage in reading.passages[1:]:
        if passage.startswith(reading.passages[0]):  # a summary, which the text begins with again
            return reading.text.rindex(passage)
    asked = list(_ASKS.finditer(reading.text))
    above = [found for found in asked if found.end() <= first.start]
    near = above and not reading.text[above[-1].end() : first.start].strip(" \n:Aa")
    if above and near and len(asked) > 2:
        return above[-1].start()
    line = reading.text.rfind("\n", 0, first.start) + 1
    return line if MARKER.match(reading.text, line, first.start) else first.start


def _end_of_part(text: str, start: int, told: list[Sentence]) -> int:
    """The end of the last paragraph that fits; `start` where none does."""
    ends = [found.start() for found in _BREAK.finditer(text, start, start + LONGEST_PART)]
    whole = [end for end in ends if any(one.end == end or one.end == end - 1 for one in told)]
    last = whole[-1] if whole else start
    return last if last - start >= SHORTEST_PART else start


def _is_prose(reading: Reading, said: str, part: bool) -> bool:
    """Whether most lines are sentences, and no more than half of the text stands at its ends."""
    lines = as_lines(said).split("\n")
    ended = sum(len(line) for line in lines if is_whole(line))
    most = part or 2 * len(said) >= sum(map(len, reading.passages))
    return most and ended >= LEAST_SENTENCES * sum(map(len, lines))


def as_lines(said: str) -> str:
    """A stretch of text with its broken lines joined; items, headings and code keep theirs."""
    blocks = (_joined(block) for block in _BREAK.split(said))
    return "\n\n".join(block for block in blocks if block)


def _joined(block: str) -> str:
    lines: list[str] = []
    before = ""  # the line above, as it stands
    for line in filter(None, map(str.strip, block.split("\n"))):
        broken = is_line_of_prose(before) and len(before) > FULL_LINE and not is_whole(before)
        runs_on = broken or (is_line_of_prose(before) and is_line_of_prose(line))
        if lines and runs_on and not (MARKER.match(line) or before.endswith((":", "?"))):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
        before = line
    return "\n".join(lines)
