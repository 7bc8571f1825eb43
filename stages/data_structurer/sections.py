"""Answers from texts in no fixed form: a passage under its heading, or orders beside each other.

Nothing of such a text is taken for a cause, a sign or a measure by its words alone.  Invariant: an
answer is made of whole stretches of the text, and each can be understood alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import groupby, pairwise, takewhile

from stages.data_structurer.answers import RECORD, Answer, quoted
from stages.data_structurer.antecedents import beginning, points_away, seeks_unnamed
from stages.data_structurer.evidence import is_under, passage
from stages.data_structurer.holes import NOT_TOLD
from stages.data_structurer.lines import as_lines, is_code
from stages.data_structurer.passages import Sentence, heading_in
from stages.data_structurer.reading import Reading
from stages.data_structurer.unnamed import unnamed
from stages.recipe.asks import Way
from stages.recipe.role_names import EFFECT, RESPOND, ROLES
from stages.text.field_names import MEASURES

LONGEST_SECTION = 1_200  # characters
FEWEST_ORDERS = 2  # beside each other: one alone is seldom all that a text advises

_ORDER = re.compile(
    r"(?:please |then |also |always |never |do not |don't |(?:if|until|where|after|before|once"
    r"|as soon as|when|whenever|unless|(?:on|for|in|at|from|with|under)(?! (?:\d|(?:jan|feb|mar|apr"
    r"|may|june?|july?|aug|sep|oct|nov|dec|mon|tues|wed|thurs|fri|satur|sun)[a-z]*\b)))"
    r" [^,.;:]{2,80}, (?:please )?)?"
    r"(?:do not |don't |(?:add|updat|upgrad|patch|appl|disabl|block"
    r"|restrict|limit|remov|rotat|reset|chang|install|enabl|us|check|ensur|avoid|review|isolat"
    r"|monitor|set|turn|print|let|tell|ask|call|keep|look|writ|test|delet|revok|uninstall|replac"
    r"|run|verif|mak|switch|treat|stop|log|search|hunt|mov|practi[sc]|agre|report|giv|tak|back"
    r"|connect|sav|lock|compar|hav|put|end|disconnect|encrypt|requir|forbid|allow|name|train"
    r"|enter|repeat|reconnect|know|clos|collect|wip|inform|contact|restart|hand|return|cancel)"
    r"(?:e|y)? )(?!of\b|in\b|is\b|was\b)",
    re.IGNORECASE,
)


def section_answer(reading: Reading, way: Way) -> Answer | None:
    """What stands under the first heading of a role, in one stretch; of measures also orders, and
    none that speak of what only the rest of the text brings in."""
    answer = any_section(reading, way)
    leans = answer is not None and way.of in (RESPOND, EFFECT) and unnamed(answer.text, reading)
    return None if leans else answer


def has_impact(reading: Reading) -> bool:
    """Whether something stands under a heading for what comes of a flaw."""
    return any(_is_impact(reading, one) for one in reading.sentences)


def impact(reading: Reading) -> Answer | None:
    """The section of an entry on what comes of a flaw, from its beginning: whole, or as many of its
    paragraphs as there is room for."""
    at = next(at for at, one in enumerate(reading.sentences) if _is_impact(reading, one))
    under = takewhile(lambda one: _is_impact(reading, one), reading.sentences[at:])
    those = list(takewhile(lambda one: not _is_apart(reading.text, one), under))
    if not those:
        return None
    first = _front(reading.text, those[0])
    said = first + reading.text[those[0].start : those[-1].end]
    while len(said) > LONGEST_SECTION or said.endswith(":"):
        said = said.rpartition("\n\n")[0].rstrip()
    between = (reading.text[a.end : b.start] for a, b in pairwise(those) if b.gap)
    torn = not all(_LEADS_IN.search(one) for one in between) or those[0].points_back
    torn = torn or _is_scope([one.text for one in those])
    away = points_away(said) or seeks_unnamed(said) or unnamed(said, reading)
    unfit = torn or away or NOT_TOLD.search(said) or is_code(said) or not said
    return None if unfit else Answer(as_lines(said), RECORD)


# "Not affected: the lamp of the tower.", and beside it "Towers where guests can ring."
_SPARED = re.compile(r"(?:not |un)affected\b", re.IGNORECASE)
_MARKED = (  # a noun that no verb is read as
    r"(?:(?:the|an?|its|their|any) [\w-]+|[A-Z][\w-]*"
    r"|people|guests|users|others|clients|admins|default)"
)
_WHOM = re.compile(
    r"(?i:(?:all|any|only|the|an?|some|shared|public) )?[\w-]+ "
    r"(?:where (?:(?:the|an?|any) )?[\w-]+ (?:can be|may be|is|are|was|were)(?: not)? [\w-]+"
    r"|(?:that|which|who) (?:(?:can be|is|are|was|were)(?: not)? [\w-]+"
    rf"|[\w-]+ (?:in over |(?:in |on |over |with |to |from )?){_MARKED}))"
    rf"(?: (?:by|in|on|at|over|with|from|for|to|via|through) {_MARKED})*"
    r"(?: (?:less|more) [\w-]+ than (?:(?:the|its|their) )?[\w-]+)?"
    r"(?: whom [\w-]+ [\w-]+)?[.;,]?\s*\Z"
)


def _is_scope(said: Sequence[str]) -> bool:
    """Whether a section only lists who is affected and who isn't, and tells no effect.

    Only a noun with one relative clause and no word behind it is sure to be such a line: where a
    clause ends and a main verb begins, "binds hand out", words alone do not show."""
    rest = [one for one in said if not _SPARED.match(one)]
    return len(rest) < len(said) and all(map(_WHOM.match, rest))


# What stands behind an impact without a heading of its own, and is none.
_APART = re.compile(
    r"[ \t*_>(-]*(?:(?:the )?(?:maintainer|editor|author|vendor|publisher|moderator)s?['’]?s?"
    r"(?: (?:note|comment|remark|response|reply|statement))?|(?:note|comment|remark) (?:by|from|of)"
    r" [^:\n]{2,40}|update|upd|edit|credits?|thanks(?: to)?|(?:fixed|patched|resolved) (?:in|by)"
    r"|fix(?:es)?|patch(?:es)?|reported by|found by)(?: \([^()\n]*\))?[*_ ]*:",
    re.IGNORECASE,
)


def _is_apart(text: str, sentence: Sentence) -> bool:
    """Whether the line that a sentence stands in is a note on a flaw's repair or report."""
    return _APART.match(text, text.rfind("\n", 0, sentence.start) + 1) is not None


