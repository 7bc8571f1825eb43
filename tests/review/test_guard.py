"""Who may talk to the reviewer: only its own page, on this machine, with this start's token."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers
from starlette.responses import Response

from workers.review.guard import Guard

HOST = "127.0.0.1:8765"
GOOD = {"host": HOST, "authorization": "Bearer secret"}
GUARD = Guard(Response("inside"), "secret", 8765)


def status(path: str, **headers: str) -> int:
    refusal = GUARD.refusal(path, Headers({k.replace("_", "-"): v for k, v in headers.items()}))
    return refusal.status if refusal else 200


def test_the_page_may_do_everything() -> None:
    for host in (HOST, "localhost:8765", "[::1]:8765"):
        assert status("/", host=host) == 200
        own = {**GOOD, "host": host, "origin": f"http://{host}", "sec_fetch_site": "same-origin"}
        assert status("/api/decide", **own) == 200
    assert status("/api/list", **GOOD) == 200


@pytest.mark.parametrize(
    "host",
    ["", "evil.example", "evil.example:8765", "127.0.0.1", "127.0.0.1:80", "127.0.0.1.x:8765"],
)
def test_a_foreign_host_name_gets_nothing_at_all(host: str) -> None:
    assert status("/", host=host) == status("/api/list", **{**GOOD, "host": host}) == 403


@pytest.mark.parametrize(
    "origin", ["null", "http://evil.example", "https://127.0.0.1:8765", "http://localhost:8765", ""]
)
def test_another_site_can_write_nothing(origin: str) -> None:
    assert status("/api/decide", **GOOD, origin=origin) == 403
    assert status("/", host=HOST, origin=origin) == 403


def test_what_a_browser_says_of_a_foreign_page_counts() -> None:
    for site in ("cross-site", "same-site"):
        assert status("/api/list", **GOOD, sec_fetch_site=site) == 403
        assert status("/", host=HOST, sec_fetch_site=site) == 200  # a link was clicked


@pytest.mark.parametrize(
    "given",
    ["", "Bearer", "Bearer ", "Bearer secre", "Bearer secrets", "secret", "Basic secret", "é"],
)
def test_without_the_token_no_request_is_answered(given: str) -> None:
    assert status("/api/state", host=HOST, authorization=given) == 401
    assert status("/api/anything", host=HOST) == 401
