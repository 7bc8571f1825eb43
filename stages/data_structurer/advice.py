"""What the fields of a report say under a name for it, whole: its measures, or signs of an attack.

A measure out of several, or one without the words for whom it is, misleads; so all are told.
Invariant: every field with that meaning is in the answer, or there is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from stages.data_structurer.answers import RECORD, Answer, ended
from stages.data_structurer.antecedents import points_away, seeks_unnamed
from stages.data_structurer.holes import NOT_TOLD
from stages.data_structurer.lines import is_code
from stages.data_structurer.notes import has_verb
from stages.data_structurer.passages import MARKER, sentences_of, with_capital
from stages.data_structurer.reading import Reading
from stages.data_structurer.shorthand import is_order
from stages.data_structurer.telling import ToldSection
from stages.data_structurer.unnamed import unnamed
from stages.recipe.asks import Way
from stages.text.field_names import CAUSE, IMPACT, MEASURES, SIGNS
from stages.text.sentences import sentence_ends

LONGEST = 1_800  # characters
# A way out for those who can't do the rest is no order for all.
_APART = re.compile(r"workaround|temporary|interim|optional|^(?:if|until|unless)\b", re.IGNORECASE)
_LEANS = re.compile(r"\bsuch (?!as\b)[a-z]+s\b|\bthe (?:same|other) [a-z]+\b", re.IGNORECASE)
# How a case came to light, which is no sign of others.
_NOTICED = re.compile(
    r"\b(?:paged|noticed|reported|called (?:us|me|in|our|the \w+)|alerted us"
    r"|we (?:found|saw|learned)"
    r"|(?:was|were) (?:first )?(?:found|detected|discovered|seen|alerted|informed))\b"
    r"|\bfailed at\b",
    re.IGNORECASE,
)


_ASKED = "Detection"  # what a question about signs names already
# What an article says of itself, which is no measure.
_OF_ITSELF = re.compile(r"\b(?:earlier|previous) version of this\b|\bmis(?:stated|spelled)\b", re.I)


# The versions that mend a flaw are a measure beside others, and no advice alone.
_FIXED = re.compile(
    r"(?:fixed|patched|corrected|resolved) (?:in|versions?|releases?|software|products?)",
    re.IGNORECASE,
)
# What those say who are to carry out what is recommended.
_REPLY = re.compile(r"\b(?:response|reply|comment|statement)s?$", re.IGNORECASE)
# What has to be the case before anything comes of a flaw.
_PRECONDITION = re.compile(
    r"(?![^.]*\b(?:can|could|may|might|will|allows?|lets?|leads?|results?|enables?)\b)"
    r"[^.]*?\b(?:(?:must|has to|have to|needs? to) (?:already |first )?(?:have|be|get|know)"
    r"|requires? (?:that|an?|the|access|physical|local|valid|knowledge|user|no)"
    r"|(?:is|are) (?:only )?(?:possible|exploitable) (?:only|if|when)|only (?:if|when|where|those)"
    r"|for (?:this|it|that) to (?:matter|work|succeed|happen))\b"
)
# A name that says already that what stands under it is to be done.
_TELLS_WHAT_TO_DO = re.compile(r"what \w+ (?:must|should|ha(?:s|ve) to) do|do not|correction", re.I)
_POINTER = re.compile(r" \((?:see|cf\.|compare|refer to) [^()\n]*\)", re.IGNORECASE)


def told_answer(reading: Reading, way: Way) -> Answer | None:
    """All sections of one meaning (`of` the way); None where one can't stand alone."""
    answer = _all_of(reading, way.of, way.each)
    leans = answer is not None and way.of != CAUSE and unnamed(answer.text, reading)
    return None if leans else answer


def all_measures(reading: Reading, way: Way) -> Answer | None:
    """All sections of measures with their labels, also where they speak of what only others bring
    in."""
    return _all_of(reading, MEASURES, way.each, labelled=True)


# What fields of these labels say is told whole, or not at all.
_TOLD_WHOLE = {
    **dict.fromkeys(("Mitigations", "Solution", "Workaround"), MEASURES),
    "Detection": SIGNS,
    "Cause": CAUSE,
}


def is_told_whole(reading: Reading, label: str) -> bool:
    """Whether a report has fields that say what a label of facts is for, so that no part of them
    is an answer."""
    meaning = _TOLD_WHOLE.get(label)
    return any(one.label and one.meaning == meaning for one in reading.sections)


