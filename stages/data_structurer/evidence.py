"""Where a text says what role a passage of it plays, and how far the passage goes.

A report in no fixed form says many things in the words of a cause, a sign or a finding, so that
its sentences are not told by words.  Knows headings; asks nothing.  Invariant: a passage stands
under one heading, in one stretch.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from stages.data_structurer.passages import Sentence
from stages.data_structurer.roles import Role
from stages.data_structurer.subjects import NAMED, Subject, is_entry
from stages.recipe.role_names import (
    AFFECTED,
    CAUSE,
    DETECT,
    EFFECT,
    FINDING,
    HOW,
    RESPOND,
    WHO,
)
from stages.recipe.roles import Roles
from stages.text.kinds import INCIDENT, OTHER, PAPER, REPORT

FREE = frozenset({OTHER, REPORT, INCIDENT})  # kinds of text that any form may have
# The roles that a heading has to name, by kind of text.
_ALL = frozenset({HOW, EFFECT, CAUSE, DETECT, WHO, FINDING, AFFECTED, RESPOND})
STRICT = {
    **dict.fromkeys((*FREE, *NAMED), _ALL),
    PAPER: frozenset({HOW, CAUSE, EFFECT, FINDING}),
}


def is_strict(subject: Subject, wanted: str) -> bool:
    """Whether of such a record only what stands under a heading is taken for a role.  What ATT&CK
    says of malware and groups has the form of an entry, and an id."""
    return not is_entry(subject) and wanted in STRICT.get(subject.kind, ())


def is_under(sentence: Sentence, wanted: str, how: Roles) -> bool:
    """Whether a sentence stands under a heading that names what is `wanted`."""
    pattern = how.headings.get(wanted)
    return bool(pattern and sentence.heading and pattern.fullmatch(sentence.heading))


_COMMAND = re.compile(r"^[ \t]*\$ \S", re.MULTILINE)


def leaves_out_command(text: str, sentence: Sentence) -> bool:
    """Whether a command stands between a sentence and the heading above it, which says what the
    sentence is about and can't be told with it."""
    begin = text.rfind(sentence.heading, 0, sentence.start) if sentence.heading else -1
    return begin >= 0 and _COMMAND.search(text, begin, sentence.start) is not None


def passage(
    sentences: Sequence[Sentence], roles: Sequence[Role], at: int, wanted: str, how: Roles
) -> set[int]:
    """The places of all that stands under one heading with a sentence, if it names its role; of
    measures up to what is none."""
    if not is_under(sentences[at], wanted, how):
        return {at}
    found = {at}
    for step in (1, -1):
        to = at + step
        while 0 <= to < len(sentences) and sentences[to].heading == sentences[at].heading:
            lost = sentences[to].gap and sentences[to].points_back
            if wanted == RESPOND and (roles[to].name != wanted or lost):
                break
            found.add(to)
            to += step
    return found
