"""Tells a record that takes machines down from machines that go for reasons of their own.

Whoever pulls plugs at random hits the few moments with that record once, where he hits those with
others CONTROL times.  Knows how machines were lost, one after the other; knows neither Dask nor
files.  Invariant: a record is blamed only when FATAL_DEATHS processes ended without a word in such
a moment, or hung in it until they ended, and no machine was lost in any other moment in between.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

from workers.queue.deaths import Death
from workers.queue.suspects import FATAL_DEATHS

CAUSE = "its machine went down"
CONTROL = 10  # times as long a machine has to have worked with other records before
LEAST_CONTROL_S = 30.0  # and at least so long


@dataclass(frozen=True)
class Loss:
    """A machine that is gone, or does not answer any more.

    worker: its session, as the journal has it.
    lone: the record that it had alone in hand; empty when it had others, or none.
    seconds: how long it had had that one; control: how long it had worked with others before.
    tells: whether the end may say something of that record: the machine's process ended, soon after
    it had answered or without answering again, it had made a result of another record, and it had
    nothing else to do.
    """

    worker: str
    lone: str = ""
    seconds: float = 0.0
    control: float = 0.0
    tells: bool = False


@dataclass
class Witness:
    """What a session with one machine can say of a record that it has alone, if it ends.

    worked: seconds that it had records in hand.
    """

    worked: float = 0.0
    _lone: str = ""
    _since: float = 0.0
    _before: float = 0.0  # what was worked until then

    def see(self, lone: str) -> None:
        """What is alone in hand from now on."""
        if lone != self._lone:
            self._lone, self._since, self._before = lone, time.monotonic(), self.worked

    def loss(self, worker: str, lone: str, tells: bool) -> Loss:
        """The machine is gone as of now."""
        if not lone or lone != self._lone:
            return Loss(worker, lone)
        return Loss(worker, lone, time.monotonic() - self._since, self._before, tells)

    def silence(self, worker: str, lone: str, tells: bool, heard: float, wait: float) -> Loss:
        """The machine hangs since some time between its last answer, at `heard`, and when the next
        one was due, `wait` seconds after it was asked."""
        loss = self.loss(worker, lone, tells)
        return replace(loss, seconds=max(0.0, heard - self._since) + wait) if loss.seconds else loss


@dataclass
class Losses:
    """The machines that a run lost lately, by the record that they had alone."""

    _lone: dict[str, list[str]] = field(default_factory=dict)
    _took: dict[str, float] = field(default_factory=dict)  # seconds, at most, until it ended
    _silent: dict[str, Loss] = field(default_factory=dict)  # by address; their ends may tell
    _silences: dict[str, float] = field(default_factory=dict)  # when, by address

    def control_for(self, lone: str) -> float:
        """How long a machine has to work with other records before it may try this one alone."""
        return max(LEAST_CONTROL_S, CONTROL * self._took.get(lone, 0.0))

    def note(self, loss: Loss) -> list[Death]:
        """Take in a loss; the deaths that count against a record now, all of them at once."""
        if not loss.lone:  # machines go for other reasons these days
            self._lone.clear()
            self.doubt()
            return []
        self._took[loss.lone] = max(self._took.get(loss.lone, 0.0), loss.seconds)
        if not loss.tells or loss.control < CONTROL * loss.seconds:
            return []
        workers = self._lone.setdefault(loss.lone, [])
        workers.append(loss.worker)
        if len(workers) < FATAL_DEATHS:
            return []
        return [Death(worker, 0, CAUSE, counts=True) for worker in self._lone.pop(loss.lone)]

    def fall_silent(self, address: str, loss: Loss, patience: float) -> None:
        """A machine has not answered for so many seconds.

        It may hang with a record.  That counts if it ends without having answered again, unless
        another was silent in the same time: then it was the network.
        """
        now = time.monotonic()
        near = {where for where, at in self._silences.items() if now - at < patience} - {address}
        self._silences[address] = now
        self.note(replace(loss, tells=False))
        for other in near:
            self.heard(other)
        if loss.lone and not near:
            self._silent[address] = loss

    def heard(self, address: str) -> None:
        """A machine answers again, or says that it leaves: it was stopped or cut off, if it was
        silent."""
        self._silent.pop(address, None)

    def ended(self, address: str) -> Loss | None:
        """A machine's process has ended; what that says if it was silent, to be noted."""
        return self._silent.pop(address, None)

    def doubt(self) -> None:
        """Something else is wrong: no silence tells anything of a record."""
        self._silent.clear()
