"""What a record in no fixed form tells, field by field: its text, and sections under their names.

Knows what the names of fields say and how their values are written as lines; asks nothing.
Invariant: a section holds all that its field says, or there is none; what is said of the record
itself, such as its date, is no section.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from stages.base import Record
from stages.data_structurer.blocks import blocks_of, fixes_of, flaws_of, say_several
from stages.data_structurer.entries import are_deeds, are_graded_deeds, entry, is_said, short
from stages.data_structurer.heads import document_of, headed, without_marks
from stages.data_structurer.lines import as_lines, is_talk
from stages.data_structurer.notes import has_verb
from stages.data_structurer.own_fields import own_fields
from stages.data_structurer.values import MOST_ITEMS, is_code, is_query, written
from stages.text import field_names
from stages.text.blobs import SHORTENED, without_blobs
from stages.text.clean import clean_text
from stages.text.field_names import label_of, meaning_of
from stages.text.objects import mark_of, prose_within, text_of_list
from stages.text.record_text import plain_fields, plain_key, prose_of, title_of
from stages.text.sentences import is_whole
from stages.text.yara import description_of_rule

LEAST_WORDS = 5  # of a value whose name says nothing, and of an impact that is no rating;
LONGEST_NAME = 120  # characters of what a letter or a post is called
LEAST_UNENDED = 7  # of one without a full stop

# May hold one word, or a date.
_RATED = frozenset(
    "impact scope status update followup trigger triggeredby origin phase next".split()
)


_UNSIGNED = re.compile(r"^(?:posted|asked|written) (?:by|on) [^\n.]{1,80}\n+", re.M | re.I)
# Names that say nothing but that something is told, or has parts.
_OF_FORM = re.compile(
    r"(?:(?:in (?:an?|one)|one|two|main|body|full|report|short|press|media|public|opening|agenda"
    r"|case) )?"
    r"(?:texts?|bod(?:y|ies)|paras?|paragraphs?|sections?|parts?|chapters?|blocks?|lines|posts|items"
    r"|contents?|story|narrative|statement|blurb|teaser|lead|intro(?:duction)?|nutshell|wikitext"
    r"|markdown|account|details?|messages|turns|conversations?|report|closing|tl ?dr)",
    re.IGNORECASE,
)


# "Did it work", and not "Did not work".
_ASKS = re.compile(
    r"(?:did|does|was|were|is|are|has|have|can|could|should|will)\b(?! not\b)", re.IGNORECASE
)


@dataclass(frozen=True)
class ToldSection:
    """What one field says, under its name; `label` is empty for the text itself.

    `text` is clean; `meaning` is what the field's name means.  `listed`: its lines are items or
    code, and stay as they are.
    """

    label: str
    text: str
    meaning: str
    listed: bool = False

    @property
    def code(self) -> bool:
        """Whether it is a query, a rule or a command."""
        return is_code(self.text, self.meaning)

    @property
    def lines(self) -> str:
        """The text without its label, as an answer shows it."""
        kept = self.listed or is_talk(self.text)
        return _UNSIGNED.sub("", without_blobs(self.text) if kept else as_lines(self.text))

    @property
    def shown(self) -> str:
        """The section as it stands in an answer, behind its label."""
        said = self.lines
        twice = " " in self.label and said.lstrip("- ").startswith(f"{self.label} ")  # "Do not"
        if not self.label or twice or _OF_FORM.fullmatch(self.label):
            return said
        stop = "?" if _ASKS.match(self.label) else ":"
        return f"{self.label}{stop}{chr(10) if chr(10) in said else ' '}{said}"


def sections_of(record: Record) -> tuple[ToldSection, ...]:
    """The sections of a record in its order, none that needs a shortened blob; none of a record
    whose form a reader knows, or of a part of a long text."""
    names = {title_of(record), headed(record).title} - {""}
    found = [
        one for key, value in own_fields(record).items() for one in _sections(key, value, names)
    ]
    found = [
        one for one in found if one.meaning == field_names.MAIN or not SHORTENED.search(one.lines)
    ]
    if any(one.meaning == field_names.MAIN for one in found):
        return tuple(found)
    main = _main_of(found)
    return tuple(
        replace(one, label="") if main and one.label == main.label else one for one in found
    )


def _main_of(found: Sequence[ToldSection]) -> ToldSection | None:
    """Where no field is named as the text itself, what may be it: findings, a letter, a talk; or
    the field that says most, if nobody knows its name."""
    second = [one for one in found if one.meaning == field_names.FINDINGS]
    if second:
        return max(second, key=lambda one: len(one.text))
    longest = max(found, key=lambda one: len(one.text), default=None)
    least = {field_names.OTHER: 0.5, field_names.TOLD: 0.8}  # "notes" may be all there is
    ahead = found[: found.index(longest)] if longest else ()
    if any(one.meaning == field_names.MEASURES for one in ahead):
        return None  # what stands behind the steps explains them
    if longest is None or longest.listed or longest.meaning not in least:
        return None
    total = sum(len(one.text) for one in found)
    return longest if len(longest.text) >= least[longest.meaning] * total else None


def _sections(key: str, value: Any, names: Collection[str]) -> Iterator[ToldSection]:
    """The sections of a field of a record of those names, which is none of its other names."""
    meaning = meaning_of(key)
    if flaws := flaws_of(value):
        label = _FLAWS if meaning == field_names.NOTED else label_of(key)
        yield ToldSection(label, flaws, field_names.TOLD, True)
        return
    if fixes := fixes_of(value):
        yield ToldSection(_label_of(key, fixes), fixes, field_names.TOLD, True)
        return
    if meaning == field_names.NOTED and _tells(key, value):
        meaning = field_names.TOLD
    if plain_key(key) in _WHERE and isinstance(value, list) and text_of_list(value):
        meaning = field_names.OTHER  # a thread, and not where it stands
    if meaning == field_names.NOTED or (isinstance(value, str) and _calls(key, value, names)):
        return
    value = _unwrapped(key, value)
    if meaning == field_names.FINDINGS and isinstance(value, str) and is_name(value):
        return  # what a letter or a post is called
    if (talk := _talk_of(value, meaning)) or (talk := _blocks_of(key, value, meaning, names)):
        kept = meaning if meaning in (field_names.TOLD, field_names.MEASURES) else ""
        yield ToldSection(label_of(key), talk, kept or field_names.FINDINGS, True)
        return
    if meaning == field_names.MAIN or (
        meaning == field_names.FINDINGS and not isinstance(value, dict)
    ):
        label = label_of(key) if meaning == field_names.FINDINGS else ""
        texts = [one for one in map(clean_text, prose_of(value)) if one and one not in names]
        yield from (ToldSection(label, one, meaning) for one in texts)
        if isinstance(value, str) and description_of_rule(value):
            yield ToldSection("Rule", value.strip(), field_names.CODE, True)
        if texts or not isinstance(value, dict):
            return
    if meaning == field_names.OTHER and isinstance(value, list) and (talk := _texts_of(key, value)):
        yield ToldSection(label_of(key), clean_text(talk), field_names.TOLD, True)
        return
    if meaning == field_names.OTHER and not (is_query(value) or _is_prose(value)):
        return
    if isinstance(value, list):
        value = [one for one in value if not (isinstance(one, str) and one in names)]
    text = written(value, meaning)
    if _OF_FORM.fullmatch(label_of(key)) and text_of_list(value if isinstance(value, list) else []):
        text = clean_text("\n\n".join(value))  # paragraphs
    if text and not (plain_key(key) in _RATED and len(text.split()) < LEAST_WORDS):
        rule = isinstance(value, dict) and any(isinstance(one, dict) for one in value.values())
        meaning = field_names.CODE if rule else meaning
        listed = not isinstance(value, str) or is_code(value, meaning)
        label = _label_of(key, text) if meaning == field_names.AFFECTED else label_of(key)
        yield ToldSection(label, text, meaning, listed)


_FLAWS = "Vulnerabilities"
_WHERE = frozenset("thread channel meeting episode ticket issue interview".split())


def _calls(key: str, value: str, names: Collection[str]) -> bool:
    """Whether a value is what the record is called, by its title or as one of a series."""
    document = document_of(key).rpartition(" ")[2]
    of_series = document and is_name(value) and document in value.lower()
    return bool(of_series) or without_marks(value) in names


def _talk_of(value: Any, meaning: str) -> str:
    """What people say in a list, or sections under their headings, where a line each would lose
    the lines of one; chats whose entries are lines."""
    if not isinstance(value, list) or meaning not in _TALKS:
        return ""
    if all(isinstance(one, str) for one in value):
        said = "\n".join(value)
        return clean_text(said) if meaning == field_names.OTHER and is_talk(said) else ""
    talk = text_of_list(value) if value and isinstance(value[0], dict) else ""
    marked = any(mark_of(plain_fields(one)) for one in value if isinstance(one, dict))
    as_talk = meaning == field_names.OTHER or "\n\n" in talk or marked
    return clean_text(talk) if as_talk else ""


_TALKS = frozenset({field_names.OTHER, field_names.TOLD})
_BLOCKS = frozenset({field_names.OTHER, field_names.FINDINGS, field_names.TOLD})


def _blocks_of(key: str, value: Any, meaning: str, names: Collection[str]) -> str:
    """Objects that say several things each, as blocks of text."""
    if meaning not in _BLOCKS:
        return ""
    if isinstance(value, dict):
        asked = _QUESTION.fullmatch(plain_key(key))
        return blocks_of(key, [value], names) if asked else ""
    told = isinstance(value, list) and not (text_of_list(value) or are_graded_deeds(value))
    told = told and (meaning != field_names.TOLD or say_several(value))
    return blocks_of(key, value, names) if told else ""


_QUESTION = re.compile(r"q|question")


def _texts_of(key: str, items: Sequence[Any]) -> str:
    """The objects of a list as texts, if each of them is one."""
    texts = list(prose_within({key: items}, ()))
    return "\n\n".join(texts) if len(texts) == len(items) <= MOST_ITEMS else ""


def _unwrapped(key: str, value: Any) -> Any:
    """What a list of XML holds, whose items are called by its own name in the singular."""
    if not isinstance(value, dict) or len(value) != 1:
        return value
    ((name, inner),) = value.items()
    singular = plain_key(name).removesuffix("s").removesuffix("y")
    return inner if singular and plain_key(key).startswith(singular) else value


# A row of a list of products that says that one is not affected.
_SPARED = re.compile(
    r"[(;] ?(?:affected|status): (?:no|false|(?:not |un)affected)\b", re.IGNORECASE
)


def _label_of(key: str, products: str) -> str:
    return "Products" if _SPARED.search(products) else label_of(key)


# Names of ratings and numbers, under which some write a sentence.
_RATINGS = frozenset("risk severity priority urgency status state rating issue confidence".split())


def _tells(key: str, value: Any) -> bool:
    """Whether a field that holds a rating elsewhere is a sentence."""
    said = value.strip() if isinstance(value, str) else ""
    long = len(said.split()) > LEAST_UNENDED
    reasoned = is_whole(said) or has_verb(said) or _REASONED.match(said)
    return plain_key(key) in _RATINGS and long and bool(reasoned)


_REASONED = re.compile(r"\w+(?: \w+)? \((?:\S+ ){4}")  # "low (two of three witnesses slept)"


def is_name(text: str) -> bool:
    """Whether a text may be what something is called: a line that is no sentence."""
    return "\n" not in text.strip() and len(text) <= LONGEST_NAME and not is_whole(text)


def _is_prose(value: Any) -> bool:
    """Whether a value whose name says nothing is written for people."""
    if isinstance(value, str):
        words = len(value.split())
        counts = re.search(r"\d", _DAY.sub("", value)) is not None
        said = words >= LEAST_UNENDED and (has_verb(value) or counts)
        return words >= LEAST_WORDS and (is_whole(value) or said)
    if isinstance(value, dict):
        return _is_table(value) or (is_said(value) and _is_prose(entry(value)))
    if not isinstance(value, list):
        return False
    if are_deeds(value):
        return True
    texts = [one for one in value if isinstance(one, str)]
    words = sum(len(one.split()) for one in texts)
    return bool(text_of_list(value)) and words >= LEAST_WORDS * len(texts)


_DAY = re.compile(r"\b\d{4}(?:-\d{2}-\d{2})?\b|\b\d{1,2} [A-Z][a-z]{2,8}\b")


def _is_table(value: Mapping[str, Any]) -> bool:
    """Whether an object says something of several things, a few words or a number of each."""
    told = [one for key, one in value.items() if meaning_of(key) != field_names.NOTED]
    said = [one for one in told if short(one)]
    words = sum(len(short(one).split()) for one in said)
    counted = all(isinstance(one, int | float) and not isinstance(one, bool) for one in said)
    return len(said) == len(value) > 1 and (counted or words >= LEAST_WORDS * len(said))
