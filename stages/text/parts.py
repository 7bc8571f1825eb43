"""A long text in parts that a model can read, cut at headings, paragraphs or sentences.

Estimates tokens without a tokenizer, and on the safe side.  Invariant: the parts one after
another hold every character of the text but white space, in order, with its lines and its blank
lines, and each fits the bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from math import ceil, inf
from typing import Any

from stages.base import Record
from stages.text.facts import FACTS, STATED_ACTIONS
from stages.text.kinds import identify
from stages.text.record_text import RecordText, plain_key
from stages.text.sentences import first_sentences, is_whole, sentence_ends

MOST_TOKENS = 3_500  # of a part, as estimated here; prose has fewer
MOST_CHARACTERS = 6_000  # of a part: as much as one answer tells
LONG_LINE = 0.2  # of a part: a longer one may be parted at its sentences
MOST_WORDS = 8  # of a heading that names a section, and
LONGEST_SECTION = 60  # characters of two headings
LONGEST_NAME = 120  # characters of a title that is one
PER_TOKEN = 3  # ASCII characters; of other scripts each byte may be a token
MOST_OF_BEGINNING = 1_000  # tokens of the whole text that each part shows, as estimated here
LONGEST_KEPT = 500  # characters of a field that goes with every part
LONGEST_ADVICE = 4_000  # characters of a text of advice, which goes with the first part
MAX_DEPTH = 12

_PROSE = ("Detection", "Cause", "Signs", "Consequences", "Prerequisites")
ADVICE = frozenset({*STATED_ACTIONS, *(name for label in _PROSE for name in FACTS[label])})

# No line of code ends so that begins with a capital letter or has several words, but for keywords.
_HEADING = re.compile(
    r"(?!(?:def|class|if|elif|else|for|while|with|try|except|finally|switch|case|default|public"
    r"|private|protected|return|rule|async|do)\b)"
    r"(?=[^a-z]|\S+ \S)[\w\"'(\[“«¿¡][^\n=;{}<>$|\\]{1,99}(?<![:：])[:：]"
)
_TO = " – "
_CLOSES = re.compile(r"[})\]]")
_LONE = re.compile(r"[A-Z\"“«¿¡\d][^\n=;{}<>$|\\]{3,70}(?<![.,:;!\"'…])")
_PROSE_BELOW = re.compile(r"[A-Z\"“][^\n{}=;|]{60}")
_POINTS_DOWN = re.compile(r"\b(?:following|below|these|this)\b", re.IGNORECASE)
# A sentence that begins so is seldom understood without the one before it.
_LEANS = re.compile(
    r"(?:this|that|these|those|it|its|they|their|he|she|his|her|such|both|another|others|here|then"
    r"|afterwards?|later|but|and|or|so|thus|hence|however|instead|therefore|also|as a result"
    r"|in addition|for example|for instance|meanwhile|[a-z]+ (?:it|them))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Part:
    """A part of a text, and the heading that it stands under, if any."""

    text: str
    heading: str = ""


def estimated_tokens(text: str) -> int:
    """At least about as many tokens as a model would count."""
    ascii_only = text.encode("ascii", "ignore")
    return len(ascii_only) // PER_TOKEN + len(text.encode("utf-8", "replace")) - len(ascii_only)


def parts_of(text: str, most: int = MOST_TOKENS, title: str = "") -> list[Part]:
    """The text as one part, or as several of about one size, each of at most so many tokens and
    MOST_CHARACTERS; a line that is its title is the heading of no part."""
    if _size(text, most) <= 1:
        return [Part(text)]
    lines = list(_lines(text, most))
    found: list[Part] = []
    rests = list(accumulate((one.size for one in reversed(lines)), initial=0.0))[::-1]
    start, under = 0, ""
    while start < len(lines):
        end = _end_of_part(lines, start, rests[start])
        part = lines[start:end]
        titled = bool(title) and part[0].heading == title
        named = part[1:] if titled and len(part) > 1 else part
        headings = [one.heading for one in named if one.heading]
        under = named[0].heading or under
        found.append(Part(_joined(part), _section(under, headings)))
        under = headings[-1] if headings else under
        start = end
    return found


def _size(text: str, most: int, rounded: int = 0) -> float:
    """How much of a part a text takes up; 1 is all of it.

    rounded: tokens that are lost where several such texts are added up.
    """
    return max((estimated_tokens(text) + rounded) / most, len(text) / MOST_CHARACTERS)


@dataclass(frozen=True)
class _Line:
    """A line of a text or a piece of a long one, and the white space in front of it.

    `size`: how much of a part it takes up.
    """

    text: str
    before: str
    is_heading: bool
    size: float

    @property
    def heading(self) -> str:
        """What it calls a section; empty where it is no heading, or a sentence above a list."""
        name = self.text.rstrip(":：").strip()
        fits = self.is_heading and len(name.split()) <= MOST_WORDS and not _POINTS_DOWN.search(name)
        return name if fits else ""

    @property
    def is_within(self) -> bool:
        """Whether it belongs to a block of code that began above it."""
        return self.text[0].isspace() or _CLOSES.match(self.text) is not None


def _section(first: str, headings: list[str]) -> str:
    """What a part is called: its only section, or the first and the last of several."""
    last = headings[-1] if headings else first
    both = f"{first}{_TO}{last}"
    return both if first and last != first and len(both) <= LONGEST_SECTION else first


def _end_of_part(lines: list[_Line], start: int, rest: float) -> int:
    """Before which line a part ends that begins at `start`: the rest in parts of one size, but for
    what a better place is worth."""
    if rest <= 1:
        return len(lines)
    wanted = rest / ceil(rest)
    size, best, least = 0.0, start + 1, inf
    for at in range(start, len(lines) - 1):
        size += lines[at].size
        if size > 1:
            break
        badness = _badness(lines[at], lines[at + 1]) + abs(size - wanted) / wanted
        if badness <= least:
            best, least = at + 1, badness
    return best


def _badness(last: _Line, first: _Line) -> float:
    """How bad it is to part a text between two lines, in shares of a part that is longer for it:
    best before a heading, then a paragraph, then behind a full stop."""
    if last.is_heading or last.text.endswith((":", "：")) or first.is_within:
        return 4
    if first.is_heading:
        return 0
    leans = 0.4 if _LEANS.match(first.text) else 0
    paragraph = first.before == "\n\n"
    return leans + (0.35 if paragraph else 0.7 if is_whole(last.text) else 1.4)


def _joined(lines: list[_Line]) -> str:
    """Lines as they stood in the text, with the blank ones between paragraphs."""
    return lines[0].text + "".join(one.before + one.text for one in lines[1:])


def _lines(text: str, most: int) -> Iterator[_Line]:
    """Lines without blank ones; sentences of a long line, and cuts in one that is too long."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        before = "\n\n" if at and not lines[at - 1].strip() else "\n"
        if not line.strip():
            continue
        size = _size(line, most)
        if size < LONG_LINE or (line[0].isspace() and size < 0.9):
            yield _line(line.rstrip(), before, most, _is_heading(lines, at))
            continue
        for piece in _pieces(line, most):
            if shown := piece.strip():
                yield _line(shown, before or " " * piece[0].isspace(), most)
            before = " " * piece[-1].isspace()


