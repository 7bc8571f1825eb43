"""What a record without a title of its own is called: by what it is on, its id, form or date.

Knows titles that say nothing, and how texts begin.  Invariant: a name is made of the record's own
words, no literal in it is cut in two, and its first words are the last resort.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from stages.base import Record
from stages.data_structurer.heads import headed
from stages.data_structurer.lines import announces_code
from stages.data_structurer.named_fields import (
    day_of,
    name_by_field,
    name_by_first_field,
    name_by_place,
    name_by_victim,
    on,
)
from stages.data_structurer.own_fields import own_fields
from stages.data_structurer.titles import is_telling, one_line, own_words, quotable
from stages.recipe.questions import Naming
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
from stages.text.record_text import as_scalar, plain_fields, read_record
from stages.text.sentences import is_whole

LONGEST_ISSUER = 80
BEGINNING = 75  # characters of its text that name a nameless record, at most, and
SHORTEST_BEGINNING = 12  # at least
MOST_WORDS = 10  # words: fewer are often those of another record, too
ENOUGH_WORDS, FEWEST = 6, 3

_NAME_IN_TEXT = re.compile(
    r"(?:The )?(?:(?:malware|ransomware|backdoor|trojan|worm|loader|downloader|botnet|stealer|tool"
    r"|implant|group|gang) )?([A-Z][A-Z0-9]{3,}|[A-Z][a-z]+[A-Z]\w+)\b(?! \d)"
)
_PRODUCT = re.compile(
    r"\b(?!(?:Affect|Fix|Resolve|Since|Before|Until|Till|After|From|In|On|To|Up|Use|Version|Release"
    r"|Build|Upgrade|Update|Install|See|Section|Chapter|Table|Figure|Step|Appendix)(?:s|d|ed)?\b)"
    r"((?:[A-Z][\w-]+ ){1,3}v?\d+(?:\.\d+)+)(?=[\s,;.])"
)
_TELLING = frozenset({PATH, REGISTRY, URL, FILE, ADDRESS, HASH, ID, FUNCTION})


@dataclass(frozen=True)
class Told:
    """The noun of a record's kind, its sentences without labels, and how it may be named; `free`
    if fields of any name may name it."""

    noun: str
    sentences: tuple[str, ...]
    naming: Naming
    free: bool = False

    @property
    def first(self) -> str:
        """The first sentence; empty where there is none."""
        return self.sentences[0] if self.sentences else ""


_FORMS = "form doctype documenttype document filename file".split()
_ISSUERS = (
    "company filer registrant organization organisation org issuer institution institute agency"
    " regulator authority office fromoffice fromdesk firm lab laboratory producer vendor"
    " vendorname manufacturer issuedby publishedby workspace team publisher from fromname memofrom"
    " sender school college university letterhead author writer hunter engineer inspector"
    " by".split()
)
_SPEAKS_OF_ITSELF = re.compile(r"\b(?:we|us|our|the company)\b|\bI\b(?!/)", re.IGNORECASE)

_BARE = re.compile(r"[\d/]+")
_OFFICE = re.compile(
    r"(?:[A-Z][\w-]+ ){0,2}(?:Office|Authority|Ombudsman|Commissioner|Centre|Center|Institute|Board"
    r"|Desk|Department|Ministry|Agency|Bureau|Council|Association|Federation|Union|Society|CERT)"
    r" (?:of|for)\b"
)


def issuer(record: Record, told: Told, always: bool = False) -> str:
    """ " by Foo", whose "we" a text speaks of without a name; of any text if `always`."""
    speaks = any(_SPEAKS_OF_ITSELF.search(one) for one in told.sentences)
    name = issuer_of(record) if speaks or always else ""
    return f" by {name}" if name else ""


_ADDRESS = re.compile(r"\s*<[^<>\s]+@[^<>\s]+>")  # behind a name


def issuer_of(record: Record) -> str:
    """Who a record says has written or issued it, with an article where one belongs there."""
    plain = plain_fields(own_fields(record) or record)
    found = next((name for key in _ISSUERS if (name := as_scalar(plain.get(key)))), "")
    found, own = _ADDRESS.sub("", found).removeprefix("the "), found.startswith("the ")
    if not found or len(found) > LONGEST_ISSUER or not found.isprintable() or "@" in found:
        return ""
    own = own or _OFFICE.match(found) is not None
    article = "the " if own or not found[:1].isupper() else ""  # "the blue team, Foo"
    fits = not article or own or (found[:1].isalpha() and " " in found)
    return f"{article}{found.rstrip('.')}" if fits else ""


def form_of(record: Record) -> str:
    """What kind of document a record without a title says that it is."""
    plain = plain_fields(record)
    return next((one for key in _FORMS if (one := one_line(as_scalar(plain.get(key))))), "")


def name_without_title(record: Record, title: str, told: Told, by: str = "") -> str:
    """What tells a record apart: its subject, its id, what it mentions, who wrote it and when."""
    plain, noun = plain_fields(record), f"{told.noun}{by}"
    if own_words(title) and re.match(rf"{re.escape(title)}\b", told.first):
        return told.naming.about.replace("{noun}", noun).replace("{name}", title)
    if told.free and (named := name_by_field(record, noun, told.naming)):
        return named
    if held := name_by_place(record, noun):
        return held
    if own_id := headed(record).number:
        of = by or issuer(record, told, always=True)
        if of or not _BARE.fullmatch(own_id):  # others have a "14/2099", too
            return f"{told.noun} {own_id}{of}{on(plain)}"
    if headline := _headline(record, title):
        return f'{noun} "{headline}"'
    if told.free and (named := name_by_victim(record, noun, told.naming)):
        return named
    first = name_by_first_field(own_fields(record) or record, noun, told.naming)
    if told.free and first:
        return first
    said = replace(told, sentences=tuple(_SPOKEN.sub("", one) for one in told.sentences))
    if known := _known_by(said.first) or _known_by_what_follows(said):
        return told.naming.mentions.replace("{noun}", noun).replace("{name}", known)
    day = day_of(plain)
    return f"{noun} of {day}" if day and " by " in noun else ""


_GREETS = re.compile(
    r"(?:dear|hi|hello|hey|folks|all|greetings|good \w+|q|a|to|from|subject|date)\b", re.IGNORECASE
)
# Who says a line of a talk, which is no name for it: "[09:02] ida_k: ".
_SPOKEN = re.compile(r"\A(?:\[[^\]\n]{1,40}\] [\w.@'’-]{1,20}|[a-z][\w.@'’-]{0,19}): (?=\S)")
_SUBJECT = re.compile(r"(?:subject|betreff|objet|asunto): +", re.IGNORECASE)
_TITLE_WORDS = range(3, 14)


def _headline(record: Record, title: str) -> str:
    """The first line of a text, if it stands alone above it and is no sentence; a short title
    where that line only announces code."""
    bodies = read_record(record).bodies
    first, _, rest = bodies[0].partition("\n") if bodies else ("", "", "")
    if subject := _SUBJECT.match(first):
        name = quotable(first[subject.end() :])
        return name if is_telling(name) else ""
    if announces_code(first, rest):
        return quotable(title) if own_words(title) else ""
    name = quotable(first)
    fits = len(name.split()) in _TITLE_WORDS and rest.startswith("\n") and not is_whole(first)
    return name if fits and not _GREETS.match(name) and is_telling(name) else ""


def _known_by(text: str) -> str:
    """What a sentence can be told by: a name it begins with, a product's version, a literal."""
    if named := _NAME_IN_TEXT.match(text) or _PRODUCT.search(text):
        return named[1]
    found = [one.text for one in literals(text) if one.kind in _TELLING and _ends(one, text)]
    return max(found, key=len, default="")


