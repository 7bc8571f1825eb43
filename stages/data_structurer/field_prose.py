"""What a field of a record says in prose: measures, signs, consequences, in whole sentences.

Knows the labels of fields; asks nothing.  Invariant: what one value has said, another does not say
again, and no sentence is cut.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from stages.data_structurer.advice import is_told_whole
from stages.data_structurer.analytics import FRAME, with_subjects
from stages.data_structurer.answers import RECORD, Answer, ended, fitting, together
from stages.data_structurer.antecedents import points_away
from stages.data_structurer.consequences import CONSEQUENCES, notes_of
from stages.data_structurer.lines import as_lines
from stages.data_structurer.passages import Sentence, joined, sentences_of
from stages.data_structurer.pointers import points_back
from stages.data_structurer.reading import Reading, is_fit
from stages.data_structurer.remedies import REMEDY, in_lines, in_prose
from stages.data_structurer.repairs import WORKAROUND, around
from stages.data_structurer.repeats import is_said_again
from stages.gates.gates import is_clean
from stages.recipe.asks import Way
from stages.text.facts import values_of
from stages.text.kinds import ADVISORY, PATTERN, TECHNIQUE, VULNERABILITY, WEAKNESS
from stages.text.no_remedy import denies_remedy
from stages.text.workarounds import as_workaround, only_lessens

LONGEST = 2_400  # characters
LONGEST_OF_ENTRY = 1_600  # of a flaw's remedies, which are told whole or not at all
MOST_IN_A_PARAGRAPH = 2  # values of a catalog's entry; more are a list

_CATALOGS = frozenset({TECHNIQUE, PATTERN, WEAKNESS})


def field_prose(reading: Reading, way: Way) -> Answer | None:
    """The prose of a field: whole sentences, a line each where they come from several values."""
    if is_told_whole(reading, way.of):
        return None
    if way.of == CONSEQUENCES:
        noted = joined(fitting(notes_of(reading.record), LONGEST))
        return Answer(noted, RECORD, noted) if noted else None
    values = values_of(reading.record, way.of)
    if way.of == REMEDY:  # the filter's, which has what works around a flaw as well
        told = values_of(reading.record, WORKAROUND)
        whole = {" ".join(one.split()): one for one in values_of(reading.record, "Solution")}
        values = [whole.get(one, one) for one in values if one not in told]
    said: list[str] = []
    entry = reading.subject.kind in (ADVISORY, VULNERABILITY)
    if entry and way.of in _ADVICE:
        parts = [text for value in in_lines(values) if (text := told_whole(value, said, reading))]
    else:
        prose = [_prose(value, said, reading, way) for value in in_lines(values)]
        parts = [joined(one) for one in _evenly(prose)]
    if way.of == WORKAROUND:
        parts = [as_workaround(part) for part in parts or around(reading)]
    if entry and sum(map(len, parts)) > LONGEST_OF_ENTRY:
        return None
    if parts and way.of == REMEDY and entry:
        parts += in_prose(reading, " ".join(parts))
    if parts and way.of == "Detection" and reading.subject.kind == TECHNIQUE:
        name = f"Detection of {reading.subject.short}"
        return Answer(with_subjects(parts, name, analytic=False), RECORD, FRAME)
    if len(parts) > MOST_IN_A_PARAGRAPH and reading.subject.kind in _CATALOGS:
        parts = [part if part.startswith("- ") else f"- {part}" for part in parts]
    return Answer(together(parts), RECORD) if parts else None


def _evenly(values: Sequence[Sequence[Sentence]]) -> list[list[Sentence]]:
    """As many sentences as there is room for, in turn: no value is left out for another's last
    sentences."""
    taken: list[list[Sentence]] = [[] for _ in values]
    room = LONGEST
    for number in range(max(map(len, values), default=0)):
        for value, told in zip(values, taken, strict=True):
            if len(told) == number < len(value) and len(value[number].text) <= room:
                told.append(value[number])
                room -= len(value[number].text) + 1
    return [told for told in taken if told]


def _prose(value: str, said: list[str], reading: Reading, way: Way) -> list[Sentence]:
    """The whole sentences of a value that were not `said`, without those that lean on what is
    left out."""
    wording = reading.recipe.bounds.wording
    kept: list[Sentence] = []
    before = True  # whether the sentence before is told
    for one in sentences_of(_PHASE.sub("", value)):
        fits = re.search(way.each, one.text, re.IGNORECASE) and not is_said_again(one.text, said)
        fits = fits and is_fit(one.text, wording) and not points_away(one.text)
        leans = one.points_back and not _CONCEDES.match(one.text)
        before = bool(fits) and not (leans and not (kept and before))
        if before:
            kept.append(replace(one, text=_NOT.sub("This is not ", one.text)))
    said.extend(one.text for one in kept)
    return kept


# "While it is risky to sail at night, it may be unavoidable.": stands for nothing before.
_CONCEDES = re.compile(r"(?:While|Although) it (?:is|may be|can be) \w+ to\b")
_ADVICE = (REMEDY, "Solution", WORKAROUND)


def told_whole(value: str, said: list[str], reading: Reading) -> str:
    """A piece of advice with its commands and lists, but for sentences that were `said` or say
    nothing; empty where a part of it stands elsewhere."""
    shown = _CUT.sub("", as_lines(_FENCE.sub("\n", value))).strip()
    if (
        points_back(shown)
        or points_away(shown)
        or not is_clean(shown, reading.recipe.bounds.wording)
    ):
        return ""
    lessened = only_lessens(value)  # which goes on behind the denial of a remedy
    for one in sentences_of(value):
        fit = is_fit(one.text, reading.recipe.bounds.wording)
        fit = fit or _NO_ACTION.match(one.text) is not None
        fit = fit or (lessened and denies_remedy(one.text.lower().rstrip(".")))
        if is_said_again(one.text, said) or not fit:
            shown = shown.replace(one.text, "").strip()
        else:
            said.append(one.text)
    shown = _GAPS.sub(" ", shown).strip()
    return shown if not shown or "\n" in shown else ended(shown)


# Of a service, which others repair: that its customers have nothing to do is what they ask.
_NO_ACTION = re.compile(
    r"No (?:(?:further )?(?:customer|user|tenant) actions?|actions? (?:by|from|of) [\w ]{3,40}) "
    r"(?:is|are) (?:required|needed|necessary)\b",
    re.IGNORECASE,
)
_CUT = re.compile(r"(?:(?<=[.!?] )|^)[^.!?\n]*(?:\.\.\.|…)(?= |$)", re.MULTILINE)
_FENCE = re.compile(r"\s*(?:~~~|```)\w*(?:\s+|$)")
_GAPS = re.compile(r"(?<=\S) {2,}")
_PHASE = re.compile(r"(?:Pre-design|Design|Implementation|Build|Operation|Testing): (?=[A-Z])")
_NOT = re.compile(r"^Not (?=(?:an?|the|sufficient|recommended|enough|always|foolproof|reliable)\b)")
