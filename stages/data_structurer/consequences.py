"""What a catalog of weaknesses notes on their consequences, besides the impacts that it lists.

Knows the cells of CWE's tables and what the reader of its XML makes of them.  Invariant: only
whole sentences are taken, each once.
"""

from __future__ import annotations

import re

from stages.base import Record
from stages.data_structurer.antecedents import points_away
from stages.data_structurer.passages import Sentence, sentences_of
from stages.text.clean import clean_text
from stages.text.record_text import find_values

CONSEQUENCES = "Consequences"  # the label of the fields that hold them

SHORTEST = 9  # words: a shorter note says no more than the impact

_FIELDS = ("commonconsequences", "consequences")
_NOTE = re.compile(r":NOTE:(.+?)(?=::|:[A-Z][A-Z ]{3,30}:|$)", re.DOTALL)
# "Confidentiality: Read Memory. An attacker ...", as the reader of the catalog has it.
_LISTED = re.compile(r"^[^.\n]{1,200}: [^.\n]{1,300}\. (?=[A-Z])")
# What can't be said without the consequence that it stands beside.
_LEANS = re.compile(
    r"(?:This(?! weakness)|These|It|They|Such|Once|Even|Besides|Also|If so|In this|At this)\b"
)


def notes_of(record: Record) -> list[Sentence]:
    """The sentences of the notes, in their order; of one that leans on its impact
    or says no more, none."""
    found: dict[str, Sentence] = {}
    for value in find_values(record, *_FIELDS):
        for note in _notes(value):
            told = sentences_of(clean_text(note))
            if (
                told
                and len(told[0].text.split()) >= SHORTEST
                and not (_LEANS.match(told[0].text) or told[0].points_back)
            ):
                found |= {one.text: one for one in told if not points_away(one.text)}
    return list(found.values())


def _notes(value: str) -> list[str]:
    if value.startswith("::"):
        return _NOTE.findall(value)
    listed = _LISTED.match(value)
    return [value[listed.end() :]] if listed else []