def _front(text: str, first: Sentence) -> str:
    """The mark of an item that a section begins with, and the sentence that leads its list in."""
    if not first.item:
        return ""
    before, _, mark = text[: first.start].rpartition("\n")
    lead = before.rstrip()
    led = lead.endswith(":") and not heading_in(lead.rpartition("\n")[2])
    return text[len(lead.rpartition("\n")[0]) : first.start].lstrip("\n") if led else mark


_LEADS_IN = re.compile(r":\s*(?:[-*•]|\d{1,2}[.)])?\s*$")  # a line that a list stands behind


def _is_impact(reading: Reading, sentence: Sentence) -> bool:
    return is_under(sentence, EFFECT, reading.recipe.roles)


def any_section(reading: Reading, way: Way) -> Answer | None:
    """The same, also where it speaks of what only the rest of the text brings in; a way that names
    no role asks for measures."""
    way = way if way.of in ROLES else replace(way, of=RESPOND)
    how, sentences = reading.recipe.roles, reading.sentences
    if way.of == RESPOND and (answer := _under_all_headings(reading, way)):
        return answer
    for at, role in enumerate(reading.roles):
        if role.name != way.of or not is_under(sentences[at], way.of, how):
            continue
        found = passage(sentences, reading.roles, at, way.of, how)
        answer = _stretch(reading, min(found), max(found), way)
        if answer is not None and not (way.of == RESPOND and _are_elsewhere(reading, found)):
            return answer
    apart = any(one.label and one.meaning == MEASURES for one in reading.sections)
    return _orders(reading, way) if way.of == RESPOND and not apart else None


def _are_elsewhere(reading: Reading, found: Collection[int]) -> bool:
    """Whether the text gives other orders than those under a heading."""
    told = zip(reading.sentences, reading.roles, strict=True)
    orders = (_ORDER.match(one.text) and role.name == RESPOND for one, role in told)
    return any(order and at not in found for at, order in enumerate(orders))


