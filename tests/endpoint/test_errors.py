"""What is unavailable says why, and whom to blame."""

from __future__ import annotations

from workers.endpoint.errors import Unavailable


def test_it_keeps_what_it_was_told() -> None:
    plain, busy = Unavailable("broken"), Unavailable("busy", False, 3.0, busy=True)
    assert (str(plain), plain.of_request, plain.retry_after, plain.busy) == (
        "broken",
        True,
        0,
        False,
    )
    assert (str(busy), busy.of_request, busy.retry_after, busy.busy) == ("busy", False, 3, True)
