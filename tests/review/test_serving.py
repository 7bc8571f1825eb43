"""The page's server as a process: requests over HTTP, conflicts, kill -9, hostile text."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from stages.recipe.files import SHIPPED
from tests.review_help import (
    command,
    environment,
    flagged,
    hostile,
    hostile_answer,
    pair,
    pairs_file,
    reviewer_command,
    serving,
)
from tests.run_tools import free_port

GOOD = "A long header lets a remote attacker run code. Update to the fixed version."
ARGUMENTS = ("pairs.jsonl", "-o", "reviewed.jsonl")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with six pairs: 3 is flagged, 5 is hostile."""
    pairs_file(tmp_path, [pair(1), pair(2), flagged(3), pair(4), hostile(5), pair(6)])
    return tmp_path


def records(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_files_are_reviewed_over_http_from_the_first_pair_to_the_output(root: Path) -> None:
    with serving(root, *ARGUMENTS, "--reviewer", "anna") as reviewer:
        client = reviewer.client
        status, state = client.get("state")
        assert status == 200 and state["counts"] == {"open": 6, "all": 6, "decided": 0}
        assert [row["id"] for row in client.rows()] == [f"0:{n}" for n in range(1, 7)]
        assert client.rows("sort=doubt")[0]["id"] in ("0:3", "0:5")
        assert client.decide("0:1", 0, "accept") == 200
        assert client.decide("0:2", 0, "edit", response=GOOD) == 200
        assert client.decide("0:3", 0, "reject", reason="wrong") == 200
        status, failed = client.post(
            "decide", id="0:4", version=0, action="edit", response="Bananas in 9.9.9."
        )
        assert status == 422 and "literals" in {one["gate"] for one in failed["failed"]}
        for number in (4, 5, 6):
            assert client.decide(f"0:{number}", 0, "accept") == 200
        assert client.post("undo", id="0:6", version=1)[0] == 200
        assert client.decide("0:6", 2, "accept") == 200
        status, done = client.post("finish")
        assert (status, done["sealed"], done["open"], done["ends"]) == (200, 1, 0, True)
        reviewer.process.wait(timeout=20)
        assert reviewer.process.returncode == 0
    kept = records(root / "reviewed.jsonl")
    decisions = [one["review"]["decision"] for one in kept]  # type: ignore[index]
    assert decisions == ["accept", "edit", "accept", "accept", "accept"]
    assert kept[1]["response"] == GOOD
    assert kept[3]["response"] == hostile_answer(5)  # as it came, not as it was shown
    [removed] = records(root / "reviewed.removed.jsonl")
    assert removed["reason"] == "rejected by a reviewer: wrong"
    assert removed["details"] == {"by": "anna"} and not list(root.glob("*.work"))


def test_every_decision_survives_a_kill_and_an_old_page_is_told(root: Path) -> None:
    at = ("--port", str(free_port()))  # the usual one may go to another test meanwhile
    with serving(root, *ARGUMENTS, *at) as first:
        old = first.client
        assert old.decide("0:1", 0, "reject", reason="too old") == 200
        assert first.end(signal.SIGKILL)[0] == -signal.SIGKILL
    with serving(root, *ARGUMENTS, *at) as second:
        status, told = old.get("state")
        assert status == 401 and "earlier start" in told["error"]
        client = second.client
        assert client.token != old.token
        row = client.rows("show=rejected")
        assert row == [{"id": "0:1", "version": 1, "state": "reject"}]
        assert client.get("pair?id=0:1")[1]["note"]["reason"] == "too old"
        status, printed = second.end(signal.SIGINT)
    assert status == 4
    assert "decided: 1 rejected" in printed and "left to decide: 5 pairs" in printed
    assert "the same command continues" in printed


def test_two_clients_at_once_never_overwrite_each_other(root: Path) -> None:
    with serving(root, *ARGUMENTS) as reviewer:
        client = reviewer.client

        def both(number: int) -> int:
            action = {"action": "accept"} if number % 2 else {"action": "reject", "reason": "wrong"}
            return client.post("decide", id=f"0:{number // 4 + 1}", version=0, **action)[0]

        with ThreadPoolExecutor(8) as pool:
            statuses = list(pool.map(both, range(24)))
        assert sorted(statuses) == [200] * 6 + [409] * 18
        assert {row["version"] for row in client.rows("show=all")} == {1}
        status, told = client.post("decide", id="0:1", version=0, action="accept")
        assert status == 409 and told["pair"]["version"] == 1 and told["pair"]["state"] != "open"


def test_a_decision_for_a_pair_that_is_gone_is_told(root: Path) -> None:
    with serving(root, *ARGUMENTS) as reviewer:
        client = reviewer.client
        status, told = client.post("decide", id="0:99", version=0, action="accept")
        assert status == 410 and "0:99 is not here any more" in told["error"]
        assert client.get("pair?id=0:99")[0] == 410 and client.get("pair")[0] == 410


def test_requests_that_make_no_sense_are_refused_and_the_server_lives(root: Path) -> None:
    with serving(root, *ARGUMENTS) as reviewer:
        client = reviewer.client
        bodies = [
            b"{torn", b"[]", b'"x"', b"{}", b'{"id": 3, "version": 0, "action": "accept"}',
            b'{"id": "0:1", "version": "0", "action": "accept"}',
            b'{"id": "0:1", "version": 0, "action": "applaud"}',
            b'{"id": "0:1", "version": 0, "action": "edit"}',
            b'{"id": "0:1", "version": 0, "action": "edit", "response": "\\ud800"}',
            b'{"id": "0:1", "version": 0, "action": "edit", "response": "' + b"x" * 210_000 + b'"}',
        ]  # fmt: skip
        for body in bodies:
            status, told, _ = client.send("POST", "/api/decide", body)
            assert status == 400 and told["error"], body[:60]
        plain = {"Content-Type": "text/plain"}
        assert client.send("POST", "/api/decide", bodies[4], plain)[0] == 400
        assert client.get("list?show=everything")[0] == 400
        assert client.send("GET", "/api/decide")[0] == client.send("PUT", "/api/list")[0] == 405
        assert client.send("GET", "/../../etc/passwd")[0] == 404
        assert (
            client.send("OPTIONS", "/api/decide")[2].headers.get("Access-Control-Allow-Origin")
            is None
        )
        assert client.get("changes?since=-1")[0] == client.get("changes?since=x")[0] == 200
        assert client.get("state")[1]["counts"]["open"] == 6


def test_foreign_pages_get_nothing(root: Path) -> None:
    with serving(root, *ARGUMENTS) as reviewer:
        client = reviewer.client
        decision = {"id": "0:1", "version": 0, "action": "accept"}
        for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"},
                        {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):  # fmt: skip
            assert client.send("POST", "/api/decide", decision, headers)[0] == 403
        assert client.send("GET", "/", headers={"Host": "evil.example"})[0] == 403
        assert client.send("POST", "/api/decide", decision, {"Authorization": "Bearer x"})[0] == 401
        assert client.get("state")[1]["counts"]["decided"] == 0


def test_the_page_takes_nothing_from_the_network_and_runs_nothing_inline(root: Path) -> None:
    with serving(root, *ARGUMENTS) as reviewer:
        client = reviewer.client
        status, page, response = client.send("GET", "/")
        assert status == 200
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'") and "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy and "trusted-types 'none'" in policy
        for name in (f"{one}.js" for one in ("review", "list", "state", "view", "api")):
            assert client.send("GET", f"/{name}")[2].headers.get_content_type() == "text/javascript"
        for name in ("review.js", "list.js", "state.js", "view.js", "api.js", "review.css"):
            status, asset, response = client.send("GET", f"/{name}")
            assert status == 200 and "http://" not in asset["text"].replace("http://www.w3.org", "")
            assert "innerHTML" not in asset["text"] and response.headers["X-Content-Type-Options"]
        assert "https://" not in page["text"] and "onclick" not in page["text"]
        listening = {line.split()[3] for line in _listening() if f":{client.port} " in line}
        assert listening <= {f"127.0.0.1:{client.port}"}


def _listening() -> list[str]:
    """Sockets that listen, where `ss` can tell."""
    try:
        done = subprocess.run(["ss", "-ltn"], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return []
    return done.stdout.splitlines()


def test_hostile_text_comes_through_as_text(root: Path) -> None:
    with serving(root, *ARGUMENTS) as reviewer:
        status, shown, response = reviewer.client.send("GET", "/api/pair?id=0:5")
        assert status == 200 and response.headers["Content-Type"] == "application/json"
        assert shown["response"]["text"] == hostile_answer(5)
        odd = [piece["odd"] for piece in shown["response"]["pieces"] if piece["odd"]]
        assert odd == ["U+202E", "U+202C", "U+001B", "U+0007"]
        printed = reviewer.end()[1]
        assert "\x1b" not in printed


def test_a_port_that_is_taken_is_named_and_the_usual_one_gives_way(root: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = reviewer_command(root, *ARGUMENTS, "--port", str(port))
    assert done.returncode == 2 and f"error: --port {port}: " in done.stderr
    with (
        serving(root, *ARGUMENTS) as first,
        serving(root, "pairs.jsonl", "-o", "2.jsonl") as second,
    ):
        assert first.client.port != second.client.port


def test_a_full_disk_is_told_and_nothing_is_decided(root: Path) -> None:
    largest = max(file.stat().st_size for file in SHIPPED.iterdir()) // 1024  # copied at the start
    room = f'ulimit -f {largest + 400}; exec "$@"'
    limited = ["bash", "-c", room, "-", *command(*ARGUMENTS)]
    process = subprocess.Popen(limited, cwd=root, env=environment(root), text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
    try:
        assert process.stdout
        from tests.review_help import Reviewer

        link = next(line.strip() for line in process.stdout if "http://" in line)
        client = Reviewer(process, link).client
        long_text = "A remote attacker can send a long header to run code. " * 300
        status, told = client.post("decide", id="0:1", version=0, action="edit",
                                   response=long_text, keep_anyway=True)  # fmt: skip
        version = 0
        while status == 200:
            version = told["version"]
            assert version < 200
            status, told = client.post("decide", id="0:1", version=version, action="edit",
                                       response=long_text, keep_anyway=True)  # fmt: skip
        assert status == 507 and told["error"].startswith("not saved: ")
        os.kill(process.pid, signal.SIGKILL)
    finally:
        process.kill()
        process.communicate()
    with serving(root, *ARGUMENTS) as again:
        assert again.client.get("pair?id=0:1")[1]["response"]["text"].strip()
