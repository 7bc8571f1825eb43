"""What the fields of a report say under a name for it, whole: its measures, or signs of an attack.

A measure out of several, or one without the words for whom it is, misleads; so all are told.
Invariant: every field with that meaning is in the answer, or there is none.
"""

from __future__ import annotations

import re

from stages.data_structurer.answers import RECORD, Answer
from stages.data_structurer.antecedents import points_away, seeks_unnamed
from stages.data_structurer.lines import is_code
from stages.data_structurer.passages import sentences_of, with_capital
from stages.data_structurer.reading import Reading
from stages.data_structurer.telling import ToldSection
from stages.data_structurer.wholes import NOT_TOLD
from stages.recipe.asks import Way
from stages.text.field_names import SIGNS
from stages.text.sentences import is_whole

LONGEST = 1_800  # characters
# A way out for those who can't do the rest is no order for all.
_APART = re.compile(r"workaround|temporary|interim|optional", re.IGNORECASE)
_LEANS = re.compile(r"\bsuch (?!as\b)[a-z]+s\b|\bthe (?:same|other) [a-z]+\b", re.IGNORECASE)
# How a case came to light, which is no sign of others.
_NOTICED = re.compile(
    r"\b(?:paged|noticed|reported|called|alerted us|we (?:found|saw|learned)"
    r"|(?:was|were) (?:first )?(?:found|detected|discovered|seen|alerted|informed))\b"
    r"|\bfailed at\b",
    re.IGNORECASE,
)


_ASKED = "Detection"  # what a question about signs names already
# What an article says of itself, which is no measure.
_OF_ITSELF = re.compile(r"\b(?:earlier|previous) version of this\b|\bmis(?:stated|spelled)\b", re.I)


def told_answer(reading: Reading, way: Way) -> Answer | None:
    """All sections of one meaning (`of` the way); None where one can't stand alone."""
    found = [one for one in reading.sections if one.label and one.meaning == way.of]
    if not found or not all(_stands(one, way) for one in found):
        return None
    alone = len(found) == 1 and not _APART.search(found[0].label)
    first = found[0].lines if alone or found[0].label == _ASKED else found[0].shown
    said = "\n\n".join([first, *(one.shown for one in found[1:])])
    if len(said) > LONGEST or NOT_TOLD.search(said):
        return None
    said = with_capital(said)
    return Answer(said if is_whole(said) else f"{said.rstrip(' ,;:-')}.", RECORD)


def _stands(section: ToldSection, way: Way) -> bool:
    """Whether a section says what is asked for, and can do without what stands elsewhere."""
    sentences = sentences_of(section.text)
    told = not (_NOTICED if section.meaning == SIGNS else _OF_ITSELF).search(section.text)
    leans = bool(sentences) and (sentences[0].points_back or _LEANS.search(sentences[0].text))
    fits = re.search(way.each, section.text, re.IGNORECASE) is not None
    leans = leans or points_away(section.text) or seeks_unnamed(section.text)
    return told and fits and not leans and not is_code(section.text)
