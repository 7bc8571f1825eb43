"""Who gives chunks back at the end of a run, and who keeps them."""

from __future__ import annotations

import pytest

from workers.cluster.sharing import Gift, Hand, who_gives_back

FAST, SLOW = 10.0, 1.0


@pytest.mark.parametrize(
    ("hands", "idle", "chosen"),
    [
        ([Hand((64, 64), SLOW)], [Hand((), FAST)], Gift(0, 2)),
        ([Hand((8,) * 16, SLOW)], [Hand((), FAST)], Gift(0, 15)),  # it keeps what it can do
        ([Hand((64,), SLOW)], [Hand((), FAST)], Gift(0, 1)),
        ([Hand((64,), FAST), Hand((64,), SLOW)], [Hand((), FAST)], Gift(1, 1)),
        ([Hand((640, 640), FAST)], [Hand((), FAST)], Gift(0, 1)),  # half of it each
        ([Hand((16,) * 8, SLOW)], [Hand((), SLOW)] * 3, Gift(0, 6)),
        ([Hand((64,), FAST)], [Hand((), FAST)], None),  # it would be as long there
        ([Hand((64,), FAST)], [Hand((), SLOW)], None),
        ([Hand((3,), SLOW)], [Hand((), FAST)], None),  # nearly done
        ([Hand((64,), SLOW)], [], None),
        ([Hand((64,), None)], [Hand((), FAST)], None),  # it has just begun
        (
            [Hand((64,), SLOW), Hand((8,), FAST)],
            [Hand((), None)],
            Gift(0, 1),
        ),  # as fast as the others
        ([Hand((64,), SLOW)], [Hand((), None)], None),
        ([Hand((8,) * 16, SLOW, 3)], [Hand((), FAST)], None),  # the others were moved before
        ([Hand((8,) * 16, SLOW, 8)], [Hand((), FAST)], Gift(0, 8)),
        ([Hand((0,), SLOW)], [Hand((), FAST)], None),
        ([], [Hand((), FAST)], None),
        ([Hand((64,), SLOW, 0), Hand((64, 64), 2.0)], [Hand((), FAST)], Gift(1, 2)),  # it can't
        ([Hand((64,), SLOW, 0)], [Hand((), FAST)], None),
    ],
)
def test_who_gives_back(hands: list[Hand], idle: list[Hand], chosen: Gift | None) -> None:
    assert who_gives_back(hands, idle) == chosen
