"""The snapshot: the JSON that scripts read, and the same back again."""

from __future__ import annotations

import orjson
import pytest

from tests.observe.snapshots import NAMES, snapshot
from workers.core.terminal import plain_text
from workers.observe.status import RunStatus

HOSTILE = "\x1b]0;owned\x07\u202ename\n\x9b31m\udc80"


def test_shape() -> None:
    values = orjson.loads(snapshot().to_bytes())
    assert list(values) == [
        *("run", "state", "stages", "workers", "eta_s", "elapsed_s", "message"),
    ]
    stage = values["stages"][0]
    assert list(stage) == [
        *("name", "pending", "claimed", "done", "failed", "records"),
        *("items_per_s", "tokens_per_s", "items_per_s_overall", "tokens_per_s_overall"),
        *("batch_size", "batch_rows", "acceptance", "dead_letters"),
    ]
    assert list(stage["records"]) == ["in", "results", "removed", "failed"]
    assert (stage["name"], stage["done"], stage["batch_size"]) == (NAMES[0], 95_000, 32)
    worker = values["workers"][0]
    assert {"pid", "role", "state", "chunk", "rss_mb", "restarts"} <= worker.keys()


def test_it_comes_back_as_it_was() -> None:
    for status in (snapshot(message="no room left"), RunStatus("r", "starting", ())):
        assert RunStatus.parse(status.to_bytes(), "status.json") == status


def test_no_string_of_its_json_holds_a_control_character() -> None:
    status = snapshot(message=HOSTILE, chunk=HOSTILE)
    values = status.to_json()
    assert values["message"] == values["workers"][0]["chunk"] == plain_text(HOSTILE)
    smuggled = status.to_bytes().replace(b"restarting", b"\\u001b[2J")
    assert RunStatus.parse(smuggled, "status.json").workers[0].state == "?[2J"


def test_what_is_live() -> None:
    live = {state for state in _STATES if snapshot(state=state).is_live}
    assert live == {"starting", "running", "paused", "draining", "merging"}
    assert snapshot().dead_letters == 3 * 17


_STATES = (
    *("starting", "running", "paused", "draining", "merging"),
    *("finished", "interrupted", "failed", "unfinished"),
)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (b"{", b"[", "not valid JSON"),
        (b'"run":"r"', b'"run":7', "'run' is not text"),
        (b'"pending":5000', b'"pending":"5000"', "stages: 'pending' is not a whole number"),
        (b'"in":6400000,', b"", "stages: records: no 'in'"),
        (b'"pid":4000000', b'"pid":true', "workers: 'pid' is not a whole number"),
    ],
)
def test_damage_is_named(old: bytes, new: bytes, problem: str) -> None:
    data = snapshot().to_bytes()
    assert old in data
    with pytest.raises(ValueError, match=f"^q/status.json: {problem}"):
        RunStatus.parse(data.replace(old, new, 1), "q/status.json")
