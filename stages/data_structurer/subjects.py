"""What a question calls the record that it is about, so that it can stand alone.

Knows ids, titles and the types of STIX; knows nothing of questions.  Invariant: a name is one
line without control characters, short enough for a question, and made of the record's own words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stages.base import Record
from stages.data_structurer.passages import Sentence, without_label
from stages.gates.words import content_words
from stages.recipe.questions import Naming, Questions
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
    REPORT,
    TOOL,
    Identity,
)
from stages.text.literals import (
    ADDRESS,
    FILE,
    FUNCTION,
    HASH,
    ID,
    PATH,
    REGISTRY,
    URL,
    Literal,
    literals,
)
from stages.text.record_text import as_scalar, plain_key

LONGEST_NAME = 120  # characters
LONGEST_OWN_NAME = 4  # words, of a group or malware
LONGEST_ISSUER = 60  # characters
BEGINNING = 60  # characters of its text that name a nameless record, at most, and
SHORTEST_BEGINNING = 12  # at least
TITLED = frozenset({PAPER, CTF, INCIDENT, OTHER, REPORT})
NAMED = frozenset({MALWARE, TOOL, GROUP, CAMPAIGN})
STATED = TITLED | NAMED | {MITIGATION, DETECTION}  # kinds that a record may say it is of

_TYPES = {
    "malware": MALWARE, "tool": TOOL, "intrusion-set": GROUP, "threat-actor": GROUP,
    "campaign": CAMPAIGN, "course-of-action": MITIGATION, "x-mitre-analytic": DETECTION,
    "report": REPORT, "incident": INCIDENT,
}  # fmt: skip
# What others call them: "group profile", "APT group", "detection rule".
_TYPE_WORDS = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"(?:(?:threat|apt|actor|adversary|activity|intrusion)[ -])?(?:group|actor|gang)"
         r"(?:[ -](?:profile|card|note))?", GROUP),
        (r"malware(?:[ -](?:family|profile|card))?", MALWARE),
        (r"(?:detection|sigma|hunting|siem|correlation)[ -](?:rule|analytic|query)|analytic",
         DETECTION),
    )
)  # fmt: skip
_GENERIC = frozenset(
    content_words(
        """report untitled incident advisory note notes entry record security alert update bulletin
        document text article blog post summary analysis title test item case number page new draft
        info information description unknown news"""
    )
)
_NAME_IN_TEXT = re.compile(
    r"(?:The )?(?:(?:malware|ransomware|backdoor|trojan|worm|loader|downloader|botnet|stealer|tool"
    r"|implant|group|gang) )?([A-Z][A-Z0-9]{3,}|[A-Z][a-z]+[A-Z]\w+)\b(?! \d)"
)


_PRODUCT = re.compile(r"\b((?:[A-Z][\w-]+ ){1,3}v?\d+(?:\.\d+)+)(?=[\s,;.])")
_TELLING = frozenset({PATH, REGISTRY, URL, FILE, ADDRESS, HASH, ID, FUNCTION})


@dataclass(frozen=True)
class Subject:
    """What a record is: the kind that its questions go by, and its names.

    `name` stands in questions ("T1001 (Foo)", "the incident "Bar""), `short` in answers.
    """

    kind: str
    name: str
    short: str
    known: bool = True  # by more than the words that its text begins with


def subject_of(
    record: Record, identity: Identity, sentences: Sequence[Sentence], how: Questions
) -> Subject:
    """What a record is to be called, with the noun of its kind."""
    kind = kind_of(record, identity)
    sentences = [one for one in sentences if one.ended and not one.item] or sentences
    title = _one_line(identity.name).replace('"', "'").rstrip(" .")
    own_id = _one_line(identity.id)
    noun = how.nouns[kind]
    if kind in NAMED and title:
        return Subject(kind, _with_id(f"{noun} {title}", own_id), title)
    if kind in TITLED:
        by = _issuer(record, sentences) if kind != PAPER else ""
        title = title if _is_telling(title) or not by else _form_of(record) or title
        return _titled(kind, noun, title, sentences, how.naming, by)
    if kind == ADVISORY:
        return _advisory(noun, title, own_id, sentences, how.naming)
    if own_id and title and own_id.lower() not in title.lower():
        return Subject(kind, f"{own_id} ({title})", own_id)
    if known := title or own_id:
        return Subject(kind, known, known)
    return _by_beginning(kind, noun, sentences, how.naming)


def kind_of(record: Record, identity: Identity) -> str:
    """The kind whose questions fit: as identified, or as a STIX type says."""
    if identity.kind != OTHER:
        return identity.kind
    if (stated := as_scalar(record.get("kind"))) in STATED:
        return stated
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
    named = bool(title) and (kind == DETECTION or len(title.split()) <= LONGEST_OWN_NAME)
    return kind if named else OTHER


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_NAME and line.isprintable() else ""


def _with_id(name: str, own_id: str) -> str:
    is_public = re.fullmatch(r"[A-Z]{1,6}-?\d[\w.:-]*", own_id) is not None
    return f"{name} ({own_id})" if is_public and own_id.lower() not in name.lower() else name


_FORMS = "form doctype documenttype document filename file".split()
_ISSUERS = (
    "company filer registrant organization organisation org issuer institution agency".split()
)
_SPEAKS_OF_ITSELF = re.compile(r"\b(?:we|us|our|the company)\b", re.IGNORECASE)


def _issuer(record: Record, sentences: Sequence[Sentence]) -> str:
    """ " by Foo", whose "we" a text speaks of without a name."""
    plain = {plain_key(key): value for key, value in record.items()}
    found = next((name for key in _ISSUERS if (name := as_scalar(plain.get(key)))), "")
    speaks = any(_SPEAKS_OF_ITSELF.search(one.text) for one in sentences)
    fits = found[:1].isupper() and len(found) <= LONGEST_ISSUER and found.isprintable()
    return f" by {found.rstrip('.')}" if fits and speaks else ""


def _form_of(record: Record) -> str:
    """What kind of document a record without a title says that it is."""
    plain = {plain_key(key): value for key, value in record.items()}
    return next((one for key in _FORMS if (one := _one_line(as_scalar(plain.get(key))))), "")


def _titled(
    kind: str, noun: str, title: str, sentences: Sequence[Sentence], naming: Naming, by: str = ""
) -> Subject:
    if _is_telling(title):
        by = "" if by.removeprefix(" by ").lower() in title.lower() else by
        return Subject(kind, f'{noun} "{title}"{by}', f'{noun} "{title}"')
    noun += by
    if known := _known_by(sentences[0].text) if sentences else "":
        return Subject(kind, naming.mentions.replace("{noun}", noun).replace("{name}", known), noun)
    return _by_beginning(kind, noun, sentences, naming)


def _known_by(text: str) -> str:
    """What a sentence can be told by: a name it begins with, a product's version, a literal."""
    if named := _NAME_IN_TEXT.match(text) or _PRODUCT.search(text):
        return named[1]
    found = [one.text for one in literals(text) if one.kind in _TELLING and _ends(one, text)]
    return max(found, key=len, default="")