FEWEST_WORDS = 9  # of a first sentence that tells a text apart without a name or a number
_SAYS_MUCH = re.compile(r"\S[^\n]*?(?:\s\W*[A-Z](?!\b)|\d|[\"“])")


def _known_by_what_follows(told: Told) -> str:
    """Where the first sentence says little, "Got a weird one", what those behind it speak of."""
    if len(told.first.split()) >= FEWEST_WORDS or _SAYS_MUCH.match(told.first):
        return ""
    behind = told.sentences[1:4]
    files = (one.text for text in behind for one in literals(text) if one.kind == FILE)
    return max(files, key=len, default="") or next(filter(None, map(_known_by, behind)), "")


def _ends(literal: Literal, text: str) -> bool:
    """Whether nobody can say that a path goes on behind a blank: "Default\\Login Data"."""
    may_go_on = literal.kind in (PATH, REGISTRY) and "." not in literal.text.rpartition("\\")[2]
    return not (may_go_on and re.match(r" [A-Z0-9]", text[literal.end :]))


def by_beginning(told: Told) -> str:
    """A record by the first words of its text; by its noun alone where it has none."""
    first = _SPOKEN.sub("", told.first)
    quoted = _beginning(first, len(told.sentences) == 1).replace('"', "'") if first else ""
    named = told.naming.begins.replace("{noun}", told.noun).replace("{words}", quoted)
    return named if quoted else told.noun


