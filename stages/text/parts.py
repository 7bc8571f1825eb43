"""A long text in parts that a model can read, cut at headings, paragraphs or sentences.

Estimates tokens without a tokenizer, and on the safe side.  Invariant: the parts one after
another hold every character of the text but white space, in order, with its lines and its blank
lines, and each fits the bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from stages.base import Record
from stages.text.facts import FACTS, STATED_ACTIONS
from stages.text.kinds import identify
from stages.text.record_text import RecordText, plain_key
from stages.text.sentences import first_sentences, is_whole, sentence_ends

MOST_TOKENS = 3_500  # of a part, as estimated here; prose has fewer
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
_CLOSES = re.compile(r"[})\]]")


@dataclass(frozen=True)
class Part:
    """A part of a text, and the heading that it stands under, if any."""

    text: str
    heading: str = ""


def estimated_tokens(text: str) -> int:
    """At least about as many tokens as a model would count."""
    ascii_only = text.encode("ascii", "ignore")
    return len(ascii_only) // PER_TOKEN + len(text.encode("utf-8", "replace")) - len(ascii_only)


def parts_of(text: str, most: int = MOST_TOKENS) -> list[Part]:
    """The text as one part, or as several of at most so many tokens each."""
    if estimated_tokens(text) <= most:
        return [Part(text)]
    found: list[Part] = []
    lines: list[_Line] = []
    size, under = 0, ""
    for line in _lines(text, most):
        if lines and (size + line.cost > most or (line.is_heading and size > most // 2)):
            at = _cut_at(lines, line, most)
            found.append(Part(_joined(lines[:at]), under))
            under = next((one.heading for one in lines[at::-1] if one.is_heading), under)
            lines = lines[at:]
            size = sum(one.cost for one in lines)
        under = line.heading if line.is_heading and not lines else under
        lines.append(line)
        size += line.cost
    return [*found, Part(_joined(lines), under)] if lines else found


@dataclass(frozen=True)
class _Line:
    """A line of a text or a piece of a long one, and the white space in front of it."""

    text: str
    before: str
    is_heading: bool

    @cached_property
    def cost(self) -> int:
        """In estimated tokens."""
        return estimated_tokens(self.before + self.text) + 1

    @property
    def heading(self) -> str:
        return self.text.rstrip(":：").strip()

    @property
    def is_within(self) -> bool:
        """Whether it belongs to a block of code that began above it."""
        return self.text[0].isspace() or _CLOSES.match(self.text) is not None


def _cut_at(lines: list[_Line], line: _Line, most: int) -> int:
    """Before which line a part ends: the last one that begins a paragraph or is a heading, else
    one behind a full stop, else one that is not within code, if that leaves half a part."""
    both = [*lines, line]
    kept, moved = sum(one.cost for one in lines), line.cost
    places = []
    for at in range(len(lines), 0, -1):
        if moved > most or (at < len(lines) and kept <= most // 2):
            break
        if not both[at].is_within and not both[at - 1].is_heading:
            places.append(at)
        kept, moved = kept - lines[at - 1].cost, moved + lines[at - 1].cost
    paragraphs = (at for at in places if both[at].is_heading or both[at].before == "\n\n")
    sentences = (at for at in places if is_whole(both[at - 1].text))
    return next(chain(paragraphs, sentences, places), len(lines))


def _joined(lines: list[_Line]) -> str:
    """Lines as they stood in the text, with the blank ones between paragraphs."""
    return "".join(one.before + one.text for one in lines).lstrip("\n")


def _lines(text: str, most: int) -> Iterator[_Line]:
    """Lines without blank ones; sentences of a line that is too long, and cuts in one that is."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        before = "\n\n" if at and not lines[at - 1].strip() else "\n"
        if not line.strip():
            continue
        if estimated_tokens(line) + 2 < most:
            yield _Line(line.rstrip(), before, _is_heading(lines, at))
            continue
        for piece in _pieces(line, most):
            if shown := piece.strip():
                yield _Line(shown, before or " " * piece[0].isspace(), False)
            before = " " * piece[-1].isspace()


def _pieces(line: str, most: int) -> Iterator[str]:
    """The sentences of a long line, and pieces of one that is too long, with their blanks."""
    ends = sentence_ends(line)
    for start, end in zip([0, *ends], [*ends, len(line)], strict=True):
        yield from _cut(line[start:end], most)


def _is_heading(lines: list[str], at: int) -> bool:
    """Whether a line is a heading: with a colon, behind a blank line or a sentence, and over a line
    that is not indented."""
    if _HEADING.fullmatch(lines[at].rstrip()) is None:
        return False
    before = lines[at - 1].strip() if at else ""
    behind = next((one for one in lines[at + 1 : at + 4] if one.strip()), "")
    return (not before or is_whole(before)) and not behind[:1].isspace()


def _cut(text: str, most: int) -> Iterator[str]:
    """A text without sentences in pieces, at blanks where there are any."""
    size, at = most // 4, 0  # no character has more than four bytes
    while len(text) - at > most * PER_TOKEN or estimated_tokens(text[at:]) >= most:
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
    parts = parts_of(body, most)
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
    named = f"{title}, part {number} of {count}" if title else f"Part {number} of {count}"
    return f"{named}: {heading}" if heading and heading != title else named


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
