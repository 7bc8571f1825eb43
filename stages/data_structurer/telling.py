"""What a record in no fixed form tells, field by field: its text, and sections under their names.

Knows what the names of fields say and how their values are written as lines; asks nothing.
Invariant: a section holds all that its field says, or there is none; what is said of the record
itself, such as its date, is no section.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import yaml

from stages.base import Record
from stages.data_structurer.entries import entry, is_said, item_of, short, sign
from stages.data_structurer.lines import as_lines, is_talk
from stages.data_structurer.notes import has_verb
from stages.data_structurer.own_fields import own_fields
from stages.text import field_names
from stages.text.blobs import without_blobs
from stages.text.clean import clean_text, verbatim
from stages.text.field_names import label_of, meaning_of
from stages.text.objects import is_reference, name_of_reference, prose_within, text_of_list
from stages.text.record_text import as_scalar, plain_fields, plain_key, prose_of, title_of
from stages.text.sentences import is_whole

MOST_ITEMS = 24  # of a list; more is an appendix
MOST_IN_LINE = 6  # short items that stand on one line,
LONGEST_IN_LINE = 32  # characters each
LEAST_WORDS = 5  # of a value whose name says nothing, and of an impact that is no rating;
LONGEST_NAME = 120  # characters of what a letter or a post is called
LEAST_UNENDED = 7  # of one without a full stop

_RATED = frozenset({"impact", "scope", "status", "update"})  # may hold one word, or a date


_UNSIGNED = re.compile(r"^(?:posted|asked|written) (?:by|on) [^\n.]{1,80}\n+", re.M | re.I)
# Names that say nothing but that something has parts, each under a name of its own.
_OF_FORM = frozenset({"Sections", "Parts", "Chapters", "Paragraphs", "Blocks"})


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
    def lines(self) -> str:
        """The text without its label, as an answer shows it."""
        kept = self.listed or is_talk(self.text)
        return _UNSIGNED.sub("", without_blobs(self.text) if kept else as_lines(self.text))

    @property
    def shown(self) -> str:
        """The section as it stands in an answer, behind its label."""
        said = self.lines
        if not self.label or self.label in _OF_FORM:
            return said
        return f"{self.label}:{chr(10) if chr(10) in said else ' '}{said}"


def sections_of(record: Record) -> tuple[ToldSection, ...]:
    """The sections of a record in its order; none of one whose form a reader knows, or of a part
    of a long text."""
    name = title_of(record)
    found = [
        one for key, value in own_fields(record).items() for one in _sections(key, value, name)
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
    if longest is None or longest.listed or longest.meaning not in least:
        return None
    total = sum(len(one.text) for one in found)
    return longest if len(longest.text) >= least[longest.meaning] * total else None


def _sections(key: str, value: Any, name: str) -> Iterator[ToldSection]:
    """The sections of a field of a record of that name, which is none of its other names."""
    meaning = meaning_of(key)
    if meaning == field_names.NOTED and _tells(key, value):
        meaning = field_names.TOLD
    if meaning == field_names.NOTED:
        return
    value = _unwrapped(key, value)
    if meaning == field_names.FINDINGS and isinstance(value, str) and is_name(value):
        return  # what a letter or a post is called
    if meaning == field_names.MAIN or (
        meaning == field_names.FINDINGS and not isinstance(value, dict)
    ):
        label = label_of(key) if meaning == field_names.FINDINGS else ""
        texts = [one for one in map(clean_text, prose_of(value)) if one and one != name]
        yield from (ToldSection(label, one, meaning) for one in texts)
        if texts or not isinstance(value, dict):
            return
    if meaning == field_names.OTHER and isinstance(value, list) and (talk := text_of_list(value)):
        if isinstance(value[0], dict):  # sections, or the entries of a log
            yield ToldSection(label_of(key), clean_text(talk), field_names.FINDINGS)
            return
    if meaning == field_names.OTHER and isinstance(value, list) and (talk := _texts_of(key, value)):
        yield ToldSection(label_of(key), clean_text(talk), field_names.TOLD, True)
        return
    if meaning == field_names.OTHER and not (_is_query(value) or _is_prose(value)):
        return
    if isinstance(value, list) and name:
        value = [one for one in value if one != name]
    text = _written(value, meaning)
    if text and not (plain_key(key) in _RATED and len(text.split()) < LEAST_WORDS):
        rule = isinstance(value, dict) and any(isinstance(one, dict) for one in value.values())
        meaning = field_names.CODE if rule else meaning
        listed = not isinstance(value, str) or _is_code(value, meaning)
        label = "Products" if meaning == field_names.AFFECTED and _SPARED.search(text) else ""
        yield ToldSection(label or label_of(key), text, meaning, listed)


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


# Names of ratings and numbers, under which some write a sentence.
_RATINGS = frozenset("risk severity priority urgency status state rating issue".split())


def _tells(key: str, value: Any) -> bool:
    """Whether a field that holds a rating elsewhere is a sentence."""
    said = value.strip() if isinstance(value, str) else ""
    long = len(said.split()) > LEAST_UNENDED
    return plain_key(key) in _RATINGS and long and (is_whole(said) or has_verb(said))


def is_name(text: str) -> bool:
    """Whether a text may be what something is called: a line that is no sentence."""
    return "\n" not in text.strip() and len(text) <= LONGEST_NAME and not is_whole(text)


_QUOTED = re.compile(r"^>[^\n]*(?:\n>[^\n]*)*", re.MULTILINE)


def quoted_lines(record: Record) -> frozenset[str]:
    """What an answer to a letter quotes of it, as lines of clean text: somebody else wrote it."""
    texts = (one for one in own_fields(record).values() if isinstance(one, str))
    found = (quote[0] for text in texts for quote in _QUOTED.finditer(text))
    return frozenset(line for one in found for line in as_lines(clean_text(one)).split("\n"))


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
    texts = [one for one in value if isinstance(one, str)]
    words = sum(len(one.split()) for one in texts)
    return bool(text_of_list(value)) and words >= LEAST_WORDS * len(texts)


# What begins as a query, a rule or a script does, whatever its field is called.
_QUERY = re.compile(
    r"\s*(?:\| ?\w+ |`\w+(?:\([^`\n]*\))?`\s*(?:\||\w+ ?=)|(?:search )?(?:index|sourcetype) ?="
    r"|\w+\s+\| ?(?:where|project|summarize|extend|join|take|stats|search|distinct|count)\b"
    r"|(?:private |global )?rule \w+[^\n{]{0,80}\{"
    r"|(?:alert|drop|reject) (?:tcp|udp|http|dns|tls|ip) "
    r"|SELECT\b[^.]{1,400}?\bFROM\b|let \w+ ?=|#!/|\$\w+ ?= )"
)


def _is_query(value: Any) -> bool:
    return isinstance(value, str) and _QUERY.match(value) is not None


def _is_code(value: str, meaning: str) -> bool:
    """Whether a value is a query, a rule or a command, in which marks of markup mean something
    else; a field of that name may hold prose."""
    return _is_query(value) or (meaning == field_names.CODE and not is_whole(value))


_DAY = re.compile(r"\b\d{4}(?:-\d{2}-\d{2})?\b|\b\d{1,2} [A-Z][a-z]{2,8}\b")


def _is_table(value: Mapping[str, Any]) -> bool:
    """Whether an object says something of several things, a few words or a number of each."""
    told = [one for key, one in value.items() if meaning_of(key) != field_names.NOTED]
    said = [one for one in told if short(one)]
    words = sum(len(short(one).split()) for one in said)
    counted = all(isinstance(one, int | float) and not isinstance(one, bool) for one in said)
    return len(said) == len(value) > 1 and (counted or words >= LEAST_WORDS * len(said))


def _written(value: Any, meaning: str) -> str:
    """A value as text or in lines; empty where it can't be written so, or holds nothing."""
    if isinstance(value, str):
        return verbatim(value) if _is_code(value, meaning) else clean_text(value)
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        if all(_is_code(one, meaning) for one in value):
            return "\n\n".join(map(verbatim, value)) if _fits(value) else ""
    if isinstance(value, list):
        written = sign if meaning == field_names.SIGNS else item_of
        items = (written(one) if isinstance(one, dict) else item_of(one) for one in value)
        return _list([one for one in items if one]) if _fits(value) else ""
    if isinstance(value, dict):
        plain = plain_fields(value)
        named = name_of_reference(plain)
        if named or is_reference(plain):
            return named
        said = meaning == field_names.OTHER and is_said(value)
        return entry(value) if said else _fields(value, meaning)
    return as_scalar(value)


