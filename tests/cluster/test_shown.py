"""A machine as people see it: at work or idle, and why it is."""

from __future__ import annotations

import asyncio

import pytest

from tests.cluster.test_proxy import proxy_of, ready, saying
from workers.cluster.messages import HostState, Reply
from workers.cluster.shown import view_of
from workers.run.run_folder import RunFolder


@pytest.mark.parametrize(
    ("last", "state", "why"),
    [
        (Reply(HostState.PREPARING, "works on another run now"), "preparing", "works on another"),
        (ready(2, "idle"), "idle", ""),
        (Reply(HostState.READY, "no room left"), "ready", "no room left"),
    ],
    ids=["busy", "idle", "full"],
)
def test_a_machine_without_chunks(home: RunFolder, last: Reply, state: str, why: str) -> None:
    proxy = proxy_of(home, saying(last, []))
    proxy.last = last
    view = view_of(proxy)
    assert (view.state, view.workers) == (state, last.workers) and view.why.startswith(why)


def test_a_machine_that_gave_chunks_back_says_so(home: RunFolder) -> None:
    proxy = proxy_of(home, saying(ready(1, "working"), []))
    proxy.last = ready(1, "idle")

    async def gives_back() -> None:
        await proxy.turn()
        assert proxy.give_back(len(proxy.hand.chunks))

    asyncio.run(gives_back())
    assert view_of(proxy).why == "is slow: its chunks went to idle machines"
