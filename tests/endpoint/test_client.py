"""An answer is told from everything else that may come back."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
import threading
import time
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from tests.endpoint.odd_server import OddServer
from workers.endpoint.client import Client
from workers.endpoint.errors import Refused, Unavailable


def asked(url: str, key: str | None = None) -> dict[str, Any]:
    async def go() -> dict[str, Any]:
        client = Client(url, key)
        try:
            return await client.post("/chat/completions", {"messages": []})
        finally:
            await client.close()

    return asyncio.run(go())


def test_an_answer_comes_back_and_the_key_goes_along(server: OddServer) -> None:
    assert asked(server.url, "secret")["choices"]
    assert asked(f"{server.url}/")["usage"]["prompt_tokens"] == 7
    assert server.keys == {"Bearer secret", None}


@pytest.mark.parametrize(
    ("mood", "said", "of_request"),
    [
        ("html", "answers with HTML, not JSON", True),
        ("garbage", "its answer is not valid JSON", True),
        ("half", "the answer was cut off", True),
        ("busy", "HTTP 429: too many requests", False),
        ("error", "HTTP 500: out of memory", True),
        ("forbidden", "HTTP 401: wrong key", True),
        ("endless", "answers with HTML, not JSON", True),
        ("no_such_path", "answers with an error: Unexpected endpoint", True),
        ("moved", "HTTP 301: it is now at https://api.example/v1", True),
        ("tells_the_key", r"HTTP 401: Invalid API key: Bearer \*\*\*", True),
        ("deep", r"HTTP 500: \{\"error\":\[", True),
    ],
)
def test_what_is_no_answer_is_said(
    server: OddServer, mood: str, said: str, of_request: bool
) -> None:
    server.mood = mood
    with pytest.raises(Unavailable, match=said) as found:
        asked(server.url, "secret")
    assert found.value.of_request is of_request and "secret" not in str(found.value)
    assert (found.value.busy, found.value.retry_after) == (
        (True, 1.0) if mood == "busy" else (False, 0.0)
    )


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("20", 20, 20),
        ("999999", 3600, 3600),
        ("in 90 s", 30, 91),
        ("90 s ago", 0, 0),
        ("soon", 0, 0),
    ],
)
def test_how_long_it_is_to_be_left_alone(
    server: OddServer, header: str, least: float, most: float
) -> None:
    dates = {"in 90 s": 90, "90 s ago": -90}
    if header in dates:  # as a date, which is made now: tests may wait for long
        header = formatdate(time.time() + dates[header], usegmt=True)
    server.mood, server.retry_after = "busy", header
    with pytest.raises(Unavailable) as found:
        asked(server.url)
    assert least <= found.value.retry_after <= most


def test_what_can_not_be_sent_is_not_shown(server: OddServer) -> None:
    with pytest.raises(Unavailable, match="can't be sent over HTTP") as found:
        asked(server.url, "secret\r")
    assert "secret" not in repr(found.value)


def test_a_refusal_is_the_requests_matter(server: OddServer) -> None:
    server.mood = "refused"
    with pytest.raises(Refused, match="HTTP 400: no such model"):
        asked(server.url)


def test_where_nothing_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unavailable, match="no connection") as found:
        asked(f"http://127.0.0.1:{port}/v1")
    assert not found.value.of_request


def test_a_certificate_that_is_wrong(tmp_path: Path) -> None:
    pem = tmp_path / "own.pem"
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=other.example".split()
    subprocess.run([*make, "-keyout", pem, "-out", tmp_path / "c"], check=True, capture_output=True)
    pem.write_text(pem.read_text() + (tmp_path / "c").read_text())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with OddServer() as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(Unavailable, match="certificate was not accepted") as found:
            asked(server.url.replace("http", "https"))
        assert not found.value.of_request
        server.shutdown()
