"""The connection to a real scheduler: machines by name, bytes there and back, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from distributed import Client
from distributed.client import FutureCancelledError

from tests.cluster_tools import Cluster, cluster, wait_for
from workers.cluster import dask_host
from workers.cluster import link as link_module
from workers.cluster.access import Access, ask_scheduler
from workers.cluster.connection import MachineLost, MachineSilent
from workers.cluster.link import Link, SchedulerLost
from workers.cluster.messages import HostState, Reply, Request


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("cluster"), "alpha") as running:
        assert wait_for(lambda: "Registered to" in running.log("alpha"))
        yield running


def over(cluster: Cluster, play: Callable[[Link], Awaitable[None]], patience: float = 20) -> None:
    async def connected() -> None:
        link = await Link.open(Access(cluster.address, cluster.certs), patience)
        try:
            await play(link)
        finally:
            await link.close()

    asyncio.run(connected())


def evil() -> object:
    """As a machine that somebody has taken over may answer."""
    return print


def test_bytes_go_to_a_machine_and_come_back(started: Cluster) -> None:
    async def play(link: Link) -> None:
        machines = await link.machines()
        assert list(machines.values()) == ["alpha"]
        assert (await ask_scheduler(started.address, link.client.security)).names == {"alpha"}
        (address,) = machines
        answer = await link.send(address, Request("a run", "s").to_bytes())
        assert Reply.parse(answer).state is HostState.UNKNOWN

    over(started, play)


def test_what_was_pickled_there_is_not_unpickled_here(
    started: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_host, "exchange", lambda data: evil)

    async def play(link: Link) -> None:
        (address,) = await link.machines()
        with pytest.raises(MachineLost, match="serialize|pickle"):
            await link.send(address, b"")

    over(started, play)


def test_a_machine_that_is_not_there_is_lost(started: Cluster) -> None:
    async def play(link: Link) -> None:
        with pytest.raises(MachineLost, match="did not answer for 1 s"):
            await link.send("tls://127.0.0.1:1", b"")

    over(started, play, patience=1)


def test_a_machine_that_is_told_to_end_says_goodbye(
    started: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_module, "_LOOK_S", 0.05)

    async def play(link: Link) -> None:
        (address,) = await link.machines()
        process = started.dask_process("alpha")
        assert process is not None
        process.terminate()
        for _ in range(300):
            await asyncio.sleep(0.1)
            if address not in await link.machines():
                break
        assert await link.said_goodbye(address)

    over(started, play)


def test_a_scheduler_file_that_went_with_its_scheduler_is_waited_for(tmp_path: Path) -> None:
    with pytest.raises(SchedulerLost, match="there is no scheduler file .*gone.json"):
        asyncio.run(Link.open(Access(str(tmp_path / "gone.json"))))


def test_a_scheduler_that_is_gone_is_lost(started: Cluster) -> None:
    async def play(link: Link) -> None:
        started.kill_scheduler()
        with pytest.raises(SchedulerLost, match="does not answer"):
            for _ in range(50):
                await link.machines()
                await asyncio.sleep(0.1)

    over(started, play)
    with pytest.raises(SchedulerLost, match="does not answer"):
        over(started, play)


@dataclass
class Scheduler:
    """Says what it is to say; counts what it is asked."""

    events_of: list[dict[str, object]] = field(default_factory=list)
    silent: bool = False
    asked: int = 0

    async def ncores(self, workers: None) -> dict[str, int]:
        self.asked += 1
        return {}

    async def identity(self, n_workers: int) -> dict[str, object]:
        await asyncio.sleep(60 * self.silent)
        return {"workers": {}}

    async def events(self, topic: str) -> list[tuple[int, dict[str, object]]]:
        return list(enumerate(self.events_of))


@dataclass
class Future:
    """Of a message: fails so, or never comes."""

    error: Exception | None = None

    async def result(self) -> bytes:
        if self.error:
            raise self.error
        await asyncio.sleep(60)
        return b""

    def release(self) -> None:
        pass


def linked(scheduler: Scheduler, error: Exception | None = None, patience: float = 0.1) -> Link:
    client = SimpleNamespace(
        status="running", scheduler=scheduler, id="c", submit=lambda *a, **k: Future(error)
    )
    return Link(cast(Client, client), "tls://h:1", "", patience)


def test_when_the_scheduler_goes_no_machine_is_lost() -> None:
    gone = FutureCancelledError("key", "scheduler-connection-lost")
    for link, error in (
        (linked(Scheduler(), gone), SchedulerLost),
        (linked(Scheduler(silent=True)), SchedulerLost),
        (linked(Scheduler()), MachineSilent),
        (linked(Scheduler(), RuntimeError("KilledWorker")), MachineLost),
    ):
        with pytest.raises(error):
            asyncio.run(link.send("tls://m:1", b""))
    closed = linked(Scheduler())
    closed.client.status = "closed"
    with pytest.raises(SchedulerLost):
        asyncio.run(closed.send("tls://m:1", b""))


def test_who_is_there_is_asked_seldom_and_at_once_when_one_fails() -> None:
    scheduler = Scheduler()
    link = linked(scheduler, RuntimeError("KilledWorker"), patience=20)

    async def play() -> None:
        for _ in range(5):
            await link.machines()
        assert scheduler.asked == 1
        with pytest.raises(MachineLost):
            await link.send("tls://m:1", b"")
        await link.machines()
        assert scheduler.asked == 2

    asyncio.run(play())


JOINS, CLOSES = {"action": "add-worker"}, {"action": "closing-worker"}
ENDS = {"action": "remove-worker", "expected": False}


@pytest.mark.parametrize(
    ("events", "well"),
    [
        ([JOINS, CLOSES, ENDS], True),
        ([JOINS, ENDS], False),
        ([JOINS, CLOSES, ENDS, JOINS, ENDS], False),  # another process at the same address
        ([JOINS, ENDS, JOINS, CLOSES, ENDS], True),
        ([JOINS, {"action": "remove-worker", "expected": True}], True),
    ],
    ids=["left", "ended", "ended-later", "left-later", "retired"],
)
def test_of_an_address_the_last_process_counts(events: list[dict[str, object]], well: bool) -> None:
    assert asyncio.run(linked(Scheduler(events)).said_goodbye("tls://m:1")) is well
