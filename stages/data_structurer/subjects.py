"""What a question calls the record that it is about, so that it can stand alone.

Knows ids, titles and the types of STIX; knows nothing of questions.  Invariant: a name is one
line without control characters, short enough for a question, and made of the record's own words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from stages.base import Record
from stages.data_structurer.definitions import GROUP_WORDS, MALWARE_WORDS, Defined, defined_in
from stages.data_structurer.heads import RecordHead, headed, without_marks
from stages.data_structurer.named_fields import day_of, issue_of
from stages.data_structurer.named_fields import on as name_on
from stages.data_structurer.nameless import (
    Told,
    by_beginning,
    form_of,
    issuer,
    name_without_title,
)
from stages.data_structurer.passages import Sentence, sentences_of, without_label
from stages.data_structurer.titles import is_telling, one_line, own_words
from stages.gates.words import content_words
from stages.recipe.questions import Questions
from stages.text.kinds import (
    ADVISORY,
    CAMPAIGN,
    CTF,
    DETECTION,
    GROUP,
    INCIDENT,
    MALWARE,
    MITIGATION,
    OTHER,
    PAPER,
    PATTERN,
    REPORT,
    TECHNIQUE,
    TOOL,
    VULNERABILITY,
    WEAKNESS,
    Identity,
)
from stages.text.own_values import as_written
from stages.text.part_mark import is_part
from stages.text.record_text import as_scalar, plain_fields

TITLED = frozenset({PAPER, CTF, INCIDENT, OTHER, REPORT})
NAMED = frozenset({MALWARE, TOOL, GROUP, CAMPAIGN})
# Of a fixed form, as feeds have them.
ENTRIES = frozenset({VULNERABILITY, WEAKNESS, TECHNIQUE, PATTERN, MITIGATION, DETECTION})
STATED = TITLED | NAMED | {MITIGATION, DETECTION}  # kinds that a record may say it is of

_TYPES = {
    "malware": MALWARE, "tool": TOOL, "intrusion-set": GROUP, "threat-actor": GROUP,
    "campaign": CAMPAIGN, "course-of-action": MITIGATION, "x-mitre-analytic": DETECTION,
    "report": REPORT, "incident": INCIDENT,
}  # fmt: skip
# What others call them: "group profile", "APT group", "detection rule".
_OF_ONE = r"(?:[ -](?:family|profile|card|note|report|analysis))?"
_TYPE_WORDS = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (rf"(?:(?:threat|apt|adversary|activity|intrusion)[ -])*{GROUP_WORDS}{_OF_ONE}", GROUP),
        (rf"{MALWARE_WORDS}{_OF_ONE}", MALWARE),
        (r"(?:detection|sigma|hunting|siem|correlation)[ -](?:rule|analytic|query)|analytic",
         DETECTION),
    )
)  # fmt: skip


@dataclass(frozen=True)
class Subject:
    """What a record is: the kind that its questions go by, and its names.

    `name` stands in questions ("T1001 (Foo)", "the incident "Bar""), `short` in answers.
    """

    kind: str
    name: str
    short: str
    known: bool = True  # by more than the words that its text begins with


_OF_ATTACK = re.compile(r"\([SGC]\d{4}\)|\b[SGC]\d{4}\b")


def is_entry(subject: Subject) -> bool:
    """Whether it is an entry of a feed, which has a fixed form, such as ATT&CK's of malware."""
    named = subject.kind in NAMED and _OF_ATTACK.search(subject.name) is not None
    return named or subject.kind in ENTRIES


def subject_of(
    record: Record, identity: Identity, sentences: Sequence[Sentence], how: Questions
) -> Subject:
    """What a record is to be called, with the noun of its kind."""
    kind = kind_of(record, identity)
    record = as_written(record)
    sentences = [one for one in sentences if one.ended and not one.item] or sentences
    title = one_line(identity.name).replace('"', "'").rstrip(" .")
    own_id = one_line(identity.id)
    free = how.nouns[kind] in (_REPORT, "the paper")
    said = tuple(without_label(one.text) for one in sentences)
    told = Told(f"{_part(record, title)}{how.nouns[kind]}", said, how.naming, free)
    if kind in NAMED and title:
        return Subject(kind, _with_id(f"{how.nouns[kind]} {title}", own_id), title)
    if kind in _FREE and (found := _defined(title, told)):
        return Subject(found.kind, f"{how.nouns[found.kind]} {found.name}", found.name)
    if kind in (PAPER, CTF):
        return _titled(record, kind, title, "", told)
    if kind in TITLED:
        return _document(record, kind, title, told)
    if kind == ADVISORY:
        return _advisory(record, title, own_id, told)
    if own_id and title and own_id.lower() not in title.lower():
        return Subject(kind, f"{own_id} ({title})", own_id)
    if known := title or own_id:
        of = name_on(plain_fields(record)) if kind == VULNERABILITY and not title else ""
        return Subject(kind, f"{known}{of}", known)
    return _by_beginning(kind, told)


def _part(record: Record, title: str) -> str:
    """Which part of a text a record is that is not called by its title, which says it itself."""
    part = record["part"] if is_part(record) and not is_telling(title) else {}
    return f"part {part['number']} of {part['of']} of " if part else ""


