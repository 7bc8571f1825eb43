"""Where a text's story begins and ends: the sentences of it that are told as a whole.

Knows no question and builds no answer.  Invariant: what is told is one run of sentences, and leans
on nothing that was passed over.
"""

from __future__ import annotations

import re

from stages.data_structurer.antecedents import beginning
from stages.data_structurer.fronts import TextItself
from stages.data_structurer.passages import Sentence
from stages.data_structurer.reading import Reading
from stages.data_structurer.roles import Role
from stages.recipe.asks import OWN_WORK, Way
from stages.recipe.role_names import ASIDE

SURELY_ASIDE = 0.4

_SIGNATURE = re.compile(r"^--[ \t]*$", re.MULTILINE)
# "One of the four who had it", "Some of them".
_OF_THOSE = re.compile(
    r"(?:One|Two|Some|Several|Most|Many|None|Each) of (?:them|these|those|the \w+ (?:who|that))\b"
)
# One of several findings, "RO-4 to RO-7: ...".
_NUMBERED = re.compile(r"[A-Z]{1,5}-\d{1,3}\b(?: [^.:]{1,20})?: ")
_OWN_WORK = re.compile(
    r"\b(?:we|our|this (?:paper|work|study|article|survey|thesis|report|research))\b", re.IGNORECASE
)


def told_sentences(reading: Reading, text: TextItself, way: Way) -> list[Sentence]:
    """From the first sentence of a story to the last that belongs to it."""
    both = list(zip(reading.sentences, reading.roles, strict=True))
    signed = _SIGNATURE.search(reading.text)
    stop = min(text.end, signed.start() if signed else text.end)
    both = [one for one in both if text.start <= one[0].start < stop]
    first = next((at for at, one in enumerate(both) if _begins(reading, *one, way)), None)
    if first and _leans_on(both[first][0], both[first - 1][0]):
        first -= 1
    rest = both[first:] if first is not None else []
    while rest and _is_aside(*rest[-1]):
        rest.pop()
    return [sentence for sentence, _ in rest]


def _leans_on(sentence: Sentence, before: Sentence) -> bool:
    """Whether a sentence needs the one before it, which was passed over: "Solved.
    I leave it here."""
    leans = sentence.points_back or _OF_THOSE.match(sentence.text)
    return bool(leans) and sentence.paragraph == before.paragraph


def _begins(reading: Reading, sentence: Sentence, role: Role, way: Way) -> bool:
    """Whether the text may begin with a sentence: what it points back to is there, or was never
    told; of a paper's own work where it speaks of itself."""
    if _is_aside(sentence, role):
        return False
    at = reading.sentences.index(sentence)
    if way.of == OWN_WORK and not _OWN_WORK.search(sentence.text):
        ahead = at + 1 < len(reading.sentences) and reading.sentences[at + 1]
        return bool(
            ahead and _OWN_WORK.search(ahead.text) and beginning(reading.sentences, at + 1) == at
        )
    return not sentence.gap or beginning(reading.sentences, at) == at


def _is_aside(sentence: Sentence, role: Role) -> bool:
    sure = ASIDE in role.cued and role.probabilities[ASIDE] >= SURELY_ASIDE
    return sure and not (sentence.item or _NUMBERED.match(sentence.text))
