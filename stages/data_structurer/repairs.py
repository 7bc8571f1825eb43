"""What repairs a flaw, what only works around it, and which measure was of no use.

Knows headings and notes such as "Fixed in 2.1."; asks nothing.  Invariant: a version stays with
the words that it stands behind.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import takewhile

from stages.data_structurer.answers import Answer, fitting
from stages.data_structurer.antecedents import points_away
from stages.data_structurer.passages import Sentence, joined
from stages.data_structurer.reading import Reading
from stages.recipe.asks import Way
from stages.recipe.role_names import RESPOND
from stages.text.kinds import VULNERABILITY
from stages.text.workarounds import MARK

WORKAROUND = "Workaround"  # the label of fields that hold one
MOST_BEHIND = 3  # sentences of a workaround in the midst of a text

_AROUND = re.compile(r"(?:temporary )?work-?arounds?|mitigating factors", re.IGNORECASE)
_FIXED = re.compile(r"(?:fixed|resolved|patched|corrected|addressed) in (?=.*\d)", re.IGNORECASE)


def fixed_in(reading: Reading, sentence: Sentence, way: Way) -> Sentence:
    """A sentence that only says in which version a flaw is fixed, with the flaw's name."""
    of_flaw = way.of == RESPOND and reading.subject.kind == VULNERABILITY
    if not of_flaw or not _FIXED.match(sentence.text):
        return sentence
    text = sentence.text[:1].lower() + sentence.text[1:]
    return replace(sentence, text=f"{reading.subject.short} is {text}", item=False)


def around(reading: Reading) -> list[str]:
    """What stands under "Workarounds" in one stretch, as one text."""
    under: list[Sentence] = []
    for one in reading.sentences:
        near = not under or one.paragraph - under[-1].paragraph <= 1
        if _AROUND.fullmatch(one.heading) and near:
            under.append(one)
    under = under or _marked(reading)
    whole = under and not points_away(under[0].text) and not under[0].points_back
    return [joined(fitting(under))] if whole else []


def _marked(reading: Reading) -> list[Sentence]:
    """ "As a workaround, pass ..." in the midst of a text, and its paragraph behind that."""
    begun = next((one for one in reading.sentences if one.text.startswith(MARK)), None)
    if begun is None:
        return []
    behind = [one for one in reading.sentences if one.start >= begun.start]
    same = takewhile(lambda one: one.paragraph == begun.paragraph and not one.gap, behind[1:])
    return [begun, *same][:MOST_BEHIND]


_FAILED = re.compile(
    r"\s*(?:But )?(?:that|this|it|neither)(?: alone)? (?:did nothing|changed nothing"
    r"|had (?:no|little) effect|failed|did(?:n't|n’t| not) (?:help|work|stop|suffice|change)"
    r"|was(?:n't|n’t| not) enough|made no difference|was (?:in vain|no help|useless))\b",
    re.IGNORECASE,
)


def was_useless(reading: Reading, at: int) -> bool:
    """Whether the text goes on to say that the measure a sentence tells of was of no use."""
    return _FAILED.match(reading.text, reading.sentences[at].end) is not None


_REPAIR = re.compile(r"following vulnerability has been resolved:\s+([^\n\"]{8,120})")


def with_commit(answer: Answer, reading: Reading) -> Answer:
    """What a commit says of a flaw, with its title, which calls the flaw by its kind."""
    found = _REPAIR.search(reading.text)
    if found is None or found[1] in answer.text:
        return answer
    text = f'{answer.text} The commit that repairs it is called "{found[1].rstrip(" .")}".'
    return replace(
        answer, text=text, allowed=f"{answer.allowed} The commit that repairs it is called"
    )
