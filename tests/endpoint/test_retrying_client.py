"""Outages are waited out; a request is blamed only where others are answered."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from stages.base import RecordError
from stages.completions import ServerFailedError, TextCompletion
from tests.endpoint import fast_clock, simulated
from tests.endpoint.fast_clock import clock
from tests.endpoint.odd_server import FAILURES, OddServer
from workers.endpoint.adaptive_client import AdaptiveClient
from workers.endpoint.client import ANSWER_S, Client
from workers.endpoint.errors import Unavailable
from workers.endpoint.retrying_client import Probe, RetryingClient
from workers.endpoint.wire import CHAT, answer_of

SMALL = Probe(CHAT, {"messages": [{"role": "user", "content": "small"}]}, answer_of)
HOUR = 3600.0


def work(done: TextCompletion) -> float:
    return done.completion_tokens


def ask(
    url: str, texts: list[str], meanwhile: Callable[[RetryingClient], Any], most: int = 4
) -> list[Any]:
    async def go() -> list[Any]:
        asking = RetryingClient(AdaptiveClient(Client(url)), most, [SMALL])
        bodies = [{"messages": [{"role": "user", "content": text}]} for text in texts]
        asked = [asyncio.create_task(asking.ask(CHAT, body, answer_of, work)) for body in bodies]
        await meanwhile(asking)
        found = await asyncio.gather(*asked, return_exceptions=True)
        await asking.close()
        return found

    found: list[Any] = fast_clock.run(go())
    return found


async def until_noticed(asking: RetryingClient) -> None:
    while not asking.outage.trouble:
        await asyncio.sleep(0.01)


async def nothing(asking: RetryingClient) -> None:
    pass


@pytest.mark.parametrize("mood", FAILURES)
def test_an_outage_is_waited_out(server: OddServer, mood: str) -> None:
    server.mood = mood

    async def for_a_while(asking: RetryingClient) -> None:
        await until_noticed(asking)
        server.mood = "good"

    found = ask(server.url, ["a", "b", "c"], for_a_while)
    assert [done.text for done in found] == ["yes"] * 3


def test_an_hour_of_too_many_requests_costs_nothing(server: OddServer) -> None:
    server.mood, server.retry_after = "busy", "900"

    async def for_an_hour(asking: RetryingClient) -> None:
        await until_noticed(asking)
        clock().speed = 2000
        await asyncio.sleep(HOUR)
        assert "too many requests" in asking.outage.trouble
        assert len(server.asked) <= 4 + 5, "it was left alone, as it asked for"
        server.mood, server.retry_after = "good", "1"
        await asking.outage.until_over()
        clock().speed = 1

    found = ask(server.url, list("abcdefgh"), for_an_hour)
    assert [done.text for done in found] == ["yes"] * 8


@pytest.mark.parametrize(("before", "level"), [(0, [4]), (4, [2, 3])])
def test_busy_is_too_much_only_for_a_server_that_has_answered(
    server: OddServer, before: int, level: list[int]
) -> None:
    """Else it may only be loading its model."""
    seen = list[int]()
    server.mood = "good" if before else "loading"

    async def while_busy(asking: RetryingClient) -> None:
        while before and len(server.asked) <= before:  # so the first was answered
            await asyncio.sleep(0.01)
        server.mood = "loading"
        await until_noticed(asking)
        seen.append(asking.level.now)
        server.mood = "good"

    ask(server.url, [str(n) for n in range(200 if before else 4)], while_busy)
    assert seen[0] in level


def test_an_hour_without_answers_in_time_costs_nothing(server: OddServer) -> None:
    server.mood = "silent"

    async def for_an_hour(asking: RetryingClient) -> None:
        while asking.level.active < 2:
            await asyncio.sleep(0.01)
        clock().speed = 2 * ANSWER_S
        await until_noticed(asking)
        assert asking.outage.trouble == "no answer in time"
        await asyncio.sleep(HOUR)
        assert asking.level.now == 1, "it may have been asked too much"
        clock().speed, server.mood = 60, "good"
        server.let_go.set()
        await asking.outage.until_over()
        clock().speed = 1

    found = ask(server.url, ["a", "b"], for_an_hour, most=2)
    assert [done.text for done in found] == ["yes"] * 2


def test_what_comes_too_late_however_alone_it_is_is_blamed(server: OddServer) -> None:
    """Others are answered meanwhile: it is this request that takes too long."""
    plain = server.completion

    def slow(body: dict[str, Any]) -> dict[str, Any]:
        if body["messages"][0]["content"] == "endless":
            server.let_go.wait(60)
        return plain(body)

    server.completion = slow  # type: ignore[method-assign]

    async def faster(asking: RetryingClient) -> None:
        while not server.asked:
            await asyncio.sleep(0.01)
        clock().speed = 3 * ANSWER_S

    [bad] = ask(server.url, ["endless"], faster)
    assert isinstance(bad, RecordError) and "no answer in time" in str(bad)


@contextmanager
def silent_port() -> Iterator[socket.socket]:
    """A port on which nothing listens yet, and that nobody else can take."""
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        yield port


def _answer_once(port: socket.socket) -> None:
    """Listen, and answer whoever comes."""
    done = {"choices": [{"message": {"content": "yes"}, "finish_reason": "stop"}]}
    data = json.dumps(done).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
    while True:
        try:
            caller, _ = port.accept()
        except OSError:
            return
        with caller:
            caller.recv(65536)
            caller.sendall(head + f"Content-Length: {len(data)}\r\n\r\n".encode() + data)


def test_where_nothing_listens_yet_it_goes_on_once_something_does() -> None:
    with silent_port() as port:

        async def until_it_listens(asking: RetryingClient) -> None:
            await until_noticed(asking)
            assert "no connection" in asking.outage.trouble
            port.listen()
            threading.Thread(target=_answer_once, args=(port,), daemon=True).start()

        url = f"http://127.0.0.1:{port.getsockname()[1]}/v1"
        found = ask(url, ["a", "b"], until_it_listens)
        port.shutdown(socket.SHUT_RDWR)
    assert [done.text for done in found] == ["yes"] * 2


def test_a_request_that_the_server_falls_over_is_blamed_alone(server: OddServer) -> None:
    server.poison = "deadly"
    good, bad = ask(server.url, ["harmless", "deadly"], nothing)
    assert good.text == "yes"
    assert isinstance(bad, RecordError) and "failed on this request 5 times" in str(bad)
    assert "deadly" not in str(bad)


def test_a_request_that_is_refused_is_blamed(server: OddServer) -> None:
    server.picky = lambda body: "" if body["messages"][0]["content"] == "small" else "too long"
    good, bad = ask(server.url, ["small", "other"], nothing)
    assert good.text == "yes"
    assert isinstance(bad, RecordError) and "refuses this request: HTTP 400: too long" in str(bad)


def test_half_an_answer_again_and_again_is_blamed(server: OddServer) -> None:
    plain = server.completion

    def picky(body: dict[str, Any]) -> dict[str, Any]:
        return plain(body) if body["messages"][0]["content"] == "small" else {"choices": []}

    server.completion = picky  # type: ignore[method-assign]
    [bad] = ask(server.url, ["other"], nothing)
    assert isinstance(bad, RecordError) and "answered others" in str(bad)


def test_one_failure_among_answers_stops_nobody() -> None:
    """Nobody waits for it, and the server is not asked whether it is well."""
    requests = simulated.bodies(200)
    well = simulated.Server(8, lambda taken: 0.02)
    unwell = simulated.Server(8, lambda taken: 0.02, fails=lambda number: number == 70)
    alone = simulated.asked(well, requests, fixed=16)
    found = simulated.asked(unwell, requests, fixed=16)
    assert unwell.asked == 201, "that request once more, and no probe"
    assert found.rate(0, 180) > 0.97 * alone.rate(0, 180)


class Endless(simulated.Server):
    """Answers all but one kind, which it takes the whole time for."""

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        if body["kind"] == "endless":
            await asyncio.sleep(ANSWER_S)
            raise Unavailable("no answer in time", late=True)
        return await super().post(path, body)


def test_one_that_is_never_answered_in_time_is_blamed_where_many_others_are() -> None:
    """It is not the number at a time."""

    async def go() -> float:
        server = Endless(10**6, lambda taken: 1e-6, latency=60.0)
        clock = asyncio.get_running_loop().time
        asking = RetryingClient(server, 8, [simulated.PROBE], clock)  # type: ignore[arg-type]

        async def one(body: dict[str, Any]) -> Any:
            return await asking.ask("/c", body, lambda answer: answer, simulated.amount)

        async def others() -> None:
            while not bad.done() and clock() < 8 * ANSWER_S:
                await one({"kind": "x", "read": 0, "write": 1})

        bad = asyncio.create_task(one({"kind": "endless", "read": 0, "write": 1}))
        await asyncio.gather(*(others() for _ in range(7)))
        with pytest.raises(ServerFailedError, match="on this request 5 times.*no answer in time"):
            await bad
        await asking.close()
        return clock()

    assert simulated.run(go()) < 6 * ANSWER_S
