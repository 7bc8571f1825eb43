"""Measures with the problem that they are a response to, where they can't be understood alone.

"Put the driver on the blocklist" says little to who has not read of a driver.  Knows leads and
causes; asks nothing.  Invariant: the problem is told in whole sentences from a text's beginning, or
as its cause is, and brings in all that the measures speak of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stages.data_structurer.advice import all_measures, told_answer
from stages.data_structurer.answers import RECORD, Answer
from stages.data_structurer.passages import Sentence, joined
from stages.data_structurer.reading import Reading
from stages.data_structurer.sections import any_section
from stages.data_structurer.unnamed import has_word, unnamed
from stages.recipe.asks import PROBLEM, Way
from stages.recipe.role_names import ASIDE, RESPOND
from stages.text.field_names import CAUSE, FINDINGS, IMPACT, OTHER, SIGNS, TOLD

LONGEST_PROBLEM = 700  # characters,
LONGEST_WITH_MORE = 1_400  # with what a field adds
MOST_SENTENCES = 6
_MORE = frozenset({FINDINGS, IMPACT, OTHER, SIGNS, TOLD})


def told_with_problem(reading: Reading, way: Way) -> Answer | None:
    """What fields tell (`of` the way); of measures that lean, with the problem in front."""
    if way.of != PROBLEM:
        return told_answer(reading, way)
    measures = all_measures(reading, way) or any_section(reading, way)
    missed = unnamed(measures.text, reading) if measures else []
    if measures is None or not missed:
        return None
    problem = next((one for one in _problems(reading) if _brings_in(one, missed, reading)), "")
    if not problem or problem in measures.text:
        return None
    return Answer(f"{problem}\n\n{measures.text}", RECORD)


def _brings_in(problem: str, missed: Sequence[str], reading: Reading) -> bool:
    """Whether a problem has all words that are missed, and misses none itself."""
    has_all = all(has_word(problem, word) for word in missed)
    return has_all and not unnamed(problem, reading, first=False)


def _problems(reading: Reading) -> Iterator[str]:
    """What may be told as the problem: the first paragraph or two, or what fits of the first; a
    field that tells of it; the cause; the first of these with another field behind it."""
    begun = _beginning(reading) if _has_main(reading) else []
    ends = [n for n, one in enumerate(begun[1:], 1) if one.paragraph != begun[n - 1].paragraph]
    told = [joined(begun[:end]) for end in (*ends[:1], len(begun)) if end]
    told += [one.lines for one in reading.sections if _OPENS.fullmatch(one.label)]
    causes = [one.lines for one in reading.sections if one.label and one.meaning == CAUSE]
    yield from (one for one in (*told, *causes) if len(one) <= LONGEST_PROBLEM)
    prose = (one for one in reading.sections if one.label and not one.listed)
    behind = [f"{told[0]}\n\n{one.shown}" for one in prose if told and one.meaning in _MORE]
    yield from (one for one in behind if len(one) <= LONGEST_WITH_MORE)


# What fields are called that tell of a problem.
_OPENS = re.compile(
    r"(?:problem|issue|vulnerability|flaw|finding|observation|condition|situation|what happened)"
    r"(?: (?:description|details|statement))?|summary|overview|description",
    re.IGNORECASE,
)


def _has_main(reading: Reading) -> bool:
    """Whether what was read of a record is its text, and no field of another name."""
    return not reading.sections or any(not one.label for one in reading.sections)


def _beginning(reading: Reading) -> list[Sentence]:
    """The sentences from a text's first one on that tell of the problem, as many as fit."""
    taken: list[Sentence] = []
    for sentence, role in zip(reading.sentences, reading.roles, strict=True):
        lost = sentence.gap or sentence.item or not sentence.ended
        aside = role.name == RESPOND or ASIDE in role.cued or (not taken and sentence.points_back)
        full = len(joined([*taken, sentence])) > LONGEST_PROBLEM
        if lost or aside or full or len(taken) == MOST_SENTENCES:
            break
        taken.append(sentence)
    return taken
