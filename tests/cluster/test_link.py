"""The connection to a real scheduler: machines by name, bytes there and back, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pytest

from tests.cluster_tools import Cluster, cluster, wait_for
from workers.cluster import dask_host
from workers.cluster.access import Access
from workers.cluster.connection import MachineLost
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
