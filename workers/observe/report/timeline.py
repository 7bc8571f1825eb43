"""Where a moment lies in a run's own time, and amounts spread over that time.

A run that was stopped and resumed has sessions; the time between them is left out.
Invariant: amounts put into a `Bins` are all in its sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

BINS = 72
NARROWEST_S = 1.0


@dataclass(frozen=True)
class Session:
    """A coordinator's life, in unix seconds."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        return max(0.0, self.end - self.start)


@dataclass(frozen=True)
class Timeline:
    """Sessions in order."""

    sessions: Sequence[Session]

    @classmethod
    def of(cls, sessions: Iterable[Session]) -> Timeline:
        """Sessions sorted, and those that overlap (a clock was set back) joined."""
        joined: list[Session] = []
        for session in sorted(sessions, key=lambda s: s.start):
            if joined and session.start <= joined[-1].end:
                joined[-1] = Session(joined[-1].start, max(joined[-1].end, session.end))
            else:
                joined.append(session)
        return cls(joined)

    @property
    def seconds(self) -> float:
        """The run's time: all sessions together."""
        return sum(session.seconds for session in self.sessions)

    def at(self, moment: float) -> float:
        """Seconds of the run's time up to a moment; between sessions, the end of the last."""
        passed = 0.0
        for session in self.sessions:
            if moment < session.start:
                break
            passed += min(session.seconds, moment - session.start)
        return passed

    @property
    def breaks(self) -> list[float]:
        """Where one session ended and the next began, in the run's time."""
        ends = [sum(s.seconds for s in self.sessions[: i + 1]) for i in range(len(self.sessions))]
        return ends[:-1]


@dataclass
class Bins:
    """Amounts, or samples of a level, over `seconds` of a run's time."""

    seconds: float
    count: int = field(init=False)
    amounts: list[float] = field(init=False)
    samples: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.count = max(1, min(BINS, int(self.seconds / NARROWEST_S)))
        self.amounts = [0.0] * self.count
        self.samples = [0] * self.count

    @property
    def width(self) -> float:
        """Seconds of one bin."""
        return self.seconds / self.count or 1.0

    def _index(self, at: float) -> int:
        return max(0, min(self.count - 1, int(at / self.width)))

    def spread(self, start: float, end: float, amount: float) -> None:
        """Add an amount that came evenly from `start` to `end`."""
        start, end = max(0.0, start), min(self.seconds, end)
        first, last = self._index(start), self._index(end)
        if first == last or end <= start:
            self.amounts[last] += amount
            return
        for index in range(first, last + 1):
            low = start if index == first else index * self.width
            high = end if index == last else (index + 1) * self.width
            self.amounts[index] += amount * (high - low) / (end - start)

    def sample(self, at: float, level: float) -> None:
        """Note a level at a moment."""
        index = self._index(at)
        self.amounts[index] += level
        self.samples[index] += 1

    def rates(self) -> list[tuple[float, float]]:
        """(middle of the bin in seconds, amount a second)."""
        return [((i + 0.5) * self.width, a / self.width) for i, a in enumerate(self.amounts)]

    def levels(self) -> list[tuple[float, float]]:
        """(middle of the bin, mean of its samples), without bins that have none."""
        pairs = enumerate(zip(self.amounts, self.samples, strict=True))
        return [((i + 0.5) * self.width, total / n) for i, (total, n) in pairs if n]
