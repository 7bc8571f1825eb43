"""Lets only this machine's own page talk to the reviewer: host, origin, token, and headers.

Knows HTTP; knows nothing of pairs.  Invariant: nothing under /api/ is answered without the
token, and nothing at all under a foreign host name, which is how DNS rebinding comes.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import orjson
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

API = "/api/"
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_FROM_HERE = (None, "same-origin", "none")  # Sec-Fetch-Site of our own page, or of no browser


@dataclass(frozen=True)
class Refusal:
    """Why a request is not answered."""

    status: int
    error: str


class Guard:
    """Middleware around the reviewer's app."""

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app = app
        self._token = token
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        if scope["type"] != "http":
            return
        refusal = self.refusal(scope["path"], Headers(scope=scope))
        answer = self._app if refusal is None else refused(refusal.status, refusal.error)
        await answer(scope, receive, with_headers)

    def refusal(self, path: str, headers: Headers) -> Refusal | None:
        """Why a request is refused; None for one that may be answered."""
        host, origin = headers.get("host", ""), headers.get("origin")
        if host not in self._hosts:
            return Refusal(403, "the host is not this machine's loopback address")
        if origin is not None and origin != f"http://{host}":
            return Refusal(403, "requests from other sites are refused")
        if not path.startswith(API):
            return None
        if headers.get("sec-fetch-site") not in _FROM_HERE:
            return Refusal(403, "requests from other sites are refused")
        if not self._has_token(headers.get("authorization", "")):
            return Refusal(401, "the link is from an earlier start: use the one in the terminal")
        return None

    def _has_token(self, authorization: str) -> bool:
        expected = f"Bearer {self._token}".encode()
        return secrets.compare_digest(authorization.encode("utf-8", "replace"), expected)


def refused(status: int, error: str, **more: object) -> Response:
    """An answer that says why there is none."""
    return json_response({"error": error, **more}, status)


def json_response(value: object, status: int = 200) -> Response:
    """JSON, as UTF-8."""
    return Response(orjson.dumps(value), status, media_type="application/json")
