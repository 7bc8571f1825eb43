"""Facts that a record's own fields state, in short labelled sentences.

Reads plain lists and the marked-up cells of the CWE tables.  Knows nothing of questions but
the labels.  Invariant: a fact is quoted from the record, shortened to whole sentences.
"""

from __future__ import annotations

import re

from stages.base import Record
from stages.kind_questions import FACTS
from stages.record_text import find_values
from stages.sentences import first_sentences

MOST_VALUES = 5
LONGEST_VALUE = 240  # characters, where a sentence ends before that

_MARKUP = re.compile(r"(?:^|:)(DESCRIPTION|IMPACT):(.*?)(?=:[A-Z][A-Z ]+:|::|$)", re.DOTALL)


def facts_of(record: Record, labels: tuple[str, ...]) -> str:
    """The facts with these labels, a line each; empty if the record has none."""
    lines = (fact(record, label) for label in labels)
    return "\n".join(line for line in lines if line)


def fact(record: Record, label: str) -> str:
    """One fact, "Platforms: Linux, macOS."; empty if no field states it."""
    for name in FACTS[label]:
        values = [short for value in find_values(record, name) for short in _values(value)]
        if values:
            # Values that are sentences themselves are not joined by commas.
            joint = " " if any(value.endswith(".") for value in values) else ", "
            return f"{label}: {joint.join(dict.fromkeys(values[:MOST_VALUES])).rstrip('.')}."
    return ""


def _values(value: str) -> list[str]:
    if value.startswith("::"):
        pieces = [match.group(2) for match in _MARKUP.finditer(value)]
    else:
        pieces = [value]
    return [first_sentences(piece, 2, LONGEST_VALUE) for piece in pieces if piece.strip()]