# What a phrase goes on with, so that the words before it are one: "used on 12 June | against".
_GOES_ON = re.compile(
    r"[,;:(]? (?:against|after|and|as|at|because|before|behind|below|but|by|during|for"
    r"|from|if|in|into|of|on|or|over|since|so|than|that|through|to|under|until|when|where|which|while|who|with"
    r"|without|is|are|was|were|has|have|had|can|may|will|lets?|allows?|enables?|exists?)\b|[,;:] "
)
_NAME_OR_NUMBER = re.compile(r"(?<= )(?:[A-Z]|\d)[\w.-]*\b")


def _beginning(text: str, alone: bool) -> str:
    """The first words of a text up to the end of a phrase, with what it names behind that; of a
    sentence that is all there is, half at most: an answer has to say more than its question.

    No literal is cut in two.
    """
    most = min(BEGINNING, max(SHORTEST_BEGINNING, len(text) // 2) if alone else len(text))
    ends = [one.end() for one in re.finditer(r"\S+", text)][:MOST_WORDS]
    end = max((one for one in ends if one <= most), default=most)
    cut = next(
        (one for one in literals(text) if one.start < end and not _is_over(one, text, end)), None
    )
    end = cut.start if cut is not None and cut.start else end
    stop = end if end == len(text) else _phrase(text, end)
    named = [one.end() for one in _NAME_OR_NUMBER.finditer(text, stop, end)]
    said = text[: named[-1] if named else stop].rstrip(" .,;:(")
    return _OPEN.sub("", said) + "..."


def _is_over(literal: Literal, text: str, end: int) -> bool:
    return literal.end < end or (literal.end == end and _ends(literal, text))


def _phrase(text: str, end: int) -> int:
    """Where a long phrase ends up to a place; the place itself if it is far enough, else where a
    short one ends."""
    ends = [one.start() for one in _GOES_ON.finditer(text, 0, end + 12) if one.start() <= end]
    words = {at: len(text[:at].split()) for at in (*ends, end)}
    long = [at for at in ends if words[at] >= ENOUGH_WORDS]
    short = [at for at in ends if words[at] >= FEWEST] if words[end] < ENOUGH_WORDS else []
    return max(long or short or [end])


_OPEN = re.compile(
    r"(?: (?:the|an?|of|for|to|in|on|and|or|with|by|at|from|that|until|its|their|lets?"
    r"|allows?|enables?|exists?))+$"
)
