"""Where a text ends when it is told to its last sentence: with the items, the code, the questions
with their answers and the unended words behind that.

Knows lines and marks; knows nothing of what is said.  Invariant: a sentence that was passed over on
purpose, such as a farewell, stays out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from stages.data_structurer.fronts import TextItself, is_heading_line
from stages.data_structurer.lines import announces_code
from stages.data_structurer.passages import Sentence, is_line_of_prose
from stages.data_structurer.reading import Reading
from stages.gates.wording import ends_open
from stages.gates.words import tokens
from stages.text.sentences import is_whole, sentence_ends

_ITEM = re.compile(r"\n(?=[ \t]*(?:[-*•·–]|\d{1,2}[.)])[ \t])[^\n]*|\n(?: {4}|\t)[^\n]+")
# A question that is answered, too.
_ASKED = re.compile(
    r"\s*\nQ(?:uestion)? ?\d{0,2}: [^\n]+(?:\n[^\n]+)*"
    r"|\s*\n[^\n?]{10,200}\? (?:(?:Yes|No)\b[^\n]*[.!]|[^\n]*, (?:yes|no)\.)"
)
# What answers a question that stands before it, "No. It was not tar.", and is no answer alone.
_ANSWER = re.compile(r" (?:Yes|No)[.,;!][^\n]*[.!]")
# "Reinstall.": too short to be read as a sentence, and no farewell or name.
_SHORT_ORDER = re.compile(
    r" (?:Reinstall|Rebuild|Reimage|Replace|Restart|Reboot|Reset|Revoke|Remove|Rotate|Patch|Update"
    r"|Upgrade|Wipe|Delete|Isolate|Disconnect|Don[’']t)[.!]"
)
# "Three were fine.", "Rotate them.": two or three words that say something.
_SHORT = re.compile(r" [A-Z][\w'’]*(?: [\w'’-]+)?(?: [a-z][\w'’-]*)[.!]")
_ASKS = re.compile(r" [A-Z][^.!?\n]{3,200}\?(?=\s|\Z)")  # what somebody wants to know at last
# "We found none." as a paragraph of its own.
_LAST_LINE = re.compile(
    r"[^\S\n]*\n\s*(?P<said>(?:We|They|It|Nobody|Nothing|None|This|That|There) "
    r"(?![^.]*\b(?:sorry|regret|apologi[sz]e|thank)\b)[\w'’]+(?: [\w'’]+){0,2}[.])\s*"
)
_ENDS = (_ANSWER, _SHORT_ORDER, _SHORT, _ASKS)
_FAREWELL = re.compile(
    r" (?:(?:many |kind |best |warm )?(?:thanks|thank|regards|wishes|cheers|bye|greetings|yours|see"
    r"|take|stay|keep|good|have|talk|over|happy|safe|until|till|all|questions|more|read|full|details"
    r"|contact|sorry|signed|ends?|sent|source|photo|image)\b)",
    re.IGNORECASE,
)
_BREAK = re.compile(r"\n\s*\n")
_GOES_ON = re.compile(r"\n\s*\n(?:and|or|but|then) [^\n]+[.!](?=\n|\Z)")  # behind code
# Of a decision, with all its lines.
_PARAGRAPH = re.compile(
    r"[^\S\n]*\n\s*\((\d{1,2})\) [^\n]+(?:\n(?!\s*\(\d{1,2}\) )[^\n]*\S[^\n]*)*"
)
_LETTERED = re.compile(r"\s*\(([b-z2-9])\) ")
_LINE = re.compile(r"\n(?=[\"“(]?[A-Z])")  # behind which no item of a list goes on
LONGEST_PART = 2_700  # characters of the first paragraphs of a text, and
SHORTEST_PART = 240  # at least
LEAST_HEADED = 2  # sections of a text that is told up to the end of one
SHORTEST_END = 4  # words of a last sentence without a full stop


def end_of(reading: Reading, told: TextItself, end: int) -> int:
    """The end of the last sentence, or of the items, the code, the questions with their answers
    the few words without a full stop, or the short order right behind it."""
    text = reading.text
    stop = text.find("\n", end)
    stop = stop if stop >= 0 else len(text)
    if code := _end_of_code(text, end, told.end):
        end = stop = code
    elif _is_listed(text[:end], text[end:stop]):
        end = stop
    elif text[end:stop].strip(" \"')”’*_"):
        passed = any(one.start >= end for one in reading.sentences)
        short = 0 if passed else _short_end(text[end:stop])
        if short:
            return end + short
        return told.end if _is_last(reading, text[end : told.end], end) else end
    while found := (_ITEM.match(text, stop, told.end) or _ASKED.match(text, stop, told.end)):
        end = stop = found.end()
    if goes_on := _GOES_ON.match(text, stop, told.end):
        end = stop = goes_on.end()
    while (found := _PARAGRAPH.match(text, stop, told.end)) and _follows(found, text[:stop]):
        ends = sentence_ends(found[0])
        if not ends:
            break
        end = stop = found.start() + ends[-1]
    last = _LAST_LINE.fullmatch(text, stop, told.end)
    return last.end("said") if last else end


def _follows(paragraph: re.Match[str], said: str) -> bool:
    """Whether a numbered paragraph is the next of those that were told."""
    return f"\n({int(paragraph[1]) - 1}) " in f"\n{said}"


def _end_of_code(text: str, end: int, stop: int) -> int:
    """Where the code ends that the rest of a line announces, "It starts with:"; 0: none is."""
    line, _, below = text[end:stop].partition("\n")
    if not announces_code(line.strip(), below):
        return 0
    begin = stop - len(below.lstrip("\n"))
    blank = _BREAK.search(text, begin, stop)
    return blank.start() if blank else stop


def _is_listed(said: str, rest: str) -> bool:
    """Whether the rest of a line is the other items of a list in it: "(a) Cut it. (b) Ropes."."""
    found = _LETTERED.match(rest)
    before = f"({chr(ord(found[1]) - 1)}) " if found else "\n"
    return before in said.rpartition("\n")[2] and is_whole(rest)


def _short_end(rest: str) -> int:
    """How much of the rest of a line is questions, or sentences too short to be read as such."""
    at = 0
    while found := next((one for way in _ENDS if (one := way.match(rest, at))), None):
        if _FAREWELL.match(rest, at):
            break
        at = found.end()
    return at


def _is_last(reading: Reading, rest: str, end: int) -> bool:
    """Whether words behind the last full stop are a sentence too: "no need to rotate the key"."""
    words = tokens(rest)
    ended = rest[-1:].isalnum() and len(words) >= SHORTEST_END and not ends_open(rest)
    passed = any(one.start >= end for one in reading.sentences)
    return ended and not passed and all(map(is_line_of_prose, rest.split("\n")))


def end_of_part(text: str, start: int, told: Sequence[Sentence]) -> int:
    """The end of the last section that fits, where a text has some, or else of the last paragraph
    or line; `start` where none does."""
    headed = [one.end() for one in _BREAK.finditer(text, start) if _is_headed(text, one.end())]
    for parted in (_BREAK, _LINE):
        ends = [found.start() for found in parted.finditer(text, start, start + LONGEST_PART)]
        if len(text) - start <= LONGEST_PART:
            ends.append(len(text))
        if len(headed) >= LEAST_HEADED:
            ends = [end for end in ends if _is_headed(text, end)]
        whole = [end for end in ends if any(one.end in (end, end - 1) for one in told)]
        whole = [end for end in whole if text.count('"', start, end) % 2 == 0]
        if whole and whole[-1] - start >= SHORTEST_PART:
            return whole[-1]
    return start


def _is_headed(text: str, end: int) -> bool:
    """Whether a heading stands right behind a place."""
    line = text[end:].lstrip("\n").partition("\n")[0]
    return is_heading_line(line)