def _fits(items: Sequence[Any]) -> bool:
    flat = all(isinstance(one, str | int | float | dict) for one in items)
    return flat and len(items) <= MOST_ITEMS


def _list(items: Sequence[str]) -> str:
    """Items, a line each; on one line where there are few and none says more than a name."""
    if len(items) < 2:
        return "".join(items)
    names = all(len(one) <= LONGEST_IN_LINE and not re.search("[,;:]", one) for one in items)
    if names and len(items) <= MOST_IN_LINE and not any(is_whole(one) for one in items):
        return f"{', '.join(items[:-1])} and {items[-1]}"
    return "\n".join(f"- {one}" for one in items)


def _fields(value: Mapping[str, Any], meaning: str) -> str:
    """The fields of an object, a line each; those of a rule as they are written in one."""
    if meaning in (field_names.SIGNS, field_names.CODE) and any(
        isinstance(one, dict) for one in value.values()
    ):
        return _as_yaml(value)
    lines = [f"- {_named(key)}: {text}" for key, one in value.items() if (text := short(one))]
    return "\n".join(lines) if len(lines) == len(value) <= MOST_ITEMS else ""


def _named(key: str) -> str:
    """What an entry of an object is called: in words, but for the name of a thing."""
    return key if re.search(r"[A-Z]{2}|\w-\d|\d\.\d", key) else label_of(key)


def _as_yaml(value: Mapping[str, Any]) -> str:
    try:
        dumped: str = yaml.safe_dump(dict(value), sort_keys=False, allow_unicode=True, width=1000)
    except yaml.YAMLError:
        return ""
    return dumped.rstrip()
