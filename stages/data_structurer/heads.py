"""What heads a record of any form: its title, what sort of document it is, who wrote it to whom.

Knows the words that names of fields are made of, as people's exports have them; reads no text.
Invariant: each part is a value of one field, whole and in one line, or empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from stages.base import Record
from stages.data_structurer.notes import has_verb
from stages.data_structurer.own_fields import own_fields
from stages.data_structurer.titles import is_telling, own_words, quotable
from stages.text.field_names import FINDINGS, MAIN, OTHER, label_of, meaning_of
from stages.text.record_text import as_scalar, plain_key
from stages.text.sentences import is_whole

# What a document is called by the last word of a field, or of a value that says its sort.
DOCUMENTS = frozenset(
    """review report audit assessment test exercise brief briefing notice bulletin note memo letter
    analysis survey postmortem retrospective story update statement warning profile study inspection
    investigation finding lesson case release export entry thread advisory article post blogpost
    newsletter paper talk session issue ticket bug alert minutes interview podcast episode advice
    appendix announcement notification mail transcript guideline policy procedure
    runbook checklist questionnaire chat changelog piece""".split()
)
_REQUESTS = (["pull", "request"], ["merge", "request"])
# What a note is on that is said of the document itself: "language_note".
_NOTED_ON = frozenset("language audience handling distribution sharing format editor".split())
_OF_INSURANCE = frozenset("insured insurer claim claimant premium policyholder underwriter".split())
_THINGS = frozenset("incident event campaign breach attack outage hunt meeting question".split())
_CALLED = {
    "blogpost": "blog post", "bug": "bug report", "advice": "notice", "piece": "article",
    **{one: f"report on the {one}" for one in ("case", "exercise", "test")},
}  # fmt: skip
# What says when a rule fires, beside which a line under these is what the rule is called.
_LOGIC = frozenset("logic query search condition rule expression pattern".split())
_RULES = frozenset("detection analytic usecase alert".split())
_TITLES = frozenset("title headline heading subject".split())
_HEADLINES = (["title"], ["headline"], ["heading"])
_ABOUT = frozenset("re regarding concerning about betreff objet asunto".split())
# Whose title or name is not the record's.
_OF_OTHERS = frozenset(
    """job author speaker writer site blog list journal book series product vendor company user host
    file data contact person event conference customer client vulnerability""".split()
)
_SORTS = frozenset("type kind class form doc document genre".split())
_RULINGS = frozenset("decision ruling order judgment judgement".split())  # by their numbers alone
_ALONE = _RULINGS - {"order"} | {"request"}  # whose field may hold their number
_NUMBERS = frozenset("no number id ref reference file docket".split())
_OWN_ID = re.compile(
    r"(?=.*\d{2})(?:[A-Z]{2,10}|[A-Z](?=[-/]))(?:[-_/#:][A-Za-z0-9]{1,12}){0,3}[-_/#:]?\d+"
    r"|(?:[A-Z]{2,6} )?\d{1,4}/\d{2,4}|(?:[A-Z]{2,6} )?\d{4}/\d{1,5}"
)
_COUNTED, _COUNT = frozenset({"request", "ticket"}), re.compile(r"\d{2,4}-\d{3,6}")
_SORTED = re.compile(r"[A-Za-z][A-Za-z-]*(?:(?:['’]s)? [a-z-]+){0,2}")
_SORTED_TO = re.compile(r"(?P<sort>[A-Za-z]+) (?:to|for) [a-z-]+(?: [a-z-]+){0,3}")
# Objects that hold what is said of the record, and no part of its text.
HEADS = frozenset(
    "meta metadata header head heading front frontmatter info about question q".split()
)
_OF_A_THREAD = re.compile(
    r"\A(?:(?:re|aw|sv|fwd?|antw)\s*:\s*|\[[\w.-]{2,30}\]\s+)+", re.IGNORECASE
)
_TO = "addressee toparty recipient addressedto sentto letterto memoto".split()
_TALKS = frozenset({"talk", "session"})
_SPEAKER = re.compile(r" [–—-] (?=[A-Z])")  # "Who cut it? - Ida Bo, Foo Ropes"
_HELD = re.compile(r"[_\W](?:body|text)\Z")  # "audit_body": who audits, or what is said
_ASKED = frozenset("question asked ask q query".split())
_ANSWERS = frozenset("answers replies responses comments thread posts".split())
_LETTERS = frozenset({"letter", "memo"})
_LETTER = re.compile(r"(letter|memo)(?:to\w+)?")  # "letter_to_customers"
# What is said of a document, and never what it is about.
OF_THE_DOCUMENT = re.compile(
    r"(?!what\Z)(?:by|from(?:desk|unit|team)?|to|cc|author|hunter|guests?|speakers?|submitter|poster|handle|nick|writer|editor|curator|compiler|owner|analyst|reporter|contact|present|chair|source"
    r"|handling|sharing|circulation|restrictions?|access|embargo|marking"
    r"|audience|distribution|classification|confidential|tlp|status|state|severity|priority|type"
    r"|kind|format|language|lang|version|revision|licen[cs]e|copyright|letterhead|period|year|venue|where"
    r"|series|registry|site|list|forum|board|queue|registrar|office|company|publisher|vendor|host"
    r"|manufacturer|maker|maintainers?|firm|lab(?:oratory)?|institute|regulator|authority|producer|team|org"
    r"|organi[sz]ation|agency|institution|issuer|provider|tester|program(?:me)?|created|updated"
    r"|modified|published|posted|opened|closed|reported|prepared|dated|\w*(?:by|id|ids|no|number|ref"
    r"|date|time|at|on|url|link|to|of|from|for|email|file|code)|evidence\w*)"
)
HEADLINE = range(5, 21)  # words
LONGEST_LINE = 40  # words; more are the text itself
LONGEST_ON = 40  # characters of what a document is on, beside its title
_ON = (
    "product productname productfamily productline component package service project repo"
    " repository".split()
)


@dataclass(frozen=True)
class RecordHead:
    """A title, the sort of document ("press statement"), its number, the addressee, and what it is
    on; empty strings where no field says so.  `serial`: the title may be that of several."""

    title: str = ""
    document: str = ""
    number: str = ""
    to: str = ""
    on: str = ""
    serial: bool = False


def headed(record: Record) -> RecordHead:
    """What the fields of a record, or of what holds its head, say of it."""
    own = own_fields(record) or record
    fields = list(_fields(own))
    plain: dict[str, str] = {}
    for key, value in fields:
        plain.setdefault(plain_key(key), value)
    title, of_title = _title(fields)
    number, of_number = _number(fields)
    title = title or ("" if number else _headline(fields))
    document = of_title or _sort(fields) or of_number or _sort_of_all(record, own)
    if not document and title.endswith("?") and any(plain_key(one) in _ANSWERS for one in own):
        document = "thread"
    if not document and "@" in plain.get("to", "") and "from" in plain:
        document = "mail"
    if number and title.isupper() and title.rpartition(" ")[2].lower() in DOCUMENTS:
        title, document = "", title.lower()  # "SAFETY NOTICE", as all of a series are called
    is_letter = document.rpartition(" ")[2] in _LETTERS
    to = next((plain[one] for one in (*_TO, f"{document}to") if one in plain), "")
    to = _addressee(to or (plain.get("to", "") if is_letter else ""))
    on = next((name for one in _ON if (name := quotable(plain.get(one, "")))), "")
    on = on.rpartition("/")[2] if " " not in on else on.partition(" (")[0]
    fits = len(on) <= LONGEST_ON and re.search("[a-z]", on)
    serial = bool(title) and not any(is_title_key(key) for key, _ in fields)
    addressed = to or any(one in plain for one in _TO)
    if addressed and not document and not DOCUMENTS & {*title.lower().split()}:
        document = "letter"
    return RecordHead(title, document, number, to, on if fits else "", serial)


def _sort_of_all(record: Record, own: Mapping[str, Any]) -> str:
    """The sort of document by the name of what holds all of it, {"issue": {...}}, or its text."""
    around = next((key for key, value in record.items() if value is own), "")
    last = _words(around)[-1:]
    held = last[0] if last and last[0] in DOCUMENTS else ""
    letters = (_LETTER.fullmatch(plain_key(one)) for one in own)
    held = _CALLED.get(held, held) or next((one[1] for one in letters if one), "")
    texts = [(key, as_scalar(one)) for key, one in own.items()]
    long = [key for key, one in texts if len(one.split()) > LONGEST_LINE]
    said = [key for key, one in texts if _RELEASED.search(one)] + (long if len(long) == 1 else [])
    return held or next((found for key in said if (found := document_of(key))), "")


_RELEASED = re.compile(r"\Afor (?:immediate )?(?:release|publication)\b", re.IGNORECASE)


def _number(fields: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """The number that a record has among others of its sort, and the sort: "notice_no"."""
    for key, value in fields:
        words = _words(key)
        own = _OWN_ID.fullmatch(value) or {*words} < _COUNTED and _COUNT.fullmatch(value)
        if not words or _OF_OTHERS - {"file"} & {*words} or not own:
            continue
        if words[-1] in DOCUMENTS or {*words} < _ALONE:
            return value, document_of(key) or words[0]
        if words[-1] in _NUMBERS:
            sort = words[-2] if len(words) > 1 and words[-2] in DOCUMENTS | _RULINGS else ""
            return value, _CALLED.get(sort, sort)
    return "", ""


def _addressee(to: str) -> str:
    """Whom a letter names as its reader, with a small article; empty for an address."""
    name = quotable(to.removeprefix("Dear ")).rstrip(",")
    if "@" in name or not name[:1].isupper():
        return ""
    return f"{name[:1].lower()}{name[1:]}" if name.startswith(("The ", "All ")) else name


def is_title_key(key: str) -> bool:
    """Whether a field of this name says what a record is called."""
    words = _words(key)
    named = words[-1:] == ["name"] and len(words) > 1 and words[-2] in DOCUMENTS | _THINGS
    titled = bool(words) and words[-1] in _TITLES
    return (titled or named) and not _OF_OTHERS & {*words}


def document_of(key: str) -> str:
    """What a document is called by its field, "pier review", "postmortem of"; else empty."""
    label = label_of(key)
    words = [one if one.isupper() and not label.isupper() else one.lower() for one in label.split()]
    if {*words} & _NOTED_ON:
        return ""
    kinds = words[:-1] if words[-1:] == ["of"] else words
    known = kinds and kinds[-1] in DOCUMENTS or kinds[-2:] in _REQUESTS
    return " ".join(words) if known else ""


def is_remark(key: str, first: str) -> bool:
    """Whether a note, "vector_note", is on what stands before it, and not the document itself,
    whose name is the first field."""
    return key != first and document_of(key).endswith(" note")


def _title(fields: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """The title that a field gives, with the sort of document that the field's name says."""
    for key, value in fields:
        about = {*_words(key)} <= _ABOUT
        titled = is_title_key(key) or about
        if titled and (name := _name(value, said=_words(key) in _HEADLINES)):
            return name, _of_title(key)
    if _LOGIC & {plain_key(key) for key, _ in fields}:
        named = ((key, name) for key, value in fields if (name := _name(value)))
        rule = next((name for key, name in named if plain_key(key) in _RULES), "")
        if rule:
            return rule, "detection rule"
    for key, value in fields:
        if plain_key(key) in _ASKED and value.endswith("?") and (name := _name(value)):
            return name, "report on the question"
        document = document_of(key)
        insured = document == "policy" and _OF_INSURANCE & {plain_key(one) for one, _ in fields}
        if insured or is_remark(key, fields[0][0]):
            continue
        if document and document != "issue" and not _HELD.search(key):
            value = _SPEAKER.split(value)[0] if document in _TALKS else value
            if (name := _name(value)) and len(own_words(name)) > 2:
                return name, _CALLED.get(document, document)
    return "", ""


