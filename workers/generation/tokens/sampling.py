"""Which token comes next: greedy, or drawn with randomness that belongs to the prompt.

The random numbers of a token are a function of (seed, prompt, position), so a sampled
answer doesn't depend on the batch it was made in, nor on crashes.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

import mlx.core as mx
import numpy as np
from mlx_lm.sample_utils import apply_top_p

_SPARSE = 8  # times as many tokens as there are allowed ones, from which only these are looked at
_TRIES = 16  # tokens that are passed over one by one before all are


def likeliest(logits: np.ndarray, allowed: np.ndarray) -> int:
    """The allowed token of the highest of logits (vocab,), the first of equal ones."""
    if 0 < np.count_nonzero(allowed) * _SPARSE < len(allowed):
        found = np.flatnonzero(allowed)
        return int(found[logits[found].argmax()])
    left = logits.copy()
    for _ in range(_TRIES):
        best = int(left.argmax())
        if allowed[best]:
            return best
        left[best] = -np.inf
    return int(np.where(allowed, logits, -np.inf).argmax())


@dataclass(frozen=True)
class Sampling:
    """Temperature (0 is greedy), nucleus, and seed; raises ValueError for what none of them is."""

    temp: float = 0.0
    top_p: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.temp < math.inf:
            raise ValueError(f"temperature {self.temp}: must be 0 or more")
        if not 0 < self.top_p <= 1:
            raise ValueError(f"top_p {self.top_p}: must be above 0, and at most 1")
        if not 0 <= self.seed < 2**64:
            raise ValueError(f"seed {self.seed}: must be from 0 to {2**64 - 1}")


def make_sampler(sampling: Sampling, prompt: tuple[int, ...]) -> KeyedSampler | None:
    """A sampler for one row; None means greedy."""
    if sampling.temp == 0:
        return None
    return KeyedSampler(sampling, prompt)


class KeyedSampler:
    """Gumbel-max sampling with a key per position: argmax(log p / temp + Gumbel noise).

    As the noise doesn't depend on a draft, a drafted token is right when it is the token that
    would have been drawn anyway: speculation changes nothing (arXiv:2408.07978).
    """

    def __init__(self, sampling: Sampling, prompt: tuple[int, ...]) -> None:
        self._sampling = sampling
        self._digest = hashlib.blake2b(
            np.asarray(prompt, dtype=np.uint32).tobytes(),
            key=sampling.seed.to_bytes(8, "little"),
            digest_size=16,
        )
        self._position = 0

    def __call__(self, logprobs: mx.array) -> mx.array:
        """Draw for the next position: log probabilities (1, vocab) -> token (1,)."""
        self._position += 1
        return self.draw(logprobs, self._position - 1)

    def draw(self, logprobs: mx.array, position: int) -> mx.array:
        """Draw for this position of the answer: log probabilities (1, vocab) -> token (1,)."""
        digest = self._digest.copy()
        digest.update(position.to_bytes(4, "little"))
        key = mx.random.key(int.from_bytes(digest.digest()[:8], "little"))
        if self._sampling.top_p < 1:
            logprobs = apply_top_p(logprobs, self._sampling.top_p)
        noise = mx.random.gumbel(logprobs.shape, key=key)
        return mx.argmax(logprobs / self._sampling.temp + noise, axis=-1)