def _document(record: Record, kind: str, title: str, told: Told) -> Subject:
    """A report, a letter, a thread: by its title, its sort, who wrote it and to whom."""
    head = headed(record)
    by = issuer(record, told, always=bool(head.to))
    title = without_marks(title)
    telling = title if is_telling(title) else head.title
    if head.document and told.noun == _REPORT:
        told = replace(told, noun=f"the {head.document}")
    if telling:
        issue = issue_of(plain_fields(record), telling) if head.serial else ""
        named = _titled(record, kind, telling, f"{issue}{by}", told)
        return replace(named, name=f"{named.name}{_beside(head, named.name)}")
    form = head.document or (form_of(record) if by else "")
    sorted_ = re.fullmatch(r"[A-Za-z-]+(?: [a-z-]+){0,5}", form)  # "customer letter"
    if by and sorted_ and not head.number:
        day = f" of {day}" if (day := day_of(plain_fields(record))) else ""
        shown = f' "{title}"' if own_words(title) else ""
        name = f"the {form}{shown}{by}{day}"
        return Subject(kind, f"{name}{_beside(head, name)}", f"the {form}")
    return _titled(record, kind, title if head.document else form or title, by, told)


def _beside(head: RecordHead, name: str) -> str:
    """Whom a document is addressed to, and what it is on where its name says nothing of that."""
    known = name.lower()
    on = head.on and not any(word in known for word in content_words(head.on))
    return (f" to {head.to}" if head.to else "") + (f" ({head.on})" if on else "")


_REPORT = "the report"
_FREE = frozenset({OTHER, REPORT})


def _defined(title: str, told: Told) -> Defined | None:
    """What a text without a title of more words than a name says at once by name what it is."""
    found = defined_in(told.first)
    if found is None or (is_telling(title) and title.lower() != found.name.lower()):
        return None
    return found


def kind_of(record: Record, identity: Identity) -> str:
    """The kind whose questions fit: as identified, or as a STIX type says."""
    if identity.kind != OTHER:
        return identity.kind
    if (stated := as_scalar(record.get("kind"))) in STATED:
        return stated
    record = as_written(record)
    types = [as_scalar(record.get(key)) for key in ("stix_type", "type")]
    types += [as_scalar(record.get(key)).partition("--")[0] for key in ("stix_id", "id")]
    named = next((_TYPES[name] for name in types if name in _TYPES), "")
    worded = (_kind_in_words(as_scalar(record.get(key)), identity.name) for key in _STATE_KIND)
    return named or next((kind for kind in worded if kind != OTHER), OTHER)


_STATE_KIND = ("type", "category")


def _kind_in_words(stated: str, title: str) -> str:
    """The kind that a type in other words names; a group or malware has a short name."""
    said = stated.replace("_", " ")
    kind = next((kind for pattern, kind in _TYPE_WORDS if pattern.fullmatch(said)), OTHER)
    named = kind == DETECTION and bool(title)
    return kind if named or _OWN_NAME.fullmatch(title.strip()) else OTHER


_OWN_NAME = re.compile(r"[\w.'’-]+|[A-Z0-9][\w.'’-]*(?: [A-Z0-9][\w.'’-]*){1,3}")


def _with_id(name: str, own_id: str) -> str:
    is_public = re.fullmatch(r"[A-Z]{1,6}-?\d[\w.:-]*", own_id) is not None
    return f"{name} ({own_id})" if is_public and own_id.lower() not in name.lower() else name


def _titled(record: Record, kind: str, title: str, by: str, told: Told) -> Subject:
    """A record by its title, else by what tells it apart from others."""
    noun = told.noun
    if is_telling(title):
        by = "" if by.removeprefix(" by ").lower() in title.lower() else by
        return Subject(kind, f'{noun} "{title}"{by}', f'{noun} "{title}"')
    name = name_without_title(record, title, told, by)
    told = replace(told, noun=f"{noun}{by}")
    return Subject(kind, name, told.noun) if name else _by_beginning(kind, told)


def _advisory(record: Record, title: str, own_id: str, told: Told) -> Subject:
    noun = told.noun
    if own_id and title and own_id.lower() not in title.lower():
        return Subject(ADVISORY, f'{noun} {own_id} ("{title}")', f"{noun} {own_id}")
    if own_id and not title:
        return Subject(ADVISORY, f"{noun} {own_id}", f"{noun} {own_id}")
    return _titled(record, ADVISORY, title, "", told)


def renamed(subject: Subject, said: str, how: Questions) -> str:
    """What a record that is known by its beginning alone is called, for an answer that begins
    otherwise."""
    begun = [one for one in sentences_of(said[:BEGUN]) if one.ended] or sentences_of(said[:BEGUN])
    told = Told(subject.short, tuple(without_label(one.text) for one in begun), how.naming)
    return by_beginning(told) if begun else subject.name


BEGUN = 2_000  # characters of an answer in which its first sentence is looked for


def _by_beginning(kind: str, told: Told) -> Subject:
    return Subject(kind, by_beginning(told), told.noun, known=False)
