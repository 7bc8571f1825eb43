"""What a machine is given at once: enough for its processes, and no more than a message holds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from tests.cluster.conftest import STAGE
from workers.cluster import feed as feed_module
from workers.cluster.feed import Feed
from workers.cluster.remote_stage import Outbox
from workers.run.run_folder import RunFolder
from workers.worker.chunks_in_hand import ChunksInHand


@dataclass
class Hand:
    """Starts records of so many bytes until so many are in flight, while there are some."""

    outbox: Outbox
    size: int
    left: int = 10_000
    tasks: list[asyncio.Task[Any]] = field(default_factory=list)

    def fill(self, most: int, may_claim: bool) -> None:
        for _ in range(min(self.left, most - self.outbox.in_flight)):
            self.left -= 1
            record = {"text": "x" * self.size}
            self.tasks.append(asyncio.create_task(self.outbox.outcome_of(STAGE, record)))


Play = Callable[[Feed, Hand], Any]


def play(run: RunFolder, size: int, played: Play, left: int = 10_000) -> None:
    async def played_out() -> None:
        hand = Hand(Outbox(), size, left)
        await played(Feed(run.manifest, cast(ChunksInHand, hand), hand.outbox), hand)
        for task in hand.tasks:
            task.cancel()
        await asyncio.gather(*hand.tasks, return_exceptions=True)
        assert hand.outbox.bytes_in_flight == 0 and hand.outbox.unsent_bytes == 0

    asyncio.run(played_out())


@pytest.mark.parametrize("left", [10_000, 40])
def test_it_is_two_windows_for_each_process(home: RunFolder, left: int) -> None:
    async def played(feed: Feed, hand: Hand) -> None:
        await feed.fill(3, may_claim=True)
        assert hand.outbox.in_flight == min(left, 2 * 3 * 64) and not feed.more

    play(home, 10, played, left)


def test_a_message_is_bounded_in_bytes_and_so_is_a_machine(
    home: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_module, "MESSAGE_BYTES", 20_000)
    monkeypatch.setattr(feed_module, "MACHINE_BYTES", 50_000)

    async def played(feed: Feed, hand: Hand) -> None:
        sent = []
        for _ in range(4):
            await feed.fill(1, may_claim=True)
            sent.append((sum(len(part.data) for part in hand.outbox.take()), feed.more))
        (first, more), *others = sent
        assert 20_000 <= first < 40_000 and more
        assert 50_000 <= sum(size for size, _ in sent) < 70_000
        assert others[-1] == (0, False)

    play(home, 1000, played)
