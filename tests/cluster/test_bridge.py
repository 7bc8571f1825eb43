"""The bridge: machines join, leave, refuse and come back, and so does the scheduler."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest

from tests.faults.recount import sealed
from workers.cluster import bridge as bridge_module
from workers.cluster.bridge import Bridge, SchedulerGone
from workers.cluster.host import Host
from workers.cluster.messages import HostState, Reply
from workers.cluster.proxy import MachineLost
from workers.core.errors import ModelError
from workers.queue.chunk_paths import ChunkState
from workers.run.machine_view import read_cluster
from workers.run.run_folder import RunFolder


@dataclass
class Made:
    """A connection to hosts of this process, some of which refuse."""

    hosts: dict[str, Host | str] = field(default_factory=dict)
    up: bool = True
    dashboard: str = "http://127.0.0.1:8787/status"
    patience: float = 4.0
    left_well: set[str] = field(default_factory=set)

    async def machines(self) -> Mapping[str, str]:
        if not self.up:
            raise SchedulerGone("the scheduler does not answer")
        return {f"tls://{name}": name for name in self.hosts}

    async def said_goodbye(self, address: str) -> bool:
        return address.removeprefix("tls://") in self.left_well

    async def send(self, address: str, data: bytes) -> bytes:
        host = self.hosts.get(address.removeprefix("tls://"))
        if host is None:
            raise MachineLost("it is gone")
        if isinstance(host, str):
            return Reply(HostState.REFUSED, host).to_bytes()
        return await asyncio.to_thread(host.answer, data)

    async def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge_module, "TICK_S", 0.05)


def bridge_over(run: RunFolder, made: Made, local: int = 0) -> Bridge:
    async def connect() -> Made:
        await made.machines()
        return made

    return Bridge(run, "w1-abc", "tls://127.0.0.1:1", connect, local=local)


async def work(bridge: Bridge, made: Made, *happenings: Callable[[], object]) -> None:
    """Work until the run is done, one thing happening after the other meanwhile."""
    task = asyncio.create_task(bridge.work())
    left = list(happenings)
    for _ in range(600):
        await asyncio.sleep(0.05)
        if task.done():
            break
        if left and left[0]():
            left.pop(0)
        if not left and len(bridge.run.queues[0].names(ChunkState.DONE)) == 5:
            break
    bridge.stop()
    await task


def test_machines_come_and_go_and_so_does_the_scheduler(
    home: RunFolder, make_host: Callable[..., Host], capsys: pytest.CaptureFixture[str]
) -> None:
    made = Made({"bad": "lacks the model big"}, up=False)
    seen: list[str] = []

    def scheduler_starts() -> bool:
        seen.append(read_cluster(home.workers_dir).why)  # type: ignore[union-attr]
        made.up = "does not answer" in seen[-1]
        return made.up

    def alpha_joins() -> bool:
        made.hosts["alpha"] = make_host()
        return True

    def alpha_leaves() -> bool:
        view = read_cluster(home.workers_dir)
        names = {machine.name: machine for machine in view.machines} if view else {}
        if names.get("bad") and names["bad"].why and "alpha" in names:
            assert names["bad"].state == "refused"
            del made.hosts["alpha"]
            made.left_well.add("alpha")
            return True
        return False

    def beta_joins() -> bool:
        made.hosts["beta"] = make_host()
        return True

    bridge = bridge_over(home, made, local=1)
    asyncio.run(work(bridge, made, scheduler_starts, alpha_joins, alpha_leaves, beta_joins))
    assert [line["id"] for line in sealed(home.queues[0].folder)] == [
        f"0:{n}" for n in range(1, 21)
    ]
    said = capsys.readouterr().out
    for line in (
        "the scheduler does not answer; waiting for it",
        "is back",
        "machine bad refused: lacks the model big",
        "machine alpha joined",
        "machine alpha left",
        "machine beta joined",
    ):
        assert said.count(line) == 1, said


def test_when_nobody_can_work_the_run_ends_with_the_reason(home: RunFolder) -> None:
    made = Made({"bad": "lacks the model big: fetch it there"})
    with pytest.raises(ModelError, match="machine bad lacks the model big: fetch it there"):
        asyncio.run(work(bridge_over(home, made), made))
    assert home.queues[0].names(ChunkState.CLAIMED) == []