def _line(text: str, before: str, most: int, is_heading: bool = False) -> _Line:
    return _Line(text, before, is_heading, _size(before + text, most, rounded=1))


def _pieces(line: str, most: int) -> Iterator[str]:
    """The sentences of a long line, and pieces of one that is too long, with their blanks."""
    ends = sentence_ends(line)
    for start, end in zip([0, *ends], [*ends, len(line)], strict=True):
        yield from _cut(line[start:end], most)


def _is_heading(lines: list[str], at: int) -> bool:
    """Whether a line is a heading: with a colon, behind a blank line or a sentence, and over a line
    that is not indented; or of a few words alone above a line of prose."""
    above = lines[at - 1].strip() if at else ""
    behind = next((one for one in lines[at + 1 : at + 4] if one.strip()), "")
    if _HEADING.fullmatch(lines[at].rstrip()):
        return (not above or is_whole(above)) and not behind[:1].isspace()
    alone = not above and not "".join(lines[at + 1 : at + 2]).strip()
    return alone and bool(_LONE.fullmatch(lines[at].rstrip()) and _PROSE_BELOW.match(behind))


def _cut(text: str, most: int) -> Iterator[str]:
    """A text without sentences in pieces, at blanks where there are any."""
    size, at = min(most, MOST_CHARACTERS) // 4, 0  # no character has more than four bytes
    while _size(text[at : at + 2 * MOST_CHARACTERS], most) > 0.9:
        blank = text.rfind(" ", at + size // 2, at + size)
        end = blank if blank > 0 else at + size
        yield text[at:end]
        at = end
    if at < len(text):
        yield text[at:]


def part_records(record: Record, read: RecordText, most: int = MOST_TOKENS) -> list[Record]:
    """A record for each part, with the ids, the title and the short fields of the whole one; the
    first has its longer advice too, which is no part of a record's text.

    Each says in its mark how the whole text begins.  The record itself where its text is short
    enough.
    """
    body = "\n\n".join(read.bodies)
    parts = parts_of(body, most, read.title)
    if len(parts) < 2:
        return [record]
    identity = identify(record)
    stated = {k: v for k, v in record.items() if k not in ("text", "original")}
    same = stated if "original" in record else {}
    own = {"kind": identity.kind, "id": identity.id, "source": identity.source}
    whole = record.get("original", record)
    original, advising = short_fields(whole, MAX_DEPTH), short_fields(whole, MAX_DEPTH, ADVICE)
    begins = RecordText(read.title, (parts_of(body, MOST_OF_BEGINNING)[0].text,)).text
    return [
        {**same, **own, "link": identity.url, "text": part.text,
         "title": _titled(read.title or identity.id, number, len(parts), part.heading),
         "part": {"number": number, "of": len(parts), "heading": part.heading,
                  "begins": begins},
         "original": advising if number == 1 else original}
        for number, part in enumerate(parts, 1)
    ]  # fmt: skip


def _titled(title: str, number: int, count: int, heading: str) -> str:
    """What a part is called: by the title, as much of it as a name may have, and its section."""
    if not title:
        return ""
    part = f", part {number} of {count}"
    room = LONGEST_NAME - len(part)
    named = title if len(title) <= room else f"{title[: room - 3].rpartition(' ')[0]}..."
    section = f": {heading}" if heading and heading != title else ""
    return f"{named}{part}" + (section if len(named + section) <= room else "")


def short_fields(
    value: Any, depth: int, advice: frozenset[str] = frozenset(), longest: int = LONGEST_KEPT
) -> Any:
    """A value without the long texts in it, which the parts hold, and nothing too deep.

    advice: plain names of fields in which texts may be longer.
    """
    if isinstance(value, dict) and depth:
        kept = {}
        for key, item in value.items():
            bound = LONGEST_ADVICE if plain_key(key) in advice else longest
            kept[key] = short_fields(item, depth - 1, advice, bound)
        return {key: item for key, item in kept.items() if item is not None}
    if isinstance(value, list) and depth:
        items = (short_fields(item, depth - 1, advice, longest) for item in value)
        return [item for item in items if item is not None]
    if isinstance(value, str) and len(value) > longest:
        return _whole_sentences(value, longest) if longest > LONGEST_KEPT else None
    return None if isinstance(value, dict | list) else value


def _whole_sentences(text: str, longest: int) -> str | None:
    """As many of its first sentences as fit; None where the first one does not."""
    cut = first_sentences(text, longest, longest)
    return cut if len(cut) <= longest else None