def _headline(fields: Sequence[tuple[str, str]]) -> str:
    """What a field ahead of the text, of a name that nobody knows, says in the style of a headline:
    "Thief cuts all of the ropes"; empty where none does."""
    ahead = takewhile(lambda one: meaning_of(one[0]) not in (MAIN, FINDINGS), fields)
    return next((name for key, value in ahead if (name := _as_headline(key, value))), "")


def _as_headline(key: str, value: str) -> str:
    known = meaning_of(key) != OTHER or OF_THE_DOCUMENT.fullmatch(plain_key(key))
    name = "" if known else _name(value)
    fits = len(name.split()) in HEADLINE and len(own_words(name)) > 2 and not name[:1].islower()
    told = has_verb(name) or _PAST.search(name)
    return name if fits and told and not _SEVERAL.search(name) else ""


_PAST = re.compile(r"\b[a-z]{3,}ed\b")
_SEVERAL = re.compile(r"[.;] |\(")  # sentences, or what is listed


def without_marks(title: str) -> str:
    """A title in one line, without what mail programs and lists put in front of it."""
    return quotable(_OF_A_THREAD.sub("", title, count=1))


def _name(value: str, said: bool = False) -> str:
    """What a value calls the record; no sentence, but where `said` by a headline."""
    name = without_marks(value)
    sentence = is_whole(value) and not value.endswith("?") and not said
    return name if is_telling(name) and own_words(name) and not sentence else ""


