"""Fields are read by type and bounds, and none is passed over."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stages.requests.fields import Fields
from stages.requests.problems import BadRequest


def test_null_counts_as_absent() -> None:
    fields = Fields({"n": None, "t": 1}, "body")
    assert fields.take("n", int) is None and fields.within("t", float, 0, 2) == 1.0
    fields.end()


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (lambda f: f.take("n", str), "body.n: must be text"),
        (lambda f: f.within("n", int, 1, 4), "body.n: 5 is not from 1 to 4"),
        (lambda f: f.take("yes", int), "body.yes: must be a whole number"),
        (lambda f: f.require("gone", str), "body.gone: is missing"),
        (lambda f: f.allow_only({"n": (0,), "yes": (True,)}), "body.n: this engine can't"),
        (lambda f: f.end(), "body.n: this engine can't do that"),
    ],
)
def test_what_is_wrong_is_named(read: Callable[[Fields], object], said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        read(Fields({"n": 5, "yes": True}, "body"))


def test_what_is_no_object_is_refused() -> None:
    with pytest.raises(BadRequest, match="must be an object"):
        Fields([], "body")
