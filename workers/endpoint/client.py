"""Posts JSON to an endpoint, and tells an answer from everything else that may come back.

Knows HTTP and JSON objects; retries nothing.  Invariant: what it returns is a whole JSON object
that came with a success status; the key goes into the header of requests and nowhere else, whatever
a server says of it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
import orjson

from workers.core.terminal import plain_text
from workers.endpoint.errors import Refused, Unavailable

Json = dict[str, Any]
ANSWER_S = 600.0  # for a whole answer
_CONNECT_S = 10.0
_MOST_BYTES = 32 * 2**20
_LONGEST_REASON, _MOST_WORDS = 220, 4096
_LONGEST_WAIT_S = 3600.0
_BUSY = (429, 503)
_OF_THE_REQUEST = (400, 404, 405, 413, 422, 501)


class Client:
    """Requests to one endpoint, such as http://127.0.0.1:8080/v1."""

    def __init__(self, url: str, key: str | None = None, most: int = 32) -> None:
        self.url = url.rstrip("/")
        self._key = key
        # A connection that is kept takes a thread of some servers (llama.cpp until March 2026), and
        # whoever has none waits for long; a new one costs little where there is no TLS.
        kept = most if self.url.startswith("https") else 0
        self._http = httpx2.AsyncClient(
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=httpx2.Timeout(ANSWER_S, connect=_CONNECT_S),
            limits=httpx2.Limits(max_connections=most, max_keepalive_connections=kept),
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def get(self, path: str) -> Json:
        """What the endpoint says at `path`; raises Unavailable or Refused."""
        return await self._ask("GET", self.url + path, None)

    async def get_beside(self, path: str) -> Json:
        """What the server says at `path` beside its API; raises Unavailable or Refused."""
        return await self._ask("GET", self.url.removesuffix("/v1") + path, None)

    async def post(self, path: str, body: Mapping[str, Any]) -> Json:
        """The answer to a body; raises Unavailable or Refused."""
        return await self._ask("POST", self.url + path, body)

    async def _ask(self, method: str, url: str, body: Mapping[str, Any] | None) -> Json:
        """As `_answered`, with errors that are short and without the key."""
        try:
            return await self._answered(method, url, body)
        except (Unavailable, Refused) as error:
            text = str(error).replace(self._key, "***") if self._key else str(error)
            error.args = (plain_text(text, _LONGEST_REASON),)
            raise

    async def _answered(self, method: str, url: str, body: Mapping[str, Any] | None) -> Json:
        content = None if body is None else orjson.dumps(body)
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        asking = self._http.stream(method, url, content=content, headers=headers)
        try:
            async with asyncio.timeout(ANSWER_S), asking as response:
                return _answer(response, await _read(response))
        except (TimeoutError, httpx2.TimeoutException) as error:
            connecting = isinstance(error, httpx2.ConnectTimeout)
            raise Unavailable("no answer in time", not connecting, late=not connecting) from error
        except (httpx2.ConnectError, httpx2.UnsupportedProtocol, httpx2.InvalidURL) as error:
            raise Unavailable(f"no connection: {_words(error)}", of_request=False) from error
        except httpx2.LocalProtocolError:  # its words may hold a header's value
            raise Unavailable("this request can't be sent over HTTP") from None
        except httpx2.HTTPError as error:
            raise Unavailable(f"the answer was cut off: {_words(error)}") from error


async def _read(response: httpx2.Response) -> bytes:
    """The body; raises Unavailable for one that is no answer, however long it goes on."""
    if "html" in response.headers.get("content-type", "") and response.is_success:
        raise Unavailable("answers with HTML, not JSON; is this the address of an API?")
    pieces, size = [], 0
    async for piece in response.aiter_bytes():
        pieces.append(piece)
        size += len(piece)
        if size > _MOST_BYTES:
            raise Unavailable(f"answers with more than {_MOST_BYTES >> 20} MiB")
    return b"".join(pieces)


def _answer(response: httpx2.Response, data: bytes) -> Json:
    status = response.status_code
    if status in _BUSY:
        wait = _seconds(response.headers.get("retry-after", ""))
        raise Unavailable(f"HTTP {status}: {_said(data)}", False, wait, busy=True)
    if status in _OF_THE_REQUEST:
        raise Refused(f"HTTP {status}: {_said(data)}", status)
    if response.is_redirect:
        raise Unavailable(f"HTTP {status}: it is now at {response.headers.get('location', '?')}")
    if not response.is_success:
        raise Unavailable(f"HTTP {status}: {_said(data)}")
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Unavailable(f"its answer is not valid JSON: {error.msg}") from None
    if not isinstance(value, dict):
        raise Unavailable("its answer is not a JSON object")
    if value.get("error"):
        raise Unavailable(f"answers with an error: {_said(data)}")
    return value


def _said(data: bytes) -> str:
    """A server's own words about an error."""
    try:
        value = orjson.loads(data)
        error = value.get("error", value.get("detail", value)) if isinstance(value, dict) else value
        return str(error.get("message", error) if isinstance(error, dict) else error)
    except (orjson.JSONDecodeError, RecursionError):
        return data[:_MOST_WORDS].decode("utf-8", "replace")


def _words(error: Exception) -> str:
    text = str(error) or type(error).__name__
    return f"its certificate was not accepted ({text})" if "CERTIFICATE" in text.upper() else text


def _seconds(text: str) -> float:
    """A Retry-After header in seconds: it holds a number of them, or a date."""
    if text.strip().isdecimal():
        return min(float(text), _LONGEST_WAIT_S)
    try:
        until = parsedate_to_datetime(text).timestamp()
    except ValueError:
        return 0.0
    return min(max(0.0, until - time.time()), _LONGEST_WAIT_S)
