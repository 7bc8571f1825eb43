"""What a text defines in its first sentence: "Thistlejack is a loader for Windows".

Knows the words for malware and for groups, and no names.  Invariant: a name stands at the very
beginning of the sentence, and is written as names are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stages.text.kinds import CAMPAIGN, GROUP, MALWARE

MALWARE_WORDS = (
    r"(?:malware|back-?door|trojan|ransomware|locker|encryptor|wiper|worm|virus|loader|dropper"
    r"|down-?loader|(?:info-?)?stealer|botnet|bot|rootkit|bootkit|(?:crypto-?|coin ?)?miner|implant"
    r"|spyware|stalkerware|key-?logger|web ?shell|rat|remote access (?:trojan|tool)|skimmer|clipper"
    r"|adware|beacon)"
)
GROUP_WORDS = (
    r"(?:(?:threat |activity |intrusion )?(?:group|actor|cluster|set)|gang|crew|collective|broker"
    r"|syndicate|affiliate programme|(?:ransomware|extortion) operation)"
)
_NAME = (
    r"(?:The )?(?:(?:malware|ransomware|backdoor|trojan|worm|loader|botnet|stealer|group|gang) )?"
    r"(?P<name>(?-i:[A-Z][\w.'’-]*)(?: (?-i:[A-Z0-9][\w.'’-]*)){0,3}?)"
)
_IS = (
    r"(?:,? \([^()]{2,80}\)|, (?:also|aka|a\.k\.a\.|better) [^,]{2,80},)?"
    r"(?: (?:is|was)|,) (?:an?|the|one of the) (?:[\w'’/-]+,? ){0,6}?"
)
_DEFINES = tuple(
    (re.compile(rf"{_NAME}{_IS}{words}\b(?!['’-])", re.IGNORECASE), kind)
    for words, kind in ((MALWARE_WORDS, MALWARE), (GROUP_WORDS, GROUP), ("campaign", CAMPAIGN))
)
_NO_NAME = re.compile(
    r"(?:it|this|that|these|there|he|she|they|we|you|what|who|our|their|his|her|one|no|all|some"
    r"|today|yesterday|here|an?|the)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Defined:
    """A name, and the kind of thing that it is said to be the name of."""

    name: str
    kind: str


def defined_in(sentence: str) -> Defined | None:
    """What a sentence says by name what it is; None where it defines nothing of ours."""
    if _NO_NAME.match(sentence):
        sentence = sentence[4:] if sentence.startswith("The ") else ""
    found = ((pattern.match(sentence), kind) for pattern, kind in _DEFINES)
    those = [(match.end(), Defined(match["name"], kind)) for match, kind in found if match]
    return min(those, key=lambda one: one[0])[1] if those else None


_DOUBTS = re.compile(
    r"\b(?:weak|doubt\w*|disput\w+|unconvinc\w+|mistak\w+|confus\w+|not convinc\w+|unlikely"
    r"|(?:do not|don't) (?:find|think|believe|agree|share))\b",
    re.IGNORECASE,
)


def are_doubted(names: Sequence[str], sentences: Iterable[str]) -> bool:
    """Whether a report says of one of its own other names that it may be somebody else's."""
    doubts = (one for one in sentences if _DOUBTS.search(one))
    return any("alias" in one or any(name in one for name in names) for one in doubts)
