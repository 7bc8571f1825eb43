"""Where a text begins when it is told from its first sentence on: with its heading, its question or
its code, and without a greeting.

Knows what stands above the first sentence of letters, posts and rules.  Invariant: nothing but
whom a text greets, who wrote it and a lone heading is left out ahead of its first sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stages.data_structurer.labels import LABEL
from stages.data_structurer.lines import LABELED, STAMP, announces
from stages.data_structurer.passages import (
    MARKER,
    SHORTEST,
    Sentence,
    heading_in,
    is_line_of_prose,
)
from stages.data_structurer.reading import Reading
from stages.gates.words import tokens
from stages.text.code_ends import has_sign


@dataclass(frozen=True)
class TextItself:
    """Where the text itself stands among all that was read: text[start:end], and its passages."""

    start: int
    end: int
    passages: tuple[str, ...]


# What stands in front of a text and is none of it: whom it greets, who wrote it and when.
_AHEAD = re.compile(
    r"(?:dear|hi|hello|hey|greetings|good (?:morning|evening|day)|to whom)\b[^\n]{0,60}"
    r"|(?:posted|written|published|by|author|reporter|date|from|to|subject|tlp)\b[^.\n]{0,80}"
    r"|(?:in this issue|contents|table of contents|\[?\.\.\.\]?):?",
    re.IGNORECASE,
)
_ASKED = re.compile(r"^[^\n]{10,400}\?+[ \t]*$", re.MULTILINE)
_GREETING = re.compile(
    r"(?:hi|hello|hey)(?: (?:all|team|everyone|there|folks))?[!,.] +(?=[A-Z])", re.I
)


def beginning_of(
    reading: Reading, text: TextItself, told: Sequence[Sentence], own_work: bool
) -> int:
    """Where the first sentence begins, with the lines above it that are no greeting: its heading
    where others have theirs, code, the question that it answers."""
    first = told[0]
    for passage in text.passages[1:]:
        if passage.startswith(text.passages[0]):  # a summary, which the text begins with again
            return reading.text.rindex(passage)
    line = max(reading.text.rfind("\n", 0, first.start) + 1, text.start)
    passed = any(text.start <= one.start < first.start for one in reading.sentences)
    asked = _ASKED.search(reading.text, text.start, line)
    if asked and not passed and not own_work:
        return asked.start()
    at = line if _keeps_front(reading.text, line, told, passed) else first.start
    if greeting := _GREETING.match(reading.text, at):
        return greeting.end()
    above = reading.text[text.start : line].rstrip()
    while above and not passed and not own_work:
        begun = text.start + above.rfind("\n") + 1
        if not _belongs(reading.text, begun, line, told):
            break
        at, above = begun, reading.text[text.start : begun].rstrip()
    return at


_PARAGRAPH = re.compile(r"\(\d{1,2}\) ")  # of a decision
_ANSWERS = re.compile(r"(?:(?:short )?answer: )?(?:yes|no)\b", re.IGNORECASE)


def _keeps_front(text: str, line: int, told: Sequence[Sentence], passed: bool) -> bool:
    """Whether what stands in front of the first sentence on its line stays: a mark, a label as
    others have one, or a question or a "yes" that no answer may begin with.

    passed: a sentence was passed over.
    """
    if MARKER.match(text, line, told[0].start) or _PARAGRAPH.match(text, line):
        return True
    lines = text[line : told[-1].end].split("\n")
    ahead = text[line : told[0].start].strip()
    if not passed and ("?" in ahead or _ANSWERS.match(ahead) or _is_short_sentence(ahead)):
        return True
    labels = [bool(LABELED.match(one)) for one in lines]
    return labels[0] and sum(labels) > 1


_THANKS = re.compile(r"(?:(?:many )?thanks|thank you|i hope|sorry)\b", re.IGNORECASE)


def _is_short_sentence(ahead: str) -> bool:
    """Whether it says something of its own, "Certificate transparency.", and is no label."""
    label = LABEL.match(f"{ahead[:-1]}: ") or _AHEAD.fullmatch(ahead[:-1]) or _THANKS.match(ahead)
    short = 1 < len(tokens(ahead)) < SHORTEST  # so that it was never read as a sentence
    return short and ahead.endswith((".", "!")) and label is None


def _belongs(text: str, begun: int, line: int, told: Sequence[Sentence]) -> bool:
    """Whether a line above the first sentence is part of what is told."""
    above, below = (one.strip() for one in f"{text[begun:line]}\n".split("\n")[:2])
    if _AHEAD.fullmatch(above.rstrip(":,!. ")) or not above:
        return False
    if has_sign(below) and not is_line_of_prose(below):
        return True  # the first line of code
    if not is_heading_line(above) or announces(above):
        told_apart = is_line_of_prose(above) and above.endswith((".", "!"))
        return not told_apart or bool(LABELED.match(above))
    lines = text[line : told[-1].end].split("\n")
    return any(map(is_heading_line, lines)) or bool(STAMP.match(lines[0])) or above.endswith("?")


def is_heading_line(line: str) -> bool:
    """Whether a line is a heading: of a few words, with a number in front or none."""
    marker = MARKER.match(line)
    return bool(heading_in(line[marker.end() :] if marker and line[:1].isdigit() else line))
