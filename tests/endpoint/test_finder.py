"""The number at a time is found on servers of all kinds, from answers of all sizes."""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass

import pytest

from workers.endpoint.finder import Finder


@dataclass
class Request:
    """One under way: what is left of it, and what was parted of the time before it began."""

    left: float
    work: float
    parted: float
    level: int
    settled: bool


@dataclass
class Server:
    """So many slots; each step writes a token in every slot that is taken."""

    slots: int
    step: float  # seconds of a step with nobody
    each: float  # seconds more for each slot

    def levels(self, most: int, requests: int, seed: int = 0) -> list[int]:
        """The level after each answer, all places being taken all the time."""
        chance, finder = random.Random(seed), Finder(most)
        waiting, busy, parted = deque[Request](), list[Request](), 0.0
        seen: list[int] = []
        while len(seen) < requests:
            while len(busy) + len(waiting) < finder.now:
                work = chance.choice([1, 20, 48]) + chance.uniform(0, 30)
                waiting.append(Request(work, work, parted, finder.now, finder.settled))
            while waiting and len(busy) < self.slots:
                busy.append(waiting.popleft())
            done = min(one.left for one in busy)
            seconds = done * (self.step + self.each * len(busy)) * chance.uniform(0.95, 1.05)
            parted += seconds / (len(busy) + len(waiting))
            for one in busy:
                one.left -= done
            for one in [one for one in busy if one.left <= 1e-9]:
                busy.remove(one)
                finder.came()
                if one.settled and one.level == finder.now:
                    finder.answered(one.work, parted - one.parted)
                seen.append(finder.now)
        return seen


def usual(levels: list[int]) -> int:
    later = sorted(levels[len(levels) // 3 :])
    return later[len(later) // 2]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("server", "room"),
    [
        (Server(1, 0.02, 0.0), 1),
        (Server(4, 0.02, 0.002), 4),
        (Server(8, 0.02, 0.012), 8),
        (Server(256, 0.02, 0.0002), 32),
    ],
)
def test_it_finds_what_a_server_has_room_for(server: Server, room: int, seed: int) -> None:
    assert room <= usual(server.levels(32, 900, seed)) <= 2 * room


def test_it_climbs_at_once_where_there_is_room() -> None:
    assert Server(256, 0.02, 0.0002).levels(32, 100)[-1] == 32


@pytest.mark.parametrize("most", [1, 2, 3, 5])
def test_it_keeps_within_its_bounds(most: int) -> None:
    found = Server(256, 0.02, 0.0).levels(most, 300)
    assert set(found) <= set(range(1, most + 1)) and usual(found) == most


def test_it_is_halved_when_the_server_says_that_it_is_too_much() -> None:
    finder = Finder(32)
    finder.now = 12
    finder.too_many()
    assert finder.now == 6
    for _ in range(5):
        finder.too_many()
    assert finder.now == 1