def _ends(literal: Literal, text: str) -> bool:
    """Whether nobody can say that a path goes on behind a blank: "Default\\Login Data"."""
    may_go_on = literal.kind in (PATH, REGISTRY) and "." not in literal.text.rpartition("\\")[2]
    return not (may_go_on and re.match(r" [A-Z0-9]", text[literal.end :]))


_NUMBERED = re.compile(r"\b[A-Z]{2,10}[-/]\d{2,}[\w/-]*-?\d\b")  # "Bulletin ABC-2091-17"


_VERSIONED = re.compile(r"\b[A-Z]?[a-z]{3,}\w* v?\d+\.\d")  # "[security] Foo 5.1.9"


def _is_telling(title: str) -> bool:
    """Whether a title says what a text is about, and not only that it is one."""
    words = [word for word in content_words(title) if not word.isdigit() and word not in _GENERIC]
    named = any(one.kind in (ID, FILE, FUNCTION) for one in literals(title))
    named = named or _NUMBERED.search(title) is not None or _VERSIONED.search(title) is not None
    return len(words) >= 2 or named


def _advisory(
    noun: str, title: str, own_id: str, sentences: Sequence[Sentence], naming: Naming
) -> Subject:
    if own_id and title and own_id.lower() not in title.lower():
        return Subject(ADVISORY, f'{noun} {own_id} ("{title}")', f"{noun} {own_id}")
    if own_id and not title:
        return Subject(ADVISORY, f"{noun} {own_id}", f"{noun} {own_id}")
    return _titled(ADVISORY, noun, title, sentences, naming)


def _by_beginning(kind: str, noun: str, sentences: Sequence[Sentence], naming: Naming) -> Subject:
    quoted = _beginning(without_label(sentences[0].text)).replace('"', "'") if sentences else ""
    named = naming.begins.replace("{noun}", noun).replace("{words}", quoted)
    return Subject(kind, named if quoted else noun, noun, known=False)


def _beginning(text: str) -> str:
    """The first words of a text, half of it at most: an answer has to say more than its question.
    No literal is cut in two."""
    most = min(BEGINNING, max(SHORTEST_BEGINNING, len(text) // 2))
    end = max(text[: most + 1].rfind(" "), 0) or most
    cut = next((one for one in literals(text) if one.start < end < one.end), None)
    end = cut.start if cut is not None and cut.start else end
    return text[:end].rstrip(" ,;:(") + "..."
