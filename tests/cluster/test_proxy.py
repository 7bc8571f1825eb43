"""The proxy of a machine over real workers: it seals what comes back, and loses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import pytest

from stages.data_filter.stage import DataFilter
from tests.faults.recount import sealed
from workers.cluster import feed as feed_module
from workers.cluster import proxy as proxy_module
from workers.cluster.connection import MachineLost, MachineRefused
from workers.cluster.host import Host
from workers.cluster.messages import HostState, MessagePart, PartKind, Reply, Request
from workers.cluster.offers import offer_of
from workers.cluster.proxy import Proxy
from workers.cluster.shown import view_of
from workers.cluster.verdicts import Verdicts
from workers.performance_logger import PerformanceLogger
from workers.queue.chunk_paths import ChunkState
from workers.run.kept_recipe import kept_recipe
from workers.run.run_folder import RunFolder
from workers.run.worker_view import WorkerView
from workers.worker.chunk_run import ChunkRun
from workers.worker.roles import stages_for

Send = Callable[[bytes], Awaitable[bytes]]


@dataclass
class Clock:
    """Stands still, but for what a test adds."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


class Tried(DataFilter):
    """Has a trial to be held before its first record."""

    def trial_key(self) -> str:
        return "tried"


def proxy_of(run: RunFolder, send: Send, **more: Any) -> Proxy:
    logger = PerformanceLogger(run.logs_dir, "bridge")
    stages = stages_for(run.config, "batch", kept_recipe(run))
    verdicts = Verdicts(run, stages)
    return Proxy(run, "alpha", stages, offer_of(run), send, logger, verdicts, **more)


async def until_done(run: RunFolder, proxy: Proxy, chunks: int = 5) -> None:
    task = asyncio.create_task(proxy.serve())
    for _ in range(600):
        if len(run.queues[0].names(ChunkState.DONE)) >= chunks or task.done():
            break
        await asyncio.sleep(0.05)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def answering(host: Host) -> Send:
    return lambda data: asyncio.to_thread(host.answer, data)


def test_a_machine_works_off_a_queue(home: RunFolder, make_host: Callable[..., Host]) -> None:
    proxy = proxy_of(home, answering(make_host()))
    asyncio.run(until_done(home, proxy))
    asyncio.run(proxy.leave())
    assert [line["id"] for line in sealed(home.queues[0].folder)] == [
        f"0:{n}" for n in range(1, 21)
    ]
    assert proxy.hand.chunks == [] and view_of(proxy).workers == 1
    assert proxy.records.total == 20
    assert any(path.name.startswith("alpha.") for path in home.logs_dir.glob("*.jsonl"))


def test_a_machine_that_is_lost_leaves_its_chunks_to_the_next(
    home: RunFolder, make_host: Callable[..., Host]
) -> None:
    answer, answered = answering(make_host()), 0

    async def breaking(data: bytes) -> bytes:
        nonlocal answered
        if answered:
            raise MachineLost("its plug was pulled")
        answered += b'"kind":"parcel"' in data
        reply = await answer(data)
        return reply if not answered else Reply(HostState.READY, workers=1).to_bytes()

    with pytest.raises(MachineLost):
        asyncio.run(until_done(home, proxy_of(home, breaking)))
    assert len(home.queues[0].names(ChunkState.CLAIMED)) == 5
    asyncio.run(until_done(home, proxy_of(home, answering(make_host()))))
    assert [line["id"] for line in sealed(home.queues[0].folder)] == [
        f"0:{n}" for n in range(1, 21)
    ]


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (Reply(HostState.REFUSED, "lacks the model"), "lacks the model"),
        (
            Reply(HostState.READY, parts=(MessagePart(PartKind.OUTCOMES, "", b"rubbish\n"),)),
            "can't be read.*machine alpha line 1: damaged",
        ),
        (
            Reply(
                HostState.READY, parts=(MessagePart(PartKind.FINDINGS, "../../run.json", b"{}"),)
            ),
            "findings of ../../run.json",
        ),
        (
            Reply(HostState.READY, parts=(MessagePart(PartKind.FINDINGS, "2_data_filter", b"[]"),)),
            "findings of 2_data_filter: not a JSON object",
        ),
    ],
)
def test_what_is_wrong_with_a_machine_is_its_own_matter(
    home: RunFolder, reply: Reply, why: str
) -> None:
    async def send(data: bytes) -> bytes:
        return reply.to_bytes()

    with pytest.raises(MachineRefused, match=why):
        asyncio.run(until_done(home, proxy_of(home, send)))
    assert home.queues[0].names(ChunkState.DONE) == []
    assert not home.trial_file("2_data_filter").exists()


