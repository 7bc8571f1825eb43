"""The proxy of a machine over real workers: it seals what comes back, and loses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from tests.faults.recount import sealed
from workers.cluster.connection import MachineLost, MachineRefused
from workers.cluster.host import Host
from workers.cluster.messages import HostState, MessagePart, PartKind, Reply
from workers.cluster.offers import offer_of
from workers.cluster.proxy import Proxy
from workers.cluster.verdicts import Verdicts
from workers.performance_logger import PerformanceLogger
from workers.queue.chunk_paths import ChunkState
from workers.run.kept_recipe import kept_recipe
from workers.run.run_folder import RunFolder
from workers.worker.roles import stages_for

Send = Callable[[bytes], Awaitable[bytes]]


def proxy_of(run: RunFolder, send: Send) -> Proxy:
    logger = PerformanceLogger(run.logs_dir, "bridge")
    stages = stages_for(run.config, "batch", kept_recipe(run))
    verdicts = Verdicts(run, stages)
    return Proxy(run, "alpha", stages, offer_of(run), send, logger, verdicts)


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
    assert proxy.hand.chunks == [] and proxy.view().workers == 1
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
