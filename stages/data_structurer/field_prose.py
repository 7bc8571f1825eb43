"""What a field of a record says in prose: measures, signs, consequences, in whole sentences.

Knows the labels of fields; asks nothing.  Invariant: what one value has said, another does not say
again, and no sentence is cut.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from stages.data_structurer.advice import is_told_whole
from stages.data_structurer.analytics import FRAME, with_subjects
from stages.data_structurer.answers import RECORD, Answer, fitting
from stages.data_structurer.antecedents import points_away
from stages.data_structurer.consequences import CONSEQUENCES, notes_of
from stages.data_structurer.lines import as_lines
from stages.data_structurer.passages import joined, sentences_of
from stages.data_structurer.pointers import points_back
from stages.data_structurer.reading import Reading, is_fit
from stages.data_structurer.remedies import REMEDY, in_lines, in_prose
from stages.data_structurer.repairs import WORKAROUND, around
from stages.data_structurer.repeats import is_said_again
from stages.gates.gates import is_clean
from stages.recipe.asks import Way
from stages.text.facts import values_of
from stages.text.kinds import ADVISORY, TECHNIQUE, VULNERABILITY
from stages.text.sentences import is_whole
from stages.text.workarounds import as_workaround

LONGEST = 850  # characters
LONGEST_OF_ENTRY = 1_600  # of a flaw's remedies, which are told whole or not at all


def field_prose(reading: Reading, way: Way) -> Answer | None:
    """The prose of a field: whole sentences, a line each where they come from several values."""
    if is_told_whole(reading, way.of):
        return None
    if way.of == CONSEQUENCES:
        noted = joined(fitting(notes_of(reading.record)))
        return Answer(noted, RECORD, noted) if noted else None
    values = values_of(reading.record, way.of)
    if way.of == REMEDY:  # the filter's, which has what works around a flaw as well
        told = values_of(reading.record, WORKAROUND)
        values = [one for one in values if one not in told]
    values = in_lines(values)
    said: list[str] = []
    parts = [text for value in values if (text := _prose(value, said, reading, way))]
    if way.of == WORKAROUND:
        parts = [as_workaround(part) for part in parts or around(reading)]
    entry = reading.subject.kind in (ADVISORY, VULNERABILITY)
    if entry and sum(map(len, parts)) > LONGEST_OF_ENTRY:
        return None
    while not entry and len(parts) > 1 and sum(map(len, parts)) > LONGEST:
        parts.pop()
    if parts and way.of == REMEDY and entry:
        parts += in_prose(reading, " ".join(parts))
    if parts and way.of == "Detection" and reading.subject.kind == TECHNIQUE:
        name = f"Detection of {reading.subject.short}"
        return Answer(with_subjects(parts, name, analytic=False), RECORD, FRAME)
    return Answer(_together(parts), RECORD) if parts else None


def _together(parts: Sequence[str]) -> str:
    """Prose in one paragraph, and a list behind it in lines of its own."""
    said = parts[0]
    for before, part in pairwise(parts):
        listed = part.startswith("- ") or "\n" in f"{before}{part}" or before.startswith("- ")
        said = f"{said}\n{part}" if listed else f"{said} {part}"
    return said


def _prose(value: str, said: list[str], reading: Reading, way: Way) -> str:
    """The whole sentences of a value that were not `said`, from the first that stands alone."""
    wording = reading.recipe.bounds.wording
    value = _PHASE.sub("", value)
    if way.of in _ADVICE and reading.subject.kind in (ADVISORY, VULNERABILITY):
        return told_whole(value, said, reading)
    new = [one for one in sentences_of(value) if not is_said_again(one.text, said)]
    fits = (one for one in new if re.search(way.each, one.text, re.IGNORECASE))
    sentences = [one for one in fits if is_fit(one.text, wording) and not points_away(one.text)]
    sentences = [replace(one, text=_NOT.sub("This is not ", one.text)) for one in sentences]
    while sentences and sentences[0].points_back:
        sentences = sentences[1:]
    taken = fitting(sentences)
    said.extend(one.text for one in taken)
    return joined(taken)


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
    for one in sentences_of(value):
        if is_said_again(one.text, said) or not is_fit(one.text, reading.recipe.bounds.wording):
            shown = shown.replace(one.text, "").strip()
        else:
            said.append(one.text)
    shown = _GAPS.sub(" ", shown).strip()
    return shown if not shown or is_whole(shown) or "\n" in shown else f"{shown.rstrip(' ,;:-')}."


_CUT = re.compile(r"(?:(?<=[.!?] )|^)[^.!?\n]*(?:\.\.\.|…)(?= |$)", re.MULTILINE)
_FENCE = re.compile(r"\s*(?:~~~|```)\w*(?:\s+|$)")
_GAPS = re.compile(r"(?<=\S) {2,}")
_PHASE = re.compile(r"(?:Pre-design|Design|Implementation|Build|Operation|Testing): (?=[A-Z])")
_NOT = re.compile(r"^Not (?=(?:an?|the|sufficient|recommended|enough|always|foolproof|reliable)\b)")
