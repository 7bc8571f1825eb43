"""What stands in front of a sentence without being part of it: labels, a paragraph's heading, the
place and date of a newspaper's text, the letter before an answer.

Knows words and marks; knows nothing of what a sentence says.  Invariant: what is taken off is
never an order, a "yes" or a "no", and a capital or a number stands behind it.
"""

from __future__ import annotations

import re

from stages.text.abbreviations import is_abbreviation

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
# "LARKHAVEN, Norland (Reuters) - The ...", "Larkhaven, 3 March - The ...".
_DATELINE = (
    r"(?-i:(?!(?:CSRF|SSRF|CVSS|HTTP|IDOR|SAML|CORS)\b)"
    r"(?:[A-Z][A-Z'’.]{3,20} ?){1,3}(?:, (?:[A-Z][\w.]{1,20} ?){1,3})?(?: \([\w ./]{2,20}\))?"
    rf"(?:, (?:\d{{1,2}} )?{_MONTH}(?: \d{{1,2}})?(?:,? \d{{4}})?)?"
    rf"|[A-Z][a-z]+(?: [A-Z][a-z]+)?, (?:\d{{1,2}} )?{_MONTH}(?: \d{{1,2}})?(?:,? \d{{4}})?"
    r") {0,2}[-–—]{1,2} {1,2}(?=(?-i:[\"'“]?[A-Z0-9]))"
)
# What may be taken off the front of a sentence without a loss.
LABEL = re.compile(
    r"(?:what happened|(?:issue |impact )?summary|impact|detection|root cause|description|overview"
    r"|background|details|mitigation|workarounds?|what we changed|technical details|remediation"
    r"|conclusion|response|resolution|analysis|lessons learned|follow-up|next steps|containment"
    r"|(?:defender|attacker|analyst)(?:'s)? (?:perspective|view|notes?)|short answer"
    r"|recovery|in short|bottom line): "
    r"|(?:hi|hello|dear) (?:all|everyone|everybody|team|list|colleagues?|members?|customers?"
    r"|users?), "
    r"|security fix(?:\(es\)|es)?: (?:[*•-] )?"
    rf"|(?-i:[A-Z]{{4,}}(?: [A-Z]{{2,}}){{0,4}}[.:] )|{_DATELINE}",
    re.IGNORECASE,
)
_ANSWER = re.compile(r"(?:a|answer) ?\d{0,2}: +", re.IGNORECASE)
_RUN_IN = re.compile(r"(?P<label>[A-Z][\w'’/ -]{1,50})\. +(?=[\"'“(]?[A-Z0-9])")
_SAYS = re.compile(
    r"(?:it|they|we|he|she|i|you|this|that|these|nobody|none|nothing|no|yes|perhaps|maybe|all"
    r"|please|do|don't|never|always|not)\b"
    r"|(?:Install|Update|Upgrade|Apply|Disable|Remove|Use|Patch|Block)\b|.*\bresolved$",
    re.IGNORECASE,
)
_ASKED = re.compile(r"(?:what|how|why|who|when|where|any other|next steps|lessons)\b", re.I)
_OF_SOMETHING = re.compile(r"[\w'’-]+ (?:of|for|on|and) (?!\w+ing\b)[\w'’ -]+", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|may|might|could|will|did|does|do|\w{3,}ed)\b", re.I
)
MOST_WORDS = 5  # of a heading


def front(piece: str) -> tuple[int, str]:
    """How much of a paragraph is a heading in front of its first sentence, and the heading."""
    if answer := _ANSWER.match(piece):
        return answer.end(), ""
    if piece[:1].isupper() and (label := LABEL.match(piece)):
        return label.end(), label[0].strip(" .:-–—")
    found = _RUN_IN.match(piece)
    if found is None or not is_heading(found["label"]):
        return 0, ""
    stop = found.end("label") + 1
    return (0, "") if is_abbreviation(piece[:stop], piece, stop) else (found.end(), found["label"])


def is_heading(label: str) -> bool:
    """Whether some words before a full stop are no sentence: "Why we moved", "Risk of fire"."""
    count = len(label.split())
    if count > MOST_WORDS or _SAYS.match(label):
        return False
    if count <= 2 or _ASKED.match(label):
        return True
    return _OF_SOMETHING.fullmatch(label) is not None and not _VERB.search(label)
