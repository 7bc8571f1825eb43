"""The bridge: machines join, leave, refuse and come back, and so does the scheduler."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest

from stages.base import Result
from tests.faults.recount import sealed
from workers.cluster import bridge as bridge_module
from workers.cluster import losses, seats, sharing
from workers.cluster import proxy as proxy_module
from workers.cluster.bridge import Bridge
from workers.cluster.connection import MachineLost, MachineSilent, SchedulerGone
from workers.cluster.host import Host
from workers.cluster.messages import HostState, MessagePart, PartKind, Reply, Request
from workers.core.errors import ModelError
from workers.queue.chunk_paths import ChunkState
from workers.queue.envelopes import Envelope, parse_envelopes
from workers.queue.sealed import sealed_line
from workers.run.machine_view import read_cluster
from workers.run.run_folder import RunFolder
from workers.run.worker_view import WorkerView


@dataclass
class Stub:
    """A machine that makes a result of every record at once, but for what its kind says.

    kind: `slow` is never done, `full` has no room, `mortal` is taken down by record V-7, `frail` by
    any; one that `hangs` with V-7 answers no more, and after some time without an answer it ends.
    """

    kind: str = ""
    unheard: int = 0
    ends_after: int = 3

    def answer(self, data: bytes) -> bytes:
        request = Request.parse(data)
        parcels = [part.data for part in request.parts if part.kind is PartKind.PARCEL]
        found = [line for data in parcels for line in parse_envelopes(data, "a parcel")]
        if self.kind == "mortal" and _has_seven(found):
            raise MachineLost("it is gone")
        if self.kind == "hangs" and (self.unheard or _has_seven(found)):
            self.unheard += 1
            raise MachineSilent("it did not answer for 30 s")
        if self.kind == "frail" and found:
            raise MachineLost("it is gone")
        if self.kind == "full" and found:
            return Reply(HostState.FULL, "No space left on device").to_bytes()
        lines = [] if self.kind == "slow" else [sealed_line(e, Result({}), 1) for e in found]
        done = MessagePart(PartKind.OUTCOMES, "", b"".join(line.to_bytes() for line in lines))
        views = (WorkerView(1, "batch", "working" if found else "idle"),)
        return Reply(HostState.READY, workers=1, views=views, parts=(done,)).to_bytes()


def _has_seven(found: list[Envelope]) -> bool:
    return any((line.record or {}).get("id") == "V-7" for line in found)


@dataclass
class Made:
    """A connection to hosts of this process, some of which refuse."""

    hosts: dict[str, Host | Stub | str] = field(default_factory=dict)
    up: bool = True
    address: str = "tls://127.0.0.1:1"
    dashboard: str = "http://127.0.0.1:8787/status"
    patience: float = 4.0
    left_well: set[str] = field(default_factory=set)

    async def machines(self) -> Mapping[str, str]:
        if not self.up:
            raise SchedulerGone("the scheduler does not answer")
        return {f"tls://{name}": name.rstrip("+") for name in self.hosts}

    async def said_goodbye(self, address: str) -> bool:
        return address.removeprefix("tls://") in self.left_well

    async def send(self, address: str, data: bytes) -> bytes:
        host = self.hosts.get(address.removeprefix("tls://"))
        if host is None:
            raise MachineLost("it is gone")
        if isinstance(host, str):
            return Reply(HostState.REFUSED, host).to_bytes()
        try:
            return await asyncio.to_thread(host.answer, data)
        except MachineSilent:
            assert isinstance(host, Stub)
            if host.unheard > host.ends_after:  # it is seen to, and another process takes its place
                self._replace(address, Stub("hangs"))
            raise
        except MachineLost:
            self._replace(address, host)
            raise

    def _replace(self, address: str, host: Host | Stub) -> None:
        """Another process of the same machine takes its place."""
        name = address.removeprefix("tls://")
        self.hosts.pop(name, None)
        self.hosts[f"{name}+"] = host

    async def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge_module, "TICK_S", 0.05)
    monkeypatch.setattr(proxy_module, "_IDLE_S", 0.05)
    monkeypatch.setattr(losses, "LEAST_CONTROL_S", 0.1)
    monkeypatch.setattr(losses, "CONTROL", 1)


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


def outcomes(run: RunFolder) -> dict[str, str]:
    lines = sealed(run.queues[0].folder)
    assert len({line["id"] for line in lines}) == len(lines) == 20
    return {line["id"]: line.get("error") or line["outcome"] for line in lines}


def test_a_record_that_takes_machines_down_is_found(
    home: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Made({"alpha": Stub("mortal"), "beta": Stub("mortal")})
    asyncio.run(work(bridge_over(home, made), made))
    found = outcomes(home)
    why = "killed its worker 3 times: its machine went down"
    assert {record for record, end in found.items() if end == why} == {"0:8"}
    # Those without a text and off the topic are results here as well: it is a stub.
    assert sorted(set(found.values())) == [why, "result"]
    assert sum(death.counts for death in home.deaths().values()) == 3
    assert "3 machines went down with 2_data_filter/chunk-000002 0:8" in capsys.readouterr().out


def test_machines_that_leave_in_good_order_blame_nobody(home: RunFolder) -> None:
    made = Made({"alpha": Stub("mortal")})

    def beta_joins() -> bool:
        made.left_well.update(f"alpha{'+' * n}" for n in range(99))
        if (home.path / "2_data_filter" / "claimed").exists() and len(made.hosts) == 1:
            made.hosts["beta"] = Stub()
        return made.hosts.get("beta") is not None

    asyncio.run(work(bridge_over(home, made), made, beta_joins))
    assert set(outcomes(home).values()) == {"result"}
    assert home.deaths() == {}


def test_chunks_of_a_slow_machine_go_to_an_idle_one(
    home: RunFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(proxy_module, "_SHOWN_SPEED_S", 0.3)
    monkeypatch.setattr(sharing, "CHANGE_S", 0.1)
    made = Made({"alpha": Stub("slow")})

    def beta_joins() -> bool:
        view = read_cluster(home.workers_dir)
        if view and any(machine.in_flight == 20 for machine in view.machines):
            made.hosts["beta"] = Stub()
        return "beta" in made.hosts

    asyncio.run(work(bridge_over(home, made), made, beta_joins))
    assert set(outcomes(home).values()) == {"result"}
    assert (
        "machine alpha is slow; its remaining chunks go to idle machines" in capsys.readouterr().out
    )


def test_a_full_disk_frees_the_chunks_and_ends_no_run(
    home: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Made({"alpha": Stub("full")})

    def beta_joins() -> bool:
        view = read_cluster(home.workers_dir)
        if view and [machine.state for machine in view.machines] == ["full"]:
            made.hosts["beta"] = Stub()
        return "beta" in made.hosts

    asyncio.run(work(bridge_over(home, made), made, beta_joins))
    assert set(outcomes(home).values()) == {"result"} and home.deaths() == {}
    assert "machine alpha full: No space left on device" in capsys.readouterr().out


def test_a_machine_that_ends_whatever_it_is_given_is_left_alone(
    home: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Made({"alpha": Stub("frail")})

    def beta_joins() -> bool:
        view = read_cluster(home.workers_dir)
        if view and any("ended 3 times" in machine.why for machine in view.machines):
            made.hosts["beta"] = Stub()
        return "beta" in made.hosts

    asyncio.run(work(bridge_over(home, made), made, beta_joins))
    assert set(outcomes(home).values()) == {"result"} and home.deaths() == {}
    assert capsys.readouterr().out.count("has it the memory for the model?") == 1


def test_a_record_with_which_machines_hang_is_found(
    home: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seats, "_LOST_S", 0.05)
    made = Made({"alpha": Stub("hangs"), "beta": Stub("hangs")}, patience=0.4)
    made.patience = 0.0  # or two within so short a time were the network
    asyncio.run(work(bridge_over(home, made), made))
    found = outcomes(home)
    why = "killed its worker 3 times: its machine went down"
    assert {record for record, end in found.items() if end == why} == {"0:8"}


def test_machines_that_are_cut_off_blame_nobody(
    home: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that answers again has made the same silence as one that hangs for good."""
    monkeypatch.setattr(seats, "_LOST_S", 0.05)
    made = Made({"alpha": Stub("hangs", ends_after=10**6)}, patience=0.4)

    def it_answers_again() -> bool:
        host = made.hosts["alpha"]
        assert isinstance(host, Stub)
        host.kind, host.unheard = ("", 0) if host.unheard else (host.kind, 0)
        return not host.kind

    asyncio.run(work(bridge_over(home, made), made, it_answers_again))
    assert set(outcomes(home).values()) == {"result"} and home.deaths() == {}