def _all_of(reading: Reading, meaning: str, each: str, labelled: bool = False) -> Answer | None:
    found = [one for one in reading.sections if one.label and one.meaning == meaning]
    if not found or not all(_stands(one, each) for one in found):
        return None
    if all(map(_is_reply, found)):
        return None
    found = _with_fixed(reading, found) if meaning == MEASURES else found
    if meaning == MEASURES and _is_second_best(reading, found):
        return None
    alone = len(found) == 1 and not _APART.search(found[0].label)
    bare = not labelled and (alone or found[0].label == _ASKED)
    first = found[0].lines if bare else found[0].shown
    said = "\n\n".join([first, *(one.shown for one in found[1:])])
    if len(said) > LONGEST or NOT_TOLD.search(said):
        return None
    said = with_capital(_without_others(_POINTER.sub("", said), reading))
    if meaning == MEASURES and _is_of_ids(said, reading):
        return None
    return Answer(said if found[-1].code else ended(said), RECORD)


def _without_others(said: str, reading: Reading) -> str:
    """Measures without the last items that are on other findings of a series, "W-08", by their
    numbers alone."""
    series = [one[1] for one in _OF_SERIES.finditer(reading.subject.name)]
    others = re.compile(rf"\b(?:{'|'.join(map(re.escape, series))})-\d{{1,3}}\b")
    lines = said.split("\n")
    while series and len(lines) > 1 and MARKER.match(lines[-1]) and others.search(lines[-1]):
        lines.pop()
    return "\n".join(lines)


_OF_SERIES = re.compile(r"\b([A-Z]{1,4})-\d{1,3}\b")
_FIXES = re.compile(
    r"\b(?:fixed|patched|repaired|updat(?:e|ing) (?:to|does)|upgrad\w+ to|install (?:version )?\d)"
    r"|\bfix(?:ed)?: ",
    re.IGNORECASE,
)


def _is_of_ids(said: str, reading: Reading) -> bool:
    """Whether it speaks of flaws by the ends of their ids, "4711 stays", that stand elsewhere."""
    text = "\n".join(one.shown for one in reading.sections)
    ids = {found[0]: found[1] for found in _CVE.finditer(text)}
    return any(
        re.search(rf"(?<![\w-]){end}\b", said) and own not in said for own, end in ids.items()
    )


_CVE = re.compile(r"CVE-\d{4}-(\d{4,7})")


def _is_second_best(reading: Reading, found: Sequence[ToldSection]) -> bool:
    """Whether only ways around a flaw are found, of a record that tells of a repair elsewhere."""
    rest = [one.shown for one in reading.sections if one not in found]
    around = all(_APART.search(one.label) for one in found)
    return around and any(_FIXES.search(one) for one in rest)


def _is_reply(section: ToldSection) -> bool:
    return _REPLY.search(section.label) is not None


def _with_fixed(reading: Reading, measures: Sequence[ToldSection]) -> list[ToldSection]:
    """Measures with the versions that mend a flaw, where a field of its own states them and the
    measures do not, with a resolution that is an order, and with what is to be done before them,
    all in the order of the record."""
    said = " ".join(one.text for one in measures)
    told = [one for one in reading.sections if one.label and one not in measures]
    fixed = [one for one in told if _FIXED.fullmatch(one.label)]
    new = [one for one in fixed if not all(n in said for n in _NUMBER.findall(one.text))]
    new += [one for one in told if one.label == _RESOLVED and is_order(one.text)]
    ahead = reading.sections[: reading.sections.index(measures[0])]
    new += [one for one in ahead if _FIRST.match(one.label)]
    return [one for one in reading.sections if one in measures or one in new]


_RESOLVED = "Resolution"
_FIRST = re.compile(r"before (?:you|the|\w+ing)\b", re.IGNORECASE)  # what has to be done first
_NUMBER = re.compile(r"\d[\w.]*\w|\d")


def _stands(section: ToldSection, each: str) -> bool:
    """Whether a section says what is asked for, and can do without what stands elsewhere."""
    sentences = sentences_of(section.text)
    told = not (_NOTICED if section.meaning == SIGNS else _OF_ITSELF).search(section.text)
    if section.meaning == IMPACT:
        told = told and not _PRECONDITION.match(section.text) and _happens(section.text)
    leans = bool(sentences) and (sentences[0].points_back or _LEANS.search(sentences[0].text))
    fits = _is_reply(section) or re.search(each, section.text, re.IGNORECASE) is not None
    fits = fits or _TELLS_WHAT_TO_DO.fullmatch(section.label) is not None
    text = _POINTER.sub("", section.text)
    leans = leans or points_away(text) or seeks_unnamed(section.text)
    return told and fits and not leans and not is_code(section.text)


def _happens(text: str) -> bool:
    """Whether an impact is more than one phrase without a verb, or one that denies it."""
    several = len(text.split("\n")) > 1 or len(sentence_ends(text.rstrip())) > 1
    return several or (has_verb(text) and not _DENIES.match(text))


_DENIES = re.compile(r"(?:no|none|nothing|nobody|neither)\b", re.IGNORECASE)
