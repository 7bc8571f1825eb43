"""Log probabilities are those of the whole vocabulary, or of what a schema lets through."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from workers.generation.tokens.logprobs import LogprobNotes

LOGITS = np.log(np.array([0.5, 0.25, 0.125, 0.125], dtype=np.float32)) + 7


def test_of_all_tokens() -> None:
    notes = LogprobNotes(2)
    notes.decided(2, LOGITS)
    [noted] = notes.places
    assert noted.logprob == pytest.approx(log(0.125), abs=1e-6)
    assert [token for token, _ in noted.top] == [0, 1]


@pytest.mark.parametrize("most", range(6))
def test_of_equally_likely_ones_the_first(most: int) -> None:
    notes = LogprobNotes(most)
    notes.decided(0, LOGITS[::-1])  # the first two are equal
    assert [token for token, _ in notes.places[0].top] == [3, 2, 0, 1][:most]


def test_of_those_allowed() -> None:
    notes = LogprobNotes(4)
    notes.decided(2, LOGITS, np.array([False, True, True, False]))
    [noted] = notes.places
    assert noted.logprob == pytest.approx(log(1 / 3), abs=1e-6)
    assert [token for token, _ in noted.top] == [1, 2]


def test_what_was_forced_is_certain() -> None:
    notes = LogprobNotes(3)
    notes.forced(1)
    assert notes.places[0].logprob == 0.0 and notes.places[0].top == ((1, 0.0),)