def _of_title(key: str) -> str:
    """What a title's field says that it is the title of."""
    words = _words(key)[:-1]
    if words and words[-1] in _THINGS:
        return f"report on the {words[-1]}"
    document = " ".join(words) if words and words[-1] in DOCUMENTS else ""
    return _CALLED.get(document, document)


def _sort(fields: Sequence[tuple[str, str]]) -> str:
    """The sort of document that a field says: "Press statement"."""
    for key, value in fields:
        words = _words(key)
        sort = words[-1:] and words[-1] in _SORTS and len(words) < 3
        value = value.partition(",")[0]  # "Field report, water works"
        to = _SORTED_TO.fullmatch(value)  # "notice to owners of boats"
        if sort and to and to["sort"].lower() in DOCUMENTS:
            return value[:1].lower() + value[1:]
        named = sort and _SORTED.fullmatch(value)
        if named and value.lower().replace("-", "").split()[-1] in DOCUMENTS:
            word = value.lower() in DOCUMENTS
            value = value.lower() if word else value
            return value if value[1:2].isupper() else value[:1].lower() + value[1:]
    return ""


def _words(key: str) -> list[str]:
    words = label_of(key).lower().split()
    return words[:-1] if len(words) > 1 and words[-1] == "line" else words


def _fields(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The fields that hold a line, those of an object with the record's head among them."""
    for key, value in fields.items():
        if isinstance(value, Mapping) and plain_key(key) in HEADS:
            yield from ((name, text) for name, one in value.items() if (text := as_scalar(one)))
        elif text := as_scalar(value):
            yield key, text