def ready(workers: int, *states: str, parts: tuple[MessagePart, ...] = ()) -> Reply:
    views = tuple(WorkerView(1, "batch", state) for state in states)
    return Reply(HostState.READY, workers=workers, views=views, parts=parts)


def saying(reply: Reply, heard: list[Request]) -> Send:
    async def send(data: bytes) -> bytes:
        heard.append(Request.parse(data))
        return reply.to_bytes()

    return send


def test_a_machine_that_loads_its_model_is_not_idle(home: RunFolder) -> None:
    clock = Clock()
    proxy = proxy_of(home, saying(ready(1), []), clock=clock)
    clock.now += 10
    for states, idle in (((), False), (("loading",), False), (("loading", "idle"), True)):
        proxy.last = ready(2, *states)
        assert proxy.is_idle is idle


def test_an_idle_machine_is_asked_now_and_then(
    home: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proxy_module, "_IDLE_S", 0.01)
    heard: list[Request] = []
    clock, queue = Clock(), home.queues[0]
    elsewhere = [queue.claim(f"w{n}") for n in range(5)]  # nothing is left to claim
    proxy = proxy_of(home, saying(ready(1, "idle"), heard), clock=clock, wait=60.0)

    async def turns() -> None:
        for _ in range(20):
            await proxy.turn()
        assert len(heard) == 1
        clock.now += 100
        await proxy.turn()
        assert len(heard) == 2

    asyncio.run(turns())
    assert all(elsewhere)


def test_it_counts_with_all_its_processes(home: RunFolder) -> None:
    proxy = proxy_of(home, saying(ready(8), []))
    proxy.last, proxy.workers = ready(8), 10

    async def turn() -> None:
        await proxy.turn()
        proxy.hand.abandon()

    asyncio.run(turn())
    assert proxy.hand.workers == 1.25


def test_suspects_stay_where_they_are(home: RunFolder) -> None:
    proxy = proxy_of(home, saying(ready(1), []))
    runs = [SimpleNamespace(name=f"s/{n}", open_records=4, alone=False) for n in range(2)]
    proxy.hand.chunks = cast("list[ChunkRun]", runs)
    assert proxy.as_hand(()).movable == 2
    runs[0].alone = True
    assert proxy.as_hand(()).movable == 0


def test_findings_are_told_again_to_a_machine_that_prepared(
    home: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proxy_module, "_IDLE_S", 0.01)
    heard: list[Request] = []
    stage = Tried()
    proxy = proxy_of(home, saying(Reply(HostState.PREPARING), heard))
    proxy.verdicts = Verdicts(home, {stage.name: stage})
    home.trial_file(stage.name).write_text("{}")

    async def turns() -> None:
        await proxy.turn()
        proxy.send = saying(ready(1), heard)
        for _ in range(3):
            await proxy.turn()
        proxy.hand.abandon()

    asyncio.run(turns())
    told = [sum(part.kind is PartKind.FINDINGS for part in request.parts) for request in heard]
    assert told == [1, 0, 1, 0]


def test_more_to_say_is_said_soon(home: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_module, "MESSAGE_BYTES", 1)  # one message for each filling
    heard: list[Request] = []
    proxy = proxy_of(home, saying(ready(1), heard))
    proxy.last = ready(1)

    async def turns() -> None:
        while not heard or not heard[-1].wait:
            await proxy.turn()
        proxy.hand.abandon()

    asyncio.run(turns())
    sent = sum(part.kind is PartKind.PARCEL for request in heard for part in request.parts)
    assert [request.wait for request in heard] == [0.0] * (len(heard) - 1) + [proxy.wait]
    assert len(heard) > 1 and sent > 1
