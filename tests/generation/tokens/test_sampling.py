"""Sampling: the right distribution, and randomness that belongs to seed, prompt and position."""

from __future__ import annotations

import math

import mlx.core as mx
import numpy as np
import pytest

from workers.generation.tokens.sampling import KeyedSampler, Sampling, likeliest, make_sampler

PROBABILITIES = np.array([0.5, 0.25, 0.15, 0.07, 0.03])
LOGPROBS = mx.array(np.log(PROBABILITIES))[None]


def draws(sampling: Sampling, count: int, prompt: tuple[int, ...] = (1, 2)) -> list[int]:
    sampler = make_sampler(sampling, prompt)
    assert sampler is not None
    return [int(np.array(sampler(LOGPROBS))[0]) for _ in range(count)]


def shares(found: list[int]) -> np.ndarray:
    return np.bincount(found, minlength=5) / len(found)


def g_statistic(found: list[int], expected: np.ndarray) -> float:
    """2 sum of observed times ln(observed / expected); above 23.5 once in 10,000 for 4 degrees."""
    observed = np.bincount(found, minlength=len(expected))
    seen = observed > 0
    wanted = expected * len(found)
    return float(2 * (observed[seen] * np.log(observed[seen] / wanted[seen])).sum())


@pytest.mark.parametrize("share", [0.0, 0.001, 0.05, 0.2, 0.5, 0.999, 1.0])
def test_the_likeliest_is_the_first_of_the_best_that_are_allowed(share: float) -> None:
    drawn = np.random.default_rng(0)
    for _ in range(20):
        logits = drawn.integers(0, 50, 2000).astype(np.float32)  # many are equal
        allowed = drawn.random(2000) < share
        kept = logits.copy()
        assert likeliest(logits, allowed) == int(np.where(allowed, logits, -np.inf).argmax())
        np.testing.assert_array_equal(logits, kept)


@pytest.mark.parametrize(
    ("given", "named"),
    [((-0.1,), "temperature"), ((math.nan,), "temperature"), ((1.0, 0.0), "top_p"),
     ((1.0, 1.5), "top_p"), ((1.0, 1.0, -1), "seed"), ((1.0, 1.0, 2**64), "seed")],
)  # fmt: skip
def test_what_is_no_setting_is_refused_by_name(given: tuple[float, ...], named: str) -> None:
    with pytest.raises(ValueError, match=f"^{named} "):
        Sampling(*given)  # type: ignore[arg-type]


def test_temperature_zero_is_greedy() -> None:
    assert make_sampler(Sampling(), (1,)) is None


def test_the_same_key_draws_the_same_tokens() -> None:
    sampling = Sampling(temp=1.0, seed=7)
    assert draws(sampling, 64) == draws(sampling, 64)
    assert draws(sampling, 64) != draws(Sampling(temp=1.0, seed=8), 64)
    assert draws(sampling, 64) != draws(sampling, 64, prompt=(1, 3))
    assert draws(sampling, 64, prompt=(12,)) != draws(sampling, 64, prompt=(1, 2))


def test_a_position_can_be_drawn_out_of_order() -> None:
    """What speculation needs: position n does not depend on what was drawn before it."""
    sampling = Sampling(temp=1.0, seed=7)
    sampler = KeyedSampler(sampling, (1, 2))
    backwards = [int(np.array(sampler.draw(LOGPROBS, n))[0]) for n in reversed(range(32))]
    assert backwards[::-1] == draws(sampling, 32)


def test_tokens_are_drawn_with_their_probability() -> None:
    found = draws(Sampling(temp=1.0, seed=3), 3000)
    assert g_statistic(found, PROBABILITIES) < 23.5
    assert g_statistic(found, np.array([0.4, 0.35, 0.15, 0.07, 0.03])) > 23.5  # it can fail


def test_temperature_sharpens() -> None:
    cold = PROBABILITIES**2 / (PROBABILITIES**2).sum()
    assert g_statistic(draws(Sampling(temp=0.5, seed=3), 3000), cold) < 23.5


def test_the_nucleus_leaves_out_the_tail() -> None:
    found = shares(draws(Sampling(temp=1.0, top_p=0.7, seed=5), 500))
    assert found[:2].all() and not found[2:].any()
