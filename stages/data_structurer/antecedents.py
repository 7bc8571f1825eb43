"""Whether a sentence can be understood alone, and where an answer has to begin for it.

Knows words that stand for something said before; knows nothing of roles or questions.  Invariant:
where what a sentence points to was left out, or stands nowhere near, there is no beginning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from stages.data_structurer.passages import Sentence

_DEFINITE = re.compile(r"The (\w{3,})\b")
# "The victim might not see that the less secure algorithm is used", "The only option is to".
_QUALIFIED = re.compile(r"\bthe ((?:[a-z][\w-]+ ){1,3}?[a-z]{3,})\b")
_ONLY = re.compile(
    r"The only (?:\w+ )?(?:option|way|solution|alternative|remedy|choice|recourse)\b"
)
_THESE = re.compile(
    r"\b(?:these|those) (?:[a-z-]+ )?(?!problem|issue|flaw|bug|vulnera)([a-z]{3,})s\b"
    r"(?! (?:who|that|which|with|whose)\b)"
)
# "look for this file", without a file before it.
_THIS = re.compile(
    r"\b(?:for|of|to|in|by|with|from|on|at|block|remove|delete|use|install|apply|close|change)"
    r" this (?!(?:vulnerabilit|flaw|issue|weakness|attack|technique|version|update|release|advisory"
    r"|report|paper|way|time|year|month|week|day|kind|type|case|point|reason|problem|bug|incident)\w*)"
    r"([a-z]{4,})\b"
)
_THAT_DATE = re.compile(r"\b(?:before|after|until|by|since|from) (?:that|this) (?:date|day|time)\b")
_NUMBER = r"(?:two|three|four|five|six|seven|eight|nine|ten|\d{1,3})"
# "lifted all four", "one of the two", with nothing that was counted.
_COUNTED = re.compile(
    rf"\b(?:all {_NUMBER}|one of the {_NUMBER})(?= (?:within|at|on|in|by)\b|[.,;])"
)
# "a lamp burns there", after no place.
_THERE = re.compile(
    r"\bthere\b(?!'|’| (?:is|are|was|were|has|have|had|may|might|can|could|will|would|should|must"
    r"|seems?|appears?|exists?|be|been|being)\b)",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?i:in|at|on|to|from|into|onto|under|via) (?:the|an?|its|their|our|your|[A-Z]\w+)\b"
    r"|\belsewhere\b|\\|/"
)
# "In three cases we saw it fetch a tool", "A second key shortened this to a day".
_WITHIN = re.compile(
    r"(?!(?:If|When|While|Once|As|After|Before) )(?:[^\s;:]*[^\s,;:] ){1,7}?"
    r"(?:this (?:to|by|with|from|gave|yielded|led|leads|meant|means|took|cost|showed|caused)\b"
    r"|(?:saw|see|seen|observed?|noticed|watched) (?:it|them)\b)"
)
# What stands where no answer can be begun, or in another field of the record.
_ELSEWHERE = re.compile(
    r"\b(?:named|mentioned|listed|described|shown|given|noted|discussed|seen|cited|as|see) "
    r"(?:above|below|earlier|overleaf)\b|\b(?:the|both|all) (?:\w+ )?(?:above|below)\b"
    r"|\b(?:above|below)(?:-| )(?:mentioned|named|listed|described)\b"
    r"|\b(?:in|from|on|of|see) (?:the|an|our|this) (?:annex|appendix)\b",
    re.IGNORECASE,
)
# "The first lets an attacker read files, the second lets a user write them."
_ONE_OF_THEM = re.compile(r"The (?:first|former)\b[^.]*?\bthe (?:second|other|latter)\b")
_SEVERAL = re.compile(r"(?:Both|Neither|All (?:two|three|four|of them))\b(?! of (?!them))")


def points_away(text: str) -> bool:
    """Whether a sentence speaks of what is "named above", which nobody says where."""
    return _ELSEWHERE.search(text) is not None


# "Look for the file and the account."
_SOUGHT = re.compile(
    r"\b(?:look|search|hunt|scan|check|watch) for the (?P<what>file|account|script|process|task"
    r"|service|string|address|hash|domain|folder|user|tool|driver|library)(?:e?s)?\b"
    r"(?=[.,;]| and the \w+[.,;])",
    re.IGNORECASE,
)


def seeks_unnamed(text: str) -> bool:
    """Whether one is to look for something that the text has not spoken of before."""
    return any(
        one["what"].lower() not in text[: one.start()].lower() for one in _SOUGHT.finditer(text)
    )


def needs_more(sentences: Sequence[Sentence], at: int) -> bool:
    """Whether a sentence speaks of something that only what stands before it has introduced."""
    text = sentences[at].text
    leans = _WITHIN.match(text) or _ONE_OF_THEM.match(text)
    if sentences[at].points_back or _stands_for_earlier(text) or leans:
        return True
    noun = _DEFINITE.match(text)
    before = sentences[at - 1].text if at else ""
    new = rf"\b(?:an?|one|another) (?:[\w-]+ ){{0,2}}{noun[1]}\b" if noun else ""
    if _ONLY.match(text) or _is_brought_in(text, before):
        return True
    return bool(noun) and re.search(new, before, re.IGNORECASE) is not None


def _is_brought_in(text: str, before: str) -> bool:
    """Whether a sentence first speaks of "the less secure algorithm" where the one before it has
    "a less secure algorithm"."""
    for found in _QUALIFIED.finditer(text):
        new = re.compile(rf"\ban? (?:[\w-]+ ){{0,2}}?{re.escape(found[1])}\b", re.IGNORECASE)
        if new.search(before) and not new.search(text, 0, found.start()):
            return True
    return False


def beginning(sentences: Sequence[Sentence], at: int) -> int | None:
    """Where to begin for a sentence to be understood, at most one sentence back; None: nowhere."""
    if points_away(sentences[at].text):
        return None
    if not needs_more(sentences, at):
        return at
    before = at - 1
    lost = before < 0 or sentences[at].gap or _SEVERAL.match(sentences[at].text)
    if lost or needs_more(sentences, before) or points_away(sentences[before].text):
        return None
    near = sentences[at].paragraph - sentences[before].paragraph <= 1
    return before if near and not sentences[before].item else None


def _stands_for_earlier(text: str) -> bool:
    """Whether it says "these resources" without having spoken of resources, or "that date"."""
    if _THAT_DATE.search(text) or _COUNTED.search(text):
        return True
    there = _THERE.search(text)
    if there and not _PLACE.search(text, 0, there.start()):
        return True
    spoken_of = (*_THESE.finditer(text), *_THIS.finditer(text))
    return any(match[1] not in text[: match.start()].lower() for match in spoken_of)
