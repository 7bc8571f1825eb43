"""An answer with the record's name in place of what only stands for it: "It", "this vulnerability".

Asks nothing.  Invariant: nothing but such words, and a word that draws a conclusion, is changed.
"""

from __future__ import annotations

import re
from dataclasses import replace

from stages.data_structurer.answers import Answer
from stages.data_structurer.reading import Reading
from stages.data_structurer.subjects import NAMED, Subject
from stages.text.kinds import ADVISORY, VULNERABILITY
from stages.text.pronouns import with_name, with_owner
from stages.text.record_text import find_values

_THIS_FLAW = re.compile(
    r"^(?:This|The) (?:vulnerability|issue|flaw|bug|weakness|problem) "
    r"(?=(?:is|was|exists|occurs|stems|results|arises|lies|allows?|lets?|can|could|may|might|makes"
    r"|enables|permits|leads|causes)\b)"
)
_THEREFORE = re.compile(r"^([^.]{0,300}?\b(?:can|may|could|will|is)) (?:therefore|thus|hence)\b")


def named(answer: Answer, subject: Subject) -> Answer:
    """An answer whose first word stands for the record with the record's name instead, and whose
    first sentence draws no conclusion from one that was left out."""
    text = with_name(_THEREFORE.sub(r"\1", answer.text, count=1), subject.short)
    if subject.kind == VULNERABILITY:
        text = _THIS_FLAW.sub(f"{subject.short} ", text, count=1)
    return replace(answer, text=with_owner(text, subject.short) if subject.kind in NAMED else text)


def is_of_one(answer: Answer, reading: Reading) -> bool:
    """Whether it says "this vulnerability" of one of several that an advisory is on."""
    if reading.subject.kind != ADVISORY or not _THIS_FLAW.match(answer.text):
        return False
    return len({*find_values(reading.record, "cve", "cves", "cveid", "aliases")}) > 1
