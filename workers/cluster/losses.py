"""Tells a record that takes machines down from machines that go for reasons of their own.

Knows how machines were lost, one after the other; knows neither Dask nor files.  Invariant: a
record is blamed only when it was alone in the hands of FATAL_DEATHS processes that had worked
before and went without a word, and no machine was lost with anything else in between.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from workers.queue.deaths import Death
from workers.queue.suspects import FATAL_DEATHS

CAUSE = "its machine went down"


@dataclass(frozen=True)
class Loss:
    """A machine that is gone, or does not answer any more.

    worker: its session, as the journal has it.
    lone: the record that it had alone in hand; empty when it had others, or none.
    tells: whether the end says something of that record: the machine's process ended, soon after
    it had answered, it had worked with another record before, and it had nothing else to do.
    """

    worker: str
    lone: str = ""
    tells: bool = False


@dataclass
class Losses:
    """The machines that a run lost lately, by the record that they had alone."""

    _lone: dict[str, list[str]] = field(default_factory=dict)

    def note(self, loss: Loss) -> list[Death]:
        """Take in a loss; the deaths that count against a record now, all of them at once."""
        if not loss.lone:  # machines go for other reasons these days
            self._lone.clear()
            return []
        if not loss.tells:
            return []
        workers = self._lone.setdefault(loss.lone, [])
        workers.append(loss.worker)
        if len(workers) < FATAL_DEATHS:
            return []
        return [Death(worker, 0, CAUSE, counts=True) for worker in self._lone.pop(loss.lone)]
