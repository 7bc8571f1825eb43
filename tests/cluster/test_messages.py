"""Messages: what was packed comes back, and bytes that are none are refused by name."""

from __future__ import annotations

import pytest

from workers.cluster.messages import (
    HostState,
    MessageError,
    MessagePart,
    PartKind,
    Reply,
    Request,
    RunOffer,
)
from workers.run.worker_view import WorkerView

PARTS = (
    MessagePart(PartKind.PARCEL, "2_data_filter", b'{"id": "0:1"}\n{"id": "0:2"}\n'),
    MessagePart(PartKind.FINDINGS, "3_data_structurer", b""),
    MessagePart(PartKind.METRICS, "w1", b"\n\n\xff"),
)


def test_what_was_packed_comes_back() -> None:
    request = Request("a run", "session", PARTS, leave=True)
    assert Request.parse(request.to_bytes()) == request
    view = WorkerView(7, "batch", "working", "2_data_filter", "chunk-000001", 12, 1, 32)
    reply = Reply(HostState.READY, "", 2, (view,), ("one", "two"), PARTS)
    assert Reply.parse(reply.to_bytes()) == reply
    offer = RunOffer("{}", {"bounds.yaml": "a: 1\n"}, "abc", "2026.8.0")
    assert RunOffer.parse(offer.to_bytes()) == offer


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not valid JSON"),
        (b"\x80\x04K\x01.", "not valid JSON"),
        (b"[]\n", "not a JSON object"),
        (b'{"state": "ready"}\n', "no 'why'"),
        (b'{"state": "owned", "why": "", "workers": 1}\n', "no such state"),
        (b'{"state": "ready", "why": "", "workers": "2"}\n', "not a whole number"),
        (b'{"parts": [{"kind": "code", "name": "", "bytes": 1}]}\nx', "no such kind"),
        (b'{"parts": [{"kind": "metrics", "name": "", "bytes": 9}]}\nx', "truncated"),
        (b'{"parts": [{"kind": "metrics", "name": "", "bytes": -1}]}\nx', "truncated"),
    ],
)
def test_bytes_that_are_no_message_are_refused(data: bytes, why: str) -> None:
    with pytest.raises(MessageError, match=why):
        Reply.parse(data)
