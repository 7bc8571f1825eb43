"""What prompts have in common at their beginning, found by looking at them.

Prompts of a stage say what they share; those of somebody's own requests don't.  Knows tokens of
the prompts that wait and of some that came before them.  Invariant: a length that is found is one
up to which another prompt is the same, token by token, or at which a conversation's last turn
begins.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace

from workers.generation.requests import GenerateRequest

LEAST = 16  # tokens that a beginning adds to a shorter one, for it to be kept
_REMEMBERED = 64  # prompts that came before
_MOST = 4  # beginnings of one prompt, one within the other

Tokens = tuple[int, ...]


class Beginnings:
    """Tells requests how much of their prompts others have too."""

    def __init__(self) -> None:
        self._gone: deque[Tokens] = deque(maxlen=_REMEMBERED)
        self._looked_at: set[int] = set()

    def find(self, waiting: Iterable[GenerateRequest]) -> None:
        """Write into the prompts of those that want it what they share with one another, and with
        those that went before."""
        asking = [request for request in waiting if request.find_beginning]
        before, self._looked_at = self._looked_at, set(map(id, asking))
        if self._looked_at <= before:
            return
        found = shared_lengths([*self._gone, *(request.prompt.tokens for request in asking)])
        for request in asking:
            prompt = request.prompt
            lengths = worth_keeping([*prompt.found, *found[prompt.tokens]], len(prompt.tokens))
            request.prompt = replace(prompt, found=lengths)

    def went(self, requests: Sequence[GenerateRequest]) -> None:
        """These wait no longer; later ones may begin as they did."""
        self._gone.extend(r.prompt.tokens for r in requests if r.find_beginning)
        self._looked_at.difference_update(map(id, requests))  # a later one may lie where it lay


def shared_lengths(prompts: Iterable[Tokens]) -> dict[Tokens, tuple[int, ...]]:
    """By prompt, the lengths up to which another one is the same.

    Sorted, prompts with the same beginning are neighbours, and what a prompt shares with one
    further away is the least that any two neighbours on the way share.
    """
    ordered = sorted(prompts)
    alike = [_common(a, b) for a, b in zip(ordered, ordered[1:], strict=False)]
    before = [sorted(levels) for levels in _levels(alike)]
    after = [sorted(levels) for levels in reversed(list(_levels(alike[::-1])))]
    return {
        tokens: worth_keeping([*left, *right], len(tokens))
        for tokens, left, right in zip(ordered, before, after, strict=True)
    }


def _levels(alike: Sequence[int]) -> Iterable[list[int]]:
    """For each prompt, the lengths that it shares with those on its left."""
    stack: list[int] = []
    yield []
    for length in alike:
        while stack and stack[-1] >= length:
            stack.pop()
        stack.append(length)
        yield list(stack)


def worth_keeping(lengths: Iterable[int], whole: int) -> tuple[int, ...]:
    """Of a prompt's beginnings those that add enough to the one before them, the longest few.

    One token of the `whole` prompt is always left.
    """
    kept: list[int] = []
    for length in sorted({min(length, whole - 1) for length in lengths}):
        if length - (kept[-1] if kept else 0) >= LEAST:
            kept.append(length)
    return tuple(kept[-_MOST:])


def _common(one: Tokens, other: Tokens) -> int:
    """How many tokens two prompts have in common at their beginning."""
    low, high = 0, min(len(one), len(other))
    while low < high:  # compare halves: slices are compared much faster than a loop would
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[low:middle] == other[low:middle] else (low, middle - 1)
    return low
