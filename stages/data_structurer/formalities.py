"""Documents that teach nothing whatever they mention: agendas, certificates, rosters, menus.

Knows what such documents are called and how their lines look.  Invariant: a text that tells of an
attack or a flaw is never one.
"""

from __future__ import annotations

import re

from stages.data_structurer.lines import STAMP
from stages.data_structurer.passages import MARKER
from stages.text.sentences import is_whole

_CALLED = re.compile(
    r"\b(?:agenda(?! items?\b)"
    r"|certificate of (?:attendance|completion|participation|achievement|training)"
    r"|roster|rota|(?:duty|shift) (?:list|plan|schedule)"
    r"|shifts (?:(?:in|of|for) )?(?:(?:the|this|next) )?"
    r"(?:week|month|january|february|march|april|may|june|july|august|september|october|november"
    r"|december)|seating plan|timetable(?! (?!of |for )\w)"
    r"|(?<!in the )(?:canteen|cafeteria)"
    r"|sign-?up sheet|registration form|save the date|job (?:advert\w*|description)|vacancy"
    r"|seat allocation|order of the day|programme of the)\b",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"\b(?:attack|intru|malware|malicious|exploit|phish|criminal|ransom|trojan|backdoor|victim|adversar"
    r"|implant|stealer|botnet|hack|breach|fraud|inject|bypass|vulnerab|flaw|overflow|leak|unauthori[sz]"
    r"|credential|disclos|denial|travers|forge|spoof|stole|theft|scam|compromis)",
    re.IGNORECASE,
)
# What is named, and what those do who have a duty: "Ida, malware analysis".
_NAMED = re.compile(
    r"\"[^\"\n]*\"|\b(?:malware|vulnerability|fraud|breach|leak|phishing|intrusion|exploit) "
    r"(?:analy(?:sis|sts?)|management|response|reports?|hotline|mailbox|desk|team|queue|duty"
    r"|detection|research)\b",
    re.IGNORECASE,
)
_OF_A_ROSTER = re.compile(
    r"\b(?:(?:night|day|early|late|weekend)[ -]shifts?|shifts?|on[ -](?:duty|call)|stand-?by"
    r"|cover(?:s|ed by)|swaps?|canteen|cafeteria|lunch|menu|vouchers?|(?:hot|cold|vegan) meals?)\b",
    re.IGNORECASE,
)
# What an entry of a log has, and a point of an agenda seldom.
_HAPPENED = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|will|took|saw|found|got|went|came|said|says|told|sent"
    r"|(?!need|red\b)\w{2,}ed)\b|\S: \S",
    re.IGNORECASE,
)
LEAST_STAMPS = 3  # lines of an agenda, and
LEAST_SHARE = 0.6  # of its lines;
LONGEST_LINE = 14  # words of one
LEAST_ON_DUTY = 3  # words of shifts and meals in a text that tells of nothing else
MOST_BESIDE = 25  # words for each of them
LEAST_TOLD = 2  # different words of attacks or flaws in a document that is called an agenda


def is_formality(front: str, said: str) -> bool:
    """Whether a document only says who is to be where, and when.

    front: its name, and the line above its text.
    """
    told = {one.lower() for one in _TELLS.findall(_NAMED.sub("", said))}
    if _CALLED.search(front) and len(told) < LEAST_TOLD:
        return True
    on_duty = len(_OF_A_ROSTER.findall(said))
    if not told and on_duty >= max(LEAST_ON_DUTY, len(said.split()) / MOST_BESIDE):
        return True
    lines = [line for line in said.split("\n") if line.strip()]
    stamped = [line for line in lines if _is_appointment(line)]
    return not told and len(stamped) >= max(LEAST_STAMPS, LEAST_SHARE * len(lines))


def _is_appointment(line: str) -> bool:
    marker = MARKER.match(line)
    line = line[marker.end() :] if marker else line
    short = len(line.split()) <= LONGEST_LINE and not is_whole(line)
    return STAMP.match(line) is not None and short and not _HAPPENED.search(line)
