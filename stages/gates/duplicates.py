"""Pairs that say again what an earlier pair says, within a record or a whole run.

Self-Instruct drops an instruction whose ROUGE-L to an earlier one is above 0.7; so much of a
question is the name it asks about that this would drop most questions about a second
vulnerability, and keep two wordings of one question.  Here questions are compared without the
name, by their content words, among those of one type about the same name, and so are answers, but
for those whose few words state a record's own figures.  Invariant: what is kept depends on the
pairs before it and on nothing else, so the same order gives the same result.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from stages.base import Record, Removed
from stages.gates.bounds import Bounds
from stages.gates.words import content, rouge_l, tokens

REASON = "duplicate"
FORM = "form"  # who wrote an answer made of fields
FEW = 25  # words


class Duplicates:
    """Remembers the pairs it has seen, as hashes and the words of their questions."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._questions: dict[bytes, list[tuple[str, tuple[str, ...]]]] = {}  # with their types
        self._wordings: dict[tuple[str, ...], tuple[str, ...]] = {}  # few: each is kept once
        self._answers: set[bytes] = set()

    def check(self, record: Record) -> Removed | None:
        """Why a pair is a duplicate of an earlier one, or None; what is no pair never is."""
        instruction, response = record.get("instruction"), record.get("response")
        if not isinstance(instruction, str) or not isinstance(response, str):
            return None
        names = names_of(record)
        frame, found = _without(tokens(instruction), names)
        asked = self._questions.setdefault(_digest(found[:1] or tokens(instruction)), [])
        type_ = str(record.get("type", ""))
        nearest = max((_alike(frame, one) for of, one in asked if of == type_), default=0.0)
        if nearest > self._bounds.max_similarity:
            return Removed(REASON, of="instruction", similarity=round(nearest, 3))
        said = _without(tokens(response), names)[0]
        answer = _digest([*(found[:1] if _is_of_its_own(record, said) else []), *said])
        if answer in self._answers:
            return Removed(REASON, of="response", similarity=1.0)
        asked.append((type_, self._wordings.setdefault(tuple(frame), tuple(frame))))
        self._answers.add(answer)
        return None


def _is_of_its_own(record: Record, said: Sequence[str]) -> bool:
    """Whether another record may have the same answer: a form's, or "Upgrade to 2.1." of two."""
    quality = record.get("quality")
    if isinstance(quality, dict) and quality.get("written_by") == FORM:
        return True
    return len(said) <= FEW and any(word.isdigit() for word in said)


def names_of(record: Record) -> list[str]:
    """The id and the name of what a pair is about, as its source has them."""
    source = record.get("source_data")
    found = [source.get(key) for key in ("id", "name")] if isinstance(source, dict) else []
    return [name for name in found if isinstance(name, str) and name]


def _alike(one: Sequence[str], two: Sequence[str]) -> float:
    """ROUGE-L of what two questions ask for: of their content words, if they have any."""
    if list(one) == list(two):
        return 1.0
    return rouge_l(content(one) or one, content(two) or two)


def _without(words: Sequence[str], names: Sequence[str]) -> tuple[list[str], list[str]]:
    """The words without the names, and the names that stood among them, as one text each.

    A name may hold another one, so the longest are looked for first.
    """
    rest, found = list(words), set()
    for name in sorted(map(tokens, names), key=len, reverse=True):
        while name and (at := _place(name, rest)) >= 0:
            rest[at : at + len(name)] = []
            found.add(" ".join(name))
    told = [" ".join(tokens(name)) for name in names]
    return rest, [name for name in dict.fromkeys(told) if name in found]


def _place(part: Sequence[str], words: Sequence[str]) -> int:
    size = len(part)
    starts = range(len(words) - size + 1)
    return next((at for at in starts if words[at : at + size] == list(part)), -1)


def _digest(words: Sequence[str]) -> bytes:
    return hashlib.blake2b(" ".join(words).encode(errors="replace"), digest_size=12).digest()
