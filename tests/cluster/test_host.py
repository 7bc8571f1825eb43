"""A machine's answers: it checks what it has, works on parcels, and says what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from tests.cluster.conftest import STAGE, until
from tests.run_tools import security_record
from tests.tiny_model import make_tiny_model
from workers.cluster import host as host_module
from workers.cluster import hosted_run
from workers.cluster.host import Host
from workers.cluster.messages import HostState, MessagePart, PartKind, Reply, Request, RunOffer
from workers.cluster.offers import offer_of
from workers.core.version import PACKAGE
from workers.queue.envelopes import Envelope
from workers.queue.sealed import SealedLine, parse_sealed
from workers.run.run_folder import RunFolder

INJECTED = Path(__file__).parents[1] / "faults" / "injected"
MakeHost = Callable[..., Host]


def ask(
    host: Host, session: str, *parts: MessagePart, run: str = "home", wait: float = 1.0
) -> Reply:
    return Reply.parse(host.answer(Request(run, session, parts, wait=wait).to_bytes()))


def at_work(host: Host) -> int:
    """How many of its processes are working now."""
    return [view.state for view in ask(host, "first", wait=0.0).views].count("working")


def offered(host: Host, offer: RunOffer) -> Reply:
    """The first answer that is no longer `preparing`."""
    reply = ask(host, "first", MessagePart(PartKind.OFFER, "home", offer.to_bytes()))
    while reply.state is HostState.PREPARING:
        reply = ask(host, "first")
    return reply


def parcel(*numbers: int, **more: object) -> MessagePart:
    lines = [Envelope(f"0:{n}", {**security_record(n), **more}).to_bytes() for n in numbers]
    return MessagePart(PartKind.PARCEL, STAGE, b"".join(lines))


def outcomes(host: Host, session: str, *parts: MessagePart, count: int) -> dict[str, SealedLine]:
    """Of a parcel and what followed, until there are so many."""
    found: dict[str, SealedLine] = {}
    reply = ask(host, session, *parts)
    for _ in range(200):
        for part in reply.parts:
            if part.kind is PartKind.OUTCOMES:
                lines = {line.id: line for line in parse_sealed(part.data, "a reply")}
                assert not lines.keys() & found.keys(), "an outcome came twice"
                found |= lines
        if len(found) >= count:
            return found
        reply = ask(host, session)
    raise AssertionError(f"{len(found)} of {count} outcomes; {reply}")


def test_a_run_that_it_was_not_offered_is_unknown(make_host: MakeHost) -> None:
    assert ask(make_host(), "first").state is HostState.UNKNOWN


def test_it_works_on_parcels_and_drops_those_of_an_earlier_session(
    make_host: MakeHost, home: RunFolder
) -> None:
    host = make_host()
    assert offered(host, offer_of(home)).state is HostState.READY
    found = outcomes(host, "first", parcel(*range(8)), count=8)
    assert {type(line.outcome).__name__ for line in found.values()} == {
        *("Result", "Removed", "Failed")
    }
    ask(host, "first", parcel(10, 11))
    again = outcomes(host, "second", parcel(12, 13), count=2)
    assert sorted(again) == ["0:12", "0:13"]
    assert all(not part.data for part in ask(host, "second").parts if part.name == "")
    ask(host, "second", MessagePart(PartKind.PARCEL, STAGE, b"rubbish\n")).why.index("damaged")
    host.close()
    assert list(host.site.scratch.iterdir()) == []


def test_a_record_that_kills_its_worker_is_found_there(
    make_host: MakeHost, home: RunFolder
) -> None:
    host = make_host(PYTHONPATH=str(INJECTED))
    assert offered(host, offer_of(home)).state is HostState.READY
    parts = (parcel(*range(12)), parcel(12, harm="abort"))
    found = outcomes(host, "first", *parts, count=13)
    killers = [line.id for line in found.values() if "killed its worker 3" in str(line.outcome)]
    assert killers == ["0:12"]


def test_what_a_machine_lacks_is_said_in_one_line(
    make_host: MakeHost, home: RunFolder, tmp_path: Path
) -> None:
    offer = offer_of(home)
    manifest = orjson.loads(offer.manifest)

    def without(**changes: object) -> RunOffer:
        return replace(offer, manifest=orjson.dumps({**manifest, **changes}).decode())

    model, other = tmp_path / "model", tmp_path / "other"
    for number, folder in enumerate((model, other)):
        folder.mkdir()
        make_tiny_model(folder, seed=number)
    gone = {"target": {"name": "big", "sha256": "0" * 64, "path": "/nowhere"}}
    named = {**manifest["config"], "model": str(tmp_path / "nowhere")}
    asks = {**manifest["config"], "model": str(other)}
    for bad, why in (
        (without(versions={PACKAGE: "9.9"}), f"has {PACKAGE} .*, the run needs 9.9"),
        (replace(offer, dask="2020.1.0"), r"has distributed .*, the run 2020\.1\.0: install that"),
        (replace(offer, stages="other"), "its stages differ from the run's"),
        (without(recipe={"sha256": "other", "files": {}}), "its recipe differs"),
        (without(model=gone, config=named), "lacks the model big .*--model"),
        (without(model=gone, config=asks), "other is another model than the run's big"),
        (replace(offer, manifest="{}"), "damaged, or of another version"),
    ):
        reply = offered(make_host(), bad)
        assert reply.state is HostState.REFUSED
        assert "\n" not in reply.why
        with pytest.raises(AssertionError, match=why):
            raise AssertionError(reply.why)


def test_one_run_at_a_time(
    make_host: MakeHost, home: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, offer = make_host(), offer_of(home)
    assert offered(host, offer).state is HostState.READY
    part = MessagePart(PartKind.OFFER, "home", offer.to_bytes())
    busy = ask(host, "other", part, run="other")
    host.answer(Request("other", "other", leave=True).to_bytes())  # its bridge gave up
    host.answer(Request("home", "an earlier one", leave=True).to_bytes())
    assert busy.state is HostState.PREPARING and busy.why == "works on another run now"
    assert ask(host, "first").state is HostState.READY
    monkeypatch.setattr(hosted_run, "WANTED_S", 0.0)
    assert ask(host, "other", part, run="other").why == ""
    assert ask(host, "first").state is HostState.UNKNOWN


def test_who_leaves_need_not_wait_for_what_is_in_hand(
    make_host: MakeHost, home: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that does not come in time is a hang until it has come."""
    host = make_host(PYTHONPATH=str(INJECTED), SLOW_RECORDS="60")
    assert offered(host, offer_of(home)).state is HostState.READY
    ask(host, "first", parcel(0, 1), wait=0.0)
    until(lambda: at_work(host) == 1)
    monkeypatch.setattr(host_module, "_OVERDUE_S", -1.0)  # an answer is overdue while it is made
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask, host, "first", wait=60.0)
        until(lambda: host.hangs)
        host.answer(Request("home", "first", leave=True).to_bytes())
        assert asked.result(10).state is HostState.READY
    assert not host.hangs


def test_all_processes_of_a_machine_have_work(make_host: MakeHost, home: RunFolder) -> None:
    host = make_host(2, PYTHONPATH=str(INJECTED), SLOW_RECORDS="60")
    assert offered(host, offer_of(home)).state is HostState.READY
    ask(host, "first", parcel(0, 1), wait=0.0)
    until(lambda: at_work(host) == 2)


def test_rubbish_is_answered(make_host: MakeHost) -> None:
    reply = Reply.parse(make_host().answer(b"\x80\x04"))
    assert reply.state is HostState.REFUSED and "not valid JSON" in reply.why
