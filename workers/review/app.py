"""The reviewer's page and its requests: lists, pairs, decisions, and handing over.

Knows HTTP and the desk; every request is checked by the guard first.  Invariant: a handler
changes the desk between two awaits only, so that decisions come one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stages.manual_reviewer.decision import REASONS, Decision
from workers.core.errors import QueueError, UsageError
from workers.core.json_fields import JsonFields
from workers.core.terminal import plain_text
from workers.review.browsing import SHOW, SORT, Wishes, browse, domains
from workers.review.desk import Conflict, Desk, GatesFailed, Gone
from workers.review.guard import json_response, refused
from workers.review.showing import Row, ShownPair, counted

LARGEST_BODY = 200_000  # bytes
MOST_ROWS = 50_000
_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@dataclass(frozen=True)
class Review:
    """What the page is about.

    by: who reviews, as the notes of decisions say it; `next_step`: what to do when all is
    decided; `hand_over`: is called when the reviewer is done with the page, and says whether that
    ends it.
    """

    desk: Desk
    run: str
    by: str = ""
    next_step: str = ""
    hand_over: Callable[[], bool] = lambda: False


def make_app(review: Review) -> Starlette:
    """The app without its guard."""
    routes = _Routes(review)
    files = resources.files("workers.review").joinpath("page")
    assets = {one.name: one.read_bytes() for one in files.iterdir() if one.is_file()}
    return Starlette(
        routes=[
            Route("/", _asset("index.html", assets["index.html"])),
            *(Route(f"/{name}", _asset(name, data)) for name, data in assets.items()),
            Route("/api/state", routes.state),
            Route("/api/list", routes.list),
            Route("/api/pair", routes.pair),
            Route("/api/changes", routes.changes),
            Route("/api/decide", routes.decide, methods=["POST"]),
            Route("/api/undo", routes.undo, methods=["POST"]),
            Route("/api/finish", routes.finish, methods=["POST"]),
        ],
        exception_handlers=_HANDLERS,
    )


def _asset(name: str, data: bytes) -> Callable[[Request], Response]:
    kind = _TYPES[name.rpartition(".")[2]]
    return lambda request: Response(data, media_type=kind)


@dataclass(frozen=True)
class _Progress:
    """How far the review is, in every answer; `changes`: the number to ask for later ones since."""

    counts: Mapping[str, int]
    open: int
    elsewhere: int
    changes: int


class _Routes:
    """One method for each request of the page."""

    def __init__(self, review: Review) -> None:
        self._review = review
        self._desk = review.desk

    async def state(self, request: Request) -> Response:
        """What the page needs once."""
        items = self._desk.items.values()
        return json_response(
            {
                "run": self._review.run,
                "reasons": REASONS,
                "show": list(SHOW),
                "sort": list(SORT),
                "domains": domains(items),
                "next_step": self._review.next_step,
                **vars(self._progress()),
            }
        )

    async def list(self, request: Request) -> Response:
        """The pairs that fit the filters, as rows."""
        asked = {k: v for k, v in request.query_params.items() if k in Wishes.__annotations__}
        found = browse(self._desk.items.values(), Wishes(**asked))
        rows = [Row.of(item) for item in found[:MOST_ROWS]]
        return json_response({"rows": rows, "total": len(found), **vars(self._progress())})

    async def pair(self, request: Request) -> Response:
        return json_response(ShownPair.of(self._desk.show(request.query_params.get("id", ""))))

    async def changes(self, request: Request) -> Response:
        """Rows of pairs that changed since a number; null for those that are gone."""
        since = request.query_params.get("since", "0")
        number = int(since) if since.isdecimal() and len(since) < 16 else 0
        ids = self._desk.changed_since(number)[:MOST_ROWS]
        here = self._desk.items
        rows = {pair_id: Row.of(here[pair_id]) if pair_id in here else None for pair_id in ids}
        return json_response({"rows": rows, **vars(self._progress())})

    async def decide(self, request: Request) -> Response:
        fields = await _fields(request)
        decision = Decision(
            action=fields.read("action", str),
            instruction=fields.read_or("instruction", str, None),
            response=fields.read_or("response", str, None),
            reason=fields.read_or("reason", str, ""),
            keep_anyway=fields.read_or("keep_anyway", bool, False),
            by=self._review.by,
        )
        item = self._desk.decide(fields.read("id", str), fields.read("version", int), decision)
        self._desk.seal_settled()
        return json_response({**vars(Row.of(item)), **vars(self._progress())})

    async def undo(self, request: Request) -> Response:
        fields = await _fields(request)
        item = self._desk.undo(fields.read("id", str), fields.read("version", int))
        return json_response({**vars(Row.of(item)), **vars(self._progress())})

    async def finish(self, request: Request) -> Response:
        """Seal what is decided; ends the reviewer when nothing is left to decide."""
        sealed = self._desk.finish()
        ends = self._review.hand_over()
        return json_response({"sealed": sealed, "ends": ends, **vars(self._progress())})

    def _progress(self) -> _Progress:
        desk = self._desk
        return _Progress(counted(desk.counts()), desk.open, desk.chunks_elsewhere(), desk.changes)


async def _fields(request: Request) -> JsonFields:
    """The JSON object in a request's body; raises UsageError for anything else."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise UsageError("the body must be application/json")
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_BODY:
            raise UsageError(f"the body is larger than {LARGEST_BODY} bytes")
    try:
        return JsonFields(orjson.loads(body), "the request", UsageError)
    except orjson.JSONDecodeError:
        raise UsageError("the body is not valid JSON") from None


def _conflict(request: Request, error: Exception) -> Response:
    assert isinstance(error, Conflict)
    return refused(409, str(error), pair=ShownPair.of(error.item))


def _gates_failed(request: Request, error: Exception) -> Response:
    assert isinstance(error, GatesFailed)
    return refused(422, "the pair fails gates", failed=list(error.failures), final=error.final)


def _plain(status: int, what: str = "") -> Callable[[Request, Exception], Response]:
    return lambda request, error: refused(status, plain_text(f"{what}{error}", 500))


_HANDLERS: Mapping[Any, Callable[[Request, Exception], Response]] = {
    Conflict: _conflict,
    GatesFailed: _gates_failed,
    Gone: _plain(410),
    UsageError: _plain(400),
    OSError: _plain(507, "not saved: "),
    QueueError: _plain(507, "not saved: "),
}
