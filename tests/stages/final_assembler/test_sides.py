"""The split: its shares, and that a source and all that is like it stay where they are."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest

from stages.final_assembler.sides import (
    NO_SIDE,
    SIDES,
    _drawn,
    fill_empty,
    give_sides,
    parse_shares,
)
from stages.final_assembler.spool import SOURCE
from stages.similar.signatures import digest, sketch

EVEN = parse_shares("40/30/30")


def sources(texts: list[str]) -> np.ndarray:
    rows = np.zeros(len(texts), SOURCE)
    found = sketch(texts)
    rows["digest"], rows["signature"] = found.digests, found.signatures
    rows["tellable"] = found.tellable
    rows["key"] = [digest(text) for text in texts]
    return rows


def texts(count: int, seed: int = 1) -> list[str]:
    draw = random.Random(seed)
    return [" ".join(f"w{draw.randrange(5000)}" for _ in range(60)) for _ in range(count)]


def near(text: str, at: int) -> str:
    words = text.split()
    return " ".join([*words[:at], "changed", *words[at + 1 :]])


def test_shares_are_kept_about() -> None:
    sides = Counter(give_sides(sources(texts(4000)), parse_shares("80/15/5")).tolist())
    assert abs(sides[0] / 4000 - 0.80) < 0.03
    assert abs(sides[1] / 4000 - 0.15) < 0.03
    assert abs(sides[2] / 4000 - 0.05) < 0.02


def test_without_a_test_part() -> None:
    shares = parse_shares("95/5")
    assert shares.shown == "95/5/0"
    assert set(give_sides(sources(texts(500)), shares).tolist()) <= {0, 1}


@pytest.mark.parametrize("text", ["90/5/6", "a/b/c", "100", "", "0/50/50", "90/-5/15", "nan/5/5"])
def test_shares_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="percentages"):
        parse_shares(text)


def test_what_is_alike_is_on_the_side_of_the_first() -> None:
    originals = texts(200)
    copies = [near(text, 30) for text in originals]
    sides = give_sides(sources([*originals, *copies]), EVEN)
    assert (sides[:200] == sides[200:]).all()
    alone = give_sides(sources(copies), EVEN)
    assert (alone != sides[200:]).any(), "or their own hashes had said the same"


def test_more_data_moves_nothing() -> None:
    first = texts(300)
    later = [near(text, 10) for text in first[::3]] + texts(200, seed=2)
    before = give_sides(sources(first), EVEN)
    after = give_sides(sources([*first, *later]), EVEN)
    assert (before == after[:300]).all()


def test_a_source_like_sources_on_two_sides_has_none() -> None:
    """Half of one and half of the other would be no bridge; three quarters of both is one."""
    draw = random.Random(4)
    for _ in range(200):
        shared = [f"s{draw.randrange(5000)}" for _ in range(90)]
        ends = [[f"e{draw.randrange(5000)}" for _ in range(20)] for _ in range(2)]
        one, two = (" ".join([*end, *shared]) for end in ends)
        bridge = " ".join([*ends[0][10:], *shared, *ends[1][:10]])
        sides = give_sides(sources([one, " ".join(shared[::-1]), two, bridge]), EVEN)
        if NO_SIDE in sides:
            assert sides[-1] == NO_SIDE
            assert sides[0] != sides[2]
            return
    pytest.fail("no bridge was found in 200 tries")


def test_an_empty_side_gets_one_source_and_no_side_is_emptied_for_it() -> None:
    keys = np.array([digest(f"k{n}") for n in range(6)], np.uint64)
    sides = np.zeros(6, np.uint8)
    everything = np.ones(6, bool)
    assert fill_empty(sides, keys, everything, everything, EVEN) == 2
    assert Counter(sides.tolist()) == {0: 4, 1: 1, 2: 1}
    only = np.zeros(1, np.uint8)
    one = np.ones(1, bool)
    assert fill_empty(only, keys[:1], one, one, EVEN) == 0
    assert len(SIDES) == 3


def test_the_largest_key_is_on_the_last_side_that_has_a_share() -> None:
    keys = np.array([0, 2**64 - 1], dtype=np.uint64)
    assert list(_drawn(keys)) == [0.0, 1.0 - 2.0**-53]
