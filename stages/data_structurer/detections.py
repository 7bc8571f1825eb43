"""A subject for what tells of a detection without one: "Detects ...", "Unusual creation of ...".

Knows the verbs and nouns that such notes begin with; knows no record.  Invariant: only the front
of a sentence changes, and one that has a subject stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import replace

from stages.data_structurer.answers import Answer
from stages.data_structurer.subjects import Subject
from stages.gates.measures import sentences
from stages.text.kinds import DETECTION

DEFENDERS = "Defenders can"
# Verbs of a third person without it, and how they are said with "can".
_BASES = {
    **{f"{base}s": base for base in
       ("detect monitor correlate look track flag observe capture hunt find check analyze analyse"
        " inspect alert report trigger examine leverage compare").split()},
    "identifies": "identify", "searches": "search", "matches": "match", "watches": "watch",
    "catches": "catch", "focuses": "focus",
}  # fmt: skip
_DOES = re.compile(rf"({'|'.join(_BASES)})(?= )", re.IGNORECASE)
_ORDER = re.compile(
    r"(?:Monitor|Look|Analy[zs]e|Search|Hunt|Watch|Inspect|Review|Check|Alert|Track|Correlate"
    r"|Identify|Detect|Collect|Consider|Audit|Investigate|Examine|Enable)(?= (?!of\b|is\b))"
)
_NOTABLE = (
    r"(?:Anomalous|Unusual|Suspicious|Unexpected|Abnormal|Unauthori[sz]ed|Repeated|Excessive|Sudden"
    r"|Rapid|Multiple|Rare|Unsigned|Frequent|Malicious|Irregular)"
)
_HEADS = (
    r"(?:creation|execution|modification|mounting|use|usage|access|loading|invocation|injection"
    r"|spawning|deletion|installation|registration|connections?|traffic|log-?ons?|attempts?"
    r"|activity|changes?|commands?|processes|enumeration|requests?|sequence)"
)
_PHRASE = re.compile(
    rf"{_NOTABLE} \w|(?:[\w-]+ ){{0,2}}{_HEADS} (?:of|to|from|by|involving|with|that|on|in"
    r"|initiated|containing|using|followed|outside)\b",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\b(?:is|are|was|were|may|might|can|could|will|would|should|must|has|have|had|indicates?"
    r"|suggests?|shows?|occurs?|points?|means?|happens?|appears?|reveals?)\b"
)
_LOWERED = re.compile(rf"(?:{_NOTABLE}|{_HEADS}|Process|File|Service|User|Network|Outbound|Inbound"
                      r"|Script-based|Scheduled|Remote|New)\b", re.IGNORECASE)  # fmt: skip


def with_detector(answer: Answer, subject: Subject) -> Answer:
    """An answer on detection in whole sentences: who detects is a detection itself, by its name,
    or whoever defends."""
    if "\n" in answer.text:
        return answer
    detects = subject.kind == DETECTION
    said: list[str] = []
    named = False
    for one in sentences(answer.text):
        first, later = (subject.short, "It") if detects else (DEFENDERS, "They can")
        mended = _mended(one, later if named else first, detects)
        named = named or mended != one
        said.append(mended)
    return replace(answer, text=" ".join(said), allowed=f"{answer.allowed} {DEFENDERS} should look")


def _mended(sentence: str, who: str, detects: bool) -> str:
    """A sentence with its subject, if it had none."""
    if does := _DOES.match(sentence):
        verb = does[1].lower() if detects else _BASES[does[1].lower()]
        return f"{who} {verb}{sentence[does.end() :]}"
    if detects and _ORDER.match(sentence):
        return f"Defenders should {sentence[:1].lower()}{sentence[1:]}"
    if _PHRASE.match(sentence) and not _SAYS.search(sentence):
        rest = sentence[:1].lower() + sentence[1:] if _LOWERED.match(sentence) else sentence
        return f"{who} {'looks' if detects else 'look'} for {rest}"
    return sentence
