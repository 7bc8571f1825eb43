"""What the fields of a long entry answer, asked once: with its first part, of the whole entry.

Each part of a long text comes with the entry's fields.  Knows what a part is called; asks nothing.
Invariant: a later part is asked of its own text only.
"""

from __future__ import annotations

import re
from dataclasses import replace

from stages.data_structurer.reading import Reading
from stages.recipe.asks import FIELDS, FORM, RATING, KindQuestion
from stages.recipe.role_names import AFFECTED, RESPOND, WHAT
from stages.text.kinds import ADVISORY, VULNERABILITY
from stages.text.part_mark import goes_on, is_part

_OF_FIELDS = (FORM, FIELDS)
_OF_THE_WHOLE = (RATING, AFFECTED, RESPOND)
_PART = re.compile(r", part \d+ of \d+(?:: .*)?$")


def asked_of(question: KindQuestion, reading: Reading) -> tuple[KindQuestion, Reading] | None:
    """A question as it is put to a record or a part of it; None where it isn't."""
    if not is_part(reading.record) or reading.subject.kind not in (ADVISORY, VULNERABILITY):
        return question, reading
    if not goes_on(reading.record):
        return question, _of_whole(reading) if question.asks in _OF_THE_WHOLE else reading
    ways = tuple(way for way in question.ways if way.kind not in _OF_FIELDS)
    if ways == question.ways:
        return question, reading
    return (replace(question, ways=ways), reading) if ways and question.asks != WHAT else None


def _of_whole(reading: Reading) -> Reading:
    """The reading of a first part as that of the entry, by its name."""
    title, name = str(reading.record.get("title", "")), reading.identity.name
    return replace(
        reading,
        record={**reading.record, "title": _PART.sub("", title)},
        identity=replace(reading.identity, name=_PART.sub("", name)),
    )