def _under_all_headings(reading: Reading, way: Way) -> Answer | None:
    """Measures that stand under several headings, each under its own: patches and workarounds."""
    how, sentences = reading.recipe.roles, reading.sentences
    headed = [one for one in sentences if is_under(one, RESPOND, how)]
    found: list[tuple[str, Answer | None]] = []
    for heading, some in groupby(headed, key=lambda one: one.heading):
        places = [sentences.index(one) for one in some]
        found.append((heading, _stretch(reading, places[0], places[-1], way)))
    if len(found) < 2 or not all(answer for _, answer in found):
        return None
    said = [f"{heading}: {answer.text}" for heading, answer in found if answer]
    text = "\n\n".join(one.replace(": - ", ":\n- ", 1) for one in said)
    return Answer(text, RECORD) if len(text) <= LONGEST_SECTION else None


def _stretch(reading: Reading, first: int, last: int, way: Way) -> Answer | None:
    sentences = reading.sentences
    those = sentences[first : last + 1]
    said = reading.text[those[0].start : those[-1].end]
    fitting = sum(_fits(one.text, way) for one in those)
    # What it is a heading says, but of measures, which stand beside what others have done.
    fits = fitting == len(those) or (way.of != RESPOND and 2 * fitting >= len(those))
    fits = fits and not any(points_away(one.text) for one in those)
    told = len(said) <= LONGEST_SECTION and fits and not NOT_TOLD.search(said)
    whole = not any(one.gap for one in those[1:])
    alone = beginning(sentences, first) == first and not seeks_unnamed(said)
    if not (told and whole and alone):
        return None
    lines = len({one.paragraph for one in those}) > 1 and not all(one.item for one in those)
    return Answer(as_lines(said), RECORD) if lines else quoted(list(those))


def _fits(text: str, way: Way) -> bool:
    return re.search(way.each, text, re.IGNORECASE) is not None


def _orders(reading: Reading, way: Way) -> Answer | None:
    """All orders to the reader, where some stand beside each other and each can stand alone."""
    sentences = reading.sentences
    found = _with_lists(sentences, [bool(_ORDER.match(one.text)) for one in sentences])
    beside = sum(two - one == 1 for one, two in pairwise(found)) + 1
    if len(found) < FEWEST_ORDERS or beside < FEWEST_ORDERS:
        return None
    for at in found:
        if _is_torn(reading, at, found):
            return None
        behind = at - 1 in found and not sentences[at].gap
        if points_away(sentences[at].text) or not _fits(sentences[at].text, way):
            return None
        if beginning(sentences, at) != at and not behind:
            return None
    said = [sentences[at] for at in found]
    text = "\n".join(one.text for one in said)
    unfit = NOT_TOLD.search(text) or seeks_unnamed(text) or len(text) > LONGEST_SECTION
    return None if unfit else quoted(said)


def _is_torn(reading: Reading, at: int, found: Sequence[int]) -> bool:
    """Whether the paragraph of an order says more that would be left out: behind it, between, or
    ahead where it begins a list of steps."""
    text, sentence = reading.text, reading.sentences[at]
    begin, end = text.rfind("\n\n", 0, sentence.start), text.find("\n\n", sentence.end)
    end = end if end >= 0 else len(text)
    those = [reading.sentences[one] for one in found]
    inside = [one for one in those if begin < one.start and one.end <= end]
    if ":" in text[max(begin, 0) : inside[0].start]:
        return True
    places = [*(one.start for one in inside[1:]), end]
    between = (text[one.end : to] for one, to in zip(inside, places, strict=True))
    return any(re.search(r"[A-Za-z]{3}", one) for one in between)


def _with_lists(sentences: Sequence[Sentence], orders: Sequence[bool]) -> list[int]:
    """The places of orders; of a list all items or none, as most of them are."""
    found: list[int] = []
    for _, run in groupby(enumerate(sentences), key=lambda one: one[1].item):
        places = [at for at, _ in run]
        if sentences[places[0]].item and not orders[places[0]] and _is_title(sentences[places[0]]):
            places = places[1:]
        if (
            places
            and sentences[places[0]].item
            and 2 * sum(orders[at] for at in places) >= len(places)
        ):
            found += places
        elif places and not sentences[places[0]].item:
            found += [at for at in places if orders[at]]
    return found


def _is_title(item: Sentence) -> bool:
    """Whether an item is a numbered heading: "5. What helps"."""
    return not item.ended and len(item.text.split()) <= 3
