"""Texts that leave out their subjects: notes taken in haste, and rules that say what they do.

Knows function words and the verbs that notes begin with; reads no record.  Invariant: a text of few
sentences is never taken for notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stages.data_structurer.lines import STAMP
from stages.data_structurer.passages import MARKER
from stages.text.sentences import is_whole, sentence_ends

LEAST_SENTENCES, LEAST_NOTES = 5, 3
LONGEST_HEADING = 6  # words
LEAST_SHORT = 0.37  # share of sentences that lack a subject, an article or a verb;
LEAST_OF_A_LOG, LEAST_STAMPS = 0.28, 3  # of a text with so many times at the front of its lines

# At least one stands in nearly every whole sentence.
_OF_SENTENCES = frozenset(
    """a an the this that these those its their his her our your my it he she they we you i there
    who which is are was were isn't aren't wasn't weren't has have had can could may might will
    would should must him them us me nobody everybody somebody anybody everyone someone anyone
    nothing something everything each every both another""".split()
)
# What a note begins with: "Isolated the host", "Says it showed a blank page".
_DONE = re.compile(
    r"(?:(?!need|based|fixed|affected|unauthori|authenticat|stored|reflected|related|embedded"
    r"|given|provided|compared|located|founded|known)[a-z]{3,}ed|says?|told|found|called|took|did|had|sent"
    r"|got|went|saw|made|closing|watching|will|can't) ",
    re.IGNORECASE,
)
# An order to the reader is a whole sentence.
_ORDER = re.compile(
    r"(?:please |then |also |first, )?(?:add|apply|ask|avoid|back|block|call|change|check|clear"
    r"|close|compare|connect|copy|delete|disable|do|don't|enable|ensure|exclude|export|find|get|give|go"
    r"|install|isolate|keep|let|limit|lock|look|lower|make|monitor|move|never|open|patch|pin|place"
    r"|print|put|reboot|remove|rename|replace|report|require|reset|restart|restrict|review|revoke"
    r"|rotate|run|search|send|set|split|start|stop|switch|take|tell|test|turn|unplug|update|upgrade"
    r"|use|verify|wait|watch|wipe|write) ",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z']+")
_KEYED = re.compile(r"\s*[\w ’'|.-]{1,40}: ")
_LABEL = re.compile(r"[A-Z][\w ’'-]{1,40}: ")

RULE, _IT = "This rule ", "It "
SUBJECTS = f"{RULE}{_IT}".lower()  # words that a rule may get besides its own
_OF_RULES = re.compile(r"\b(?:rule|sigma|yara|analytic|detection|query)\b", re.IGNORECASE)
_VERB_FIRST = re.compile(
    r"(?:detects|finds|identifies|fires|triggers|alerts|matches|flags|looks|searches|monitors|hunts"
    r"|watches|catches|raises|checks|tracks|spots)\b (?!of\b|(?:is|are|was|were)\b)",
    re.IGNORECASE,
)


def is_shorthand(said: str) -> bool:
    """Whether many sentences of a text are notes: "Isolated host. Told Ida."."""
    found = list(_told(said))
    short = sum(_is_note(one) for one in found)
    stamped = sum(STAMP.match(line) is not None for line in said.split("\n"))
    least = LEAST_OF_A_LOG if stamped >= LEAST_STAMPS else LEAST_SHORT
    return len(found) >= LEAST_SENTENCES and short >= max(LEAST_NOTES, least * len(found))


def is_order(sentence: str) -> bool:
    """Whether a sentence tells a reader to do something."""
    return _ORDER.match(sentence) is not None


def _told(said: str) -> Iterator[str]:
    """The sentences of a text but for items of lists, without times and labels in front."""
    for line in said.split("\n"):
        stamp = STAMP.match(line)
        if MARKER.match(line) or not (stamp or is_whole(line) or _is_long(line)):
            continue  # an item, a heading, or a field's value
        line = _LABEL.sub("", line, count=1) if _LABEL.match(line) else line
        line = line[stamp.end() :].lstrip(" :-–—,") if stamp else line
        ends = [0, *sentence_ends(line), len(line)]
        pieces = (line[a:b].strip() for a, b in zip(ends, ends[1:], strict=False))
        yield from (one for one in pieces if len(one.split()) > 1)


def _is_long(line: str) -> bool:
    """Whether a line without a full stop is no heading, and no field's value."""
    return len(line.split()) > LONGEST_HEADING and not _KEYED.match(line)


def _is_note(sentence: str) -> bool:
    words = set(_WORD.findall(sentence.lower().replace("’", "'")))
    if is_order(sentence):
        return False
    return not words & _OF_SENTENCES or _DONE.match(sentence) is not None


# What a rule's second sentence begins with: "Was written after ...", "Needs logs of ...".
_GOES_ON = re.compile(
    rf"{_VERB_FIRST.pattern}|(?:was|is|has|does|needs|requires|covers|uses|ignores|excludes|includes"
    r"|runs|reads|works|counts|groups|joins|compares|assumes|depends|relies|may|can|will) ",
    re.IGNORECASE,
)


def with_rule(said: str) -> str:
    """What a rule does, with its subject in front of each sentence of the first paragraph that
    lacks one: "This rule finds ropes. It reads logs."."""
    first, apart, rest = _LABELED.sub("", said, count=1).partition("\n\n")
    ends = [0, *sentence_ends(first), len(first)]
    told = [first[a:b] for a, b in zip(ends, ends[1:], strict=False)]
    shown = [f"{RULE}{told[0][:1].lower()}{told[0][1:]}", *map(_with_it, told[1:])]
    return f"{''.join(shown)}{apart}{rest}"


def _with_it(sentence: str) -> str:
    begun = sentence.lstrip(" ")
    if sentence == begun or not (begun[:1].isupper() and _GOES_ON.match(begun)):
        return sentence
    return f" {_IT}{begun[:1].lower()}{begun[1:]}"


# In front of what a rule does, where a form has one.
_LABELED = re.compile(r"(?:what|what it does|description|summary): (?=[A-Za-z])", re.IGNORECASE)


def lacks_rule(said: str, named: str) -> bool:
    """Whether it is a rule that says what it does without saying who: "Detects tools that".

    named: what says that it is a rule; empty where nothing does.
    """
    return (
        _OF_RULES.search(named) is not None
        and _VERB_FIRST.match(_LABELED.sub("", said, count=1)) is not None
    )
