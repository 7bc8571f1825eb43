"""The highest of the logits that are there, under a mask and without."""

from __future__ import annotations

import numpy as np

from workers.generation.tokens.logits import KnownLogits


def test_the_best_is_the_first_of_the_highest_that_a_mask_lets_through() -> None:
    logits = KnownLogits(np.array([1.0, 5.0, 3.0, 5.0, 3.0], dtype=np.float32))
    assert logits.best() == 1 == logits.all().argmax()
    assert logits.best(np.array([True, False, True, False, True])) == 2
