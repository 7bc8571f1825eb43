"""The budget of what a file may expand to: bombs are refused, honest files are not."""

from __future__ import annotations

import gzip

import pytest

from stages.sources.found import NotUnderstood
from stages.sources.limits import Budget
from tests.source_help import records, refusal
from tests.source_samples import COMPRESS, WORMS, zipped


@pytest.mark.parametrize("name", [*COMPRESS, "zip", "zip in gz", "nested"])
def test_bombs_are_refused_within_bounds(name: str) -> None:
    spaces = b" " * (80 * 2**20)
    if name in COMPRESS:
        bomb = COMPRESS[name](b'{"items": [' + spaces)
    elif name == "zip":
        bomb = zipped({"a.json": b'{"items": [' + spaces})
    elif name == "zip in gz":
        bomb = gzip.compress(zipped({"a.json": b'{"items": [' + spaces}))
    else:
        bomb = WORMS
        for _ in range(6):
            bomb = gzip.compress(bomb)
    told = refusal(bomb)
    expected = "within one another" if name == "nested" else "like a decompression bomb"
    assert expected in told


def test_an_honest_file_may_expand_a_lot() -> None:
    assert Budget.for_size(10).left == 64 * 2**20
    assert Budget.for_size(2**30).left == 500 * 2**30
    assert len(records(gzip.compress(WORMS * 100))) == 5000


def test_a_budget_is_spent_to_the_last_byte_and_no_further() -> None:
    budget = Budget(10)
    budget.spend(4)
    budget.spend(6)
    assert budget.left == 0
    with pytest.raises(NotUnderstood, match="expands to more than 500 times its size"):
        budget.spend(1)
    assert Budget.for_size(2**50).left == 2**40
