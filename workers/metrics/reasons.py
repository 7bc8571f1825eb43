"""Counts messages about records by kind, and shows each kind by a real message.

Messages that differ only in numbers or in what they quote are of one kind.  Knows text and
nothing of where it came from.  Invariant: what is shown was said of some record, word for
word but for control characters and length; a kind's own key is never shown.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from workers.core.terminal import plain_text

MOST_KINDS = 20
LONGEST = 200
_QUOTED = re.compile(r"(?<!\w)(['\"]).*?(?:\1(?!\w)|$)")
_NUMBER = re.compile(r"\d+")


def kind_of(message: str) -> str:
    """What messages of one kind have in common; a key, not for people."""
    return _NUMBER.sub("N", _QUOTED.sub("'...'", plain_text(message, LONGEST)))


@dataclass
class Reasons:
    """How many messages there were of each kind, and the first of each kind."""

    counts: Counter[str] = field(default_factory=Counter)
    _examples: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, messages: Iterable[str]) -> Reasons:
        """Some messages, counted."""
        reasons = cls()
        for message in messages:
            reasons.add(message)
        return reasons

    def note(self, message: str) -> str:
        """The kind of a message, without counting it; the first of a kind is its example."""
        # A few kinds stand for any number of records: keep one string of each.
        kind = sys.intern(kind_of(message))
        self._examples.setdefault(kind, plain_text(message, LONGEST))
        return kind

    def add(self, message: str, count: int = 1) -> None:
        """Count a message."""
        self.counts[self.note(message)] += count

    def update(self, examples: Mapping[str, int]) -> None:
        """Add what `most_common` of other reasons gave."""
        for message, count in examples.items():
            self.add(message, count)

    def exchange(self, before: Counter[str], after: Counter[str]) -> None:
        """Take the counts of some kinds back and count others; forgets kinds that are gone."""
        self.counts = self.counts - before + after
        for kind in before.keys() - self.counts.keys():
            self._examples.pop(kind, None)

    @property
    def total(self) -> int:
        """All messages."""
        return self.counts.total()

    def most_common(self, most: int | None = None) -> dict[str, int]:
        """An example of each kind and the kind's count, the commonest first."""
        return {self._examples[kind]: count for kind, count in self.counts.most_common(most)}
