"""Whom malware or a group is aimed at: all that its entry says of that.

Knows the words by which targets are told; asks nothing.  Invariant: no sentence on targets is left
out beside another one.
"""

from __future__ import annotations

import re

from stages.data_structurer.answers import Answer, quoted
from stages.data_structurer.antecedents import points_away
from stages.data_structurer.reading import Reading

# Of people and places, and no process or file that code gets into.
_TARGETED = re.compile(
    r"\b(?:target(?:s|ed|ing)(?! (?:process|file|host|system|machine|computer|drive|folder|disk"
    r"|extension|program|device)\w*)|victims? (?:in|includ\w+|are|were|from|across)"
    r"|(?:primarily|mainly|mostly|largely|chiefly|used|deployed|activity|attacks?) (?:\w+ )?"
    r"(?:against|(?:seen|observed) in))\b",
    re.IGNORECASE,
)
_MOST_ON_TARGETS = 5


def with_targets(answer: Answer, reading: Reading) -> Answer | None:
    """All sentences of an entry on malware or a group that say whom it is aimed at, in its order:
    one of them may leave out the main target."""
    told = [
        one for one in reading.sentences if one.text in answer.text or _TARGETED.search(one.text)
    ]
    if all(one.text in answer.text for one in told):
        return answer
    torn = any(points_away(one.text) or one.points_back for one in told[:1])
    return None if torn or len(told) > _MOST_ON_TARGETS else quoted(told)
