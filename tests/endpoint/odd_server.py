"""A real HTTP server that answers as servers do, well and badly.

Invariant: what it does is what `mood` says at the time of a request, and every request is kept.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

FAILURES = (
    *("html", "garbage", "half", "other", "busy", "error", "forbidden", "refused"),
    *("endless", "loading", "no_such_path", "deep"),
)


class OddServer(ThreadingHTTPServer):
    """`mood`: "good", or one of FAILURES; `text`: what it answers; `asked`: the bodies so far.

    `poison`: a word that it falls over wherever it stands in a request, and `falls_over`: whether
    it does so over a body; `retry_after`: seconds
    that it asks for while it is busy; `picky`: says why it refuses a body, or "", and `refuses`
    with which status; `slots`: how many it says it has, as llama.cpp does.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.mood = "good"
        self.text = "yes"
        self.poison = "\0"
        self.retry_after = "1"
        self.picky: Callable[[dict[str, Any]], str] = lambda body: ""
        self.falls_over: Callable[[dict[str, Any]], bool] = lambda body: False
        self.refuses = 400
        self.slots = 0
        self.models = ["odd"]
        self.let_go = threading.Event()  # for those that are kept waiting
        self.logprobs: list[tuple[str, float]] = []
        self.asked: list[dict[str, Any]] = []
        self.keys: set[str | None] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def answer(self, body: dict[str, Any]) -> dict[str, Any]:
        """What it answers to whatever kind of request."""
        if "input" not in body:
            return self.completion(body)
        data = [{"object": "embedding", "index": 0, "embedding": [0.5, -1]}]
        return {"object": "list", "data": data, "usage": {"prompt_tokens": 7, "total_tokens": 7}}

    def completion(self, body: dict[str, Any]) -> dict[str, Any]:
        choice: dict[str, Any] = {"index": 0, "finish_reason": "stop"}
        if "messages" in body:
            choice["message"] = {"role": "assistant", "content": self.text}
        else:
            choice["text"] = self.text
        if body.get("logprobs") and self.logprobs:
            top = [{"token": token, "logprob": value} for token, value in self.logprobs]
            choice["logprobs"] = {"content": [{**top[0], "top_logprobs": top}]}
        usage = {"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9}
        return {"object": "chat.completion", "choices": [choice], "usage": usage}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: OddServer

    def do_GET(self) -> None:
        if self.path == "/props":
            self._send(200, json.dumps({"total_slots": self.server.slots}).encode())
        elif self.server.mood == "good":
            listed = [{"id": name, "object": "model"} for name in self.server.models]
            self._send(200, json.dumps({"object": "list", "data": listed}).encode())
        else:
            self._misbehave()

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        body = json.loads(data)
        self.server.asked.append(body)
        self.server.keys.add(self.headers["Authorization"])
        if self.server.poison.encode() in data or self.server.falls_over(body):
            self._send(500, b'{"error": {"message": "fell over"}}')
        elif reason := self.server.picky(body):
            data = json.dumps({"error": {"message": reason}}).encode()
            self._send(self.server.refuses, data)
        elif self.server.mood == "good":
            self._send(200, json.dumps(self.server.answer(body)).encode())
        else:
            self._misbehave()

    def _misbehave(self) -> None:
        whole = json.dumps(self.server.completion({"messages": []})).encode()
        match self.server.mood:
            case "html":
                self._send(200, b"<html><body>Welcome</body></html>", "text/html")
            case "garbage":
                self._send(200, b'{"choices": [nonsense')
            case "other":
                self._send(200, b'{"ok": true}')
            case "half":
                self._send(200, whole[:20], length=len(whole))
                self.close_connection = True
            case "busy":
                retry = self.server.retry_after
                self._send(429, b'{"error": {"message": "too many requests"}}', retry=retry)
            case "loading":
                self._send(503, b'{"error": {"code": 503, "message": "Loading model"}}')
            case "silent":
                self.server.let_go.wait(60)
                self.close_connection = True
            case "endless":
                self._go_on_and_on()
            case "no_such_path":
                self._send(200, b'{"error": "Unexpected endpoint or method. (POST /x)"}')
            case "moved":
                self._send(301, b"", location="https://api.example/v1")
            case "tells_the_key":
                said = f"Invalid API key: {self.headers['Authorization']}" * 9
                self._send(401, json.dumps({"error": {"message": said}}).encode())
            case "deep":
                self._send(500, b'{"error":' + b"[" * 1000 + b"]" * 1000 + b"}")
            case "error":
                self._send(500, b'{"error": {"message": "out of memory"}}')
            case "forbidden":
                self._send(401, b'{"error": {"message": "wrong key"}}')
            case "refused":
                self._send(400, b'{"error": {"message": "no such model"}}')

    def _go_on_and_on(self) -> None:
        """A page that never ends."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.close_connection = True
        with suppress(OSError):
            while not self.server.let_go.wait(0.01):
                self.wfile.write(b"5\r\n<br>\n\r\n")

    def _send(
        self,
        status: int,
        data: bytes,
        kind: str = "application/json",
        length: int | None = None,
        retry: str = "",
        location: str = "",
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length or len(data)))
        if retry:
            self.send_header("Retry-After", retry)
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def odd_server() -> Iterator[OddServer]:
    """A server for the block."""
    server = OddServer()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join()
