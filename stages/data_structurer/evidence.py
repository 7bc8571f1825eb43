"""How surely a free text means a sentence for what it is asked about, and how far a passage goes.

A report in no fixed form says many things in the words of a cause, a sign or a finding.  Knows
headings and words of doubt; asks nothing.  Invariant: what stands under a heading that names its
role is taken for it, and of the rest only what some cue speaks for clearly.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from stages.data_structurer.passages import Sentence
from stages.data_structurer.roles import Role
from stages.recipe.role_names import CAUSE, DETECT, EFFECT, FINDING, HOW, WHO
from stages.recipe.roles import Roles
from stages.text.kinds import OTHER, PAPER, REPORT

FREE = frozenset({OTHER, REPORT})  # kinds of text that any form may have
# The roles that have to be clear, by kind of text.
STRICT = {
    **dict.fromkeys(FREE, frozenset({HOW, EFFECT, CAUSE, DETECT, WHO, FINDING})),
    PAPER: frozenset({FINDING}),
}
CLEAR = 3.0  # times as likely as any other role, of one that a cue speaks for

_DOUBTFUL = re.compile(
    r"^[\"“]|\b(?:can(?:'t|’t|not)|do(?:n't|n’t| not)|could(?:n't|n’t| not)) (?:yet )?"
    r"(?:say|tell|know|rule|prove|see|exclude|be (?:sure|certain))\b"
    r"|\b(?:unclear|riddle|mystery|remains? (?:open|unknown))\b|\bnot (?:yet )?(?:clear|known)\b"
    r"|\b(?:i|we|he|she|they) (?:think|thought|guess|guessed|wonder(?:ed)?|hope)\b"
    r"|\ba (?:friend|colleague) (?:says|thinks)\b|\bwould have\b",
    re.IGNORECASE,
)
# What the writers did, which is no attack and no cause of one.
_OUR_WORK = re.compile(
    r"(?:we|i) (?!(?:found|find|saw|see|observed?|measured|show|conclude)\b)\w+", re.IGNORECASE
)


def is_clear(sentence: Sentence, role: Role, wanted: str, how: Roles) -> bool:
    """Whether a sentence of a free text surely says what is `wanted`."""
    if is_under(sentence, wanted, how):
        return True
    ours = wanted in (HOW, CAUSE, EFFECT, WHO) and _OUR_WORK.match(sentence.text)
    told = not ours and not _DOUBTFUL.search(sentence.text)
    others = max(share for name, share in role.probabilities.items() if name != wanted)
    return told and wanted in role.cued and role.probabilities[wanted] >= CLEAR * others


def is_under(sentence: Sentence, wanted: str, how: Roles) -> bool:
    """Whether a sentence stands under a heading that names what is `wanted`."""
    pattern = how.headings.get(wanted)
    return bool(pattern and sentence.heading and pattern.fullmatch(sentence.heading))


def passage(
    sentences: Sequence[Sentence], roles: Sequence[Role], at: int, wanted: str, how: Roles
) -> set[int]:
    """The places of all that stands under one heading with a sentence, if it names its role."""
    if not is_under(sentences[at], wanted, how):
        return {at}
    found = {at}
    for step in (1, -1):
        to = at + step
        while 0 <= to < len(sentences) and sentences[to].heading == sentences[at].heading:
            lost = sentences[to].gap and sentences[to].points_back
            if roles[to].name != wanted or lost:
                break
            found.add(to)
            to += step
    return found
