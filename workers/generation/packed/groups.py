"""Which slots of a grid attend together, so that few long or wide rows don't make all others so.

Knows counts and columns.  Invariant: each slot with new tokens is in one group.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import mlx.core as mx
import numpy as np

from workers.generation.packed.rows import Decoding


def _group_cost() -> int:
    """What one more group costs, in columns that one token of a slot looks at.

    It is some twelve operations of MLX more in each layer, and on a GPU as many kernels to launch.
    """
    return 1500 if mx.default_device() == mx.cpu else 6000


def group_slots(counts: Sequence[int], reaches: Sequence[int]) -> list[tuple[int, int, int]]:
    """Cut slots into neighbours that attend together: (start, stop, width), cheapest overall.

    A group costs its slots times its widest row times the columns its longest row reaches
    back; a few rows with long drafts or prompts should not make all others as wide or long.
    Slots without new tokens are left out, but for those between two others of a group.
    """
    best: list[tuple[int, int]] = [(0, 0)]
    extra = _group_cost()
    for stop in range(1, len(counts) + 1):
        if not counts[stop - 1]:
            best.append((best[-1][0], stop))
            continue
        width, reach, found = 0, 0, (sys.maxsize, 0)
        for start in range(stop - 1, -1, -1):
            width, reach = max(width, counts[start]), max(reach, reaches[start])
            if counts[start]:
                cost = best[start][0] + (stop - start) * width * reach + extra
                found = min(found, (cost, start))
        best.append(found)
    groups, stop = [], len(counts)
    while stop:
        start = best[stop][1]
        if start == stop:
            stop -= 1
            continue
        groups.append((start, stop, max(counts[start:stop])))
        stop = start
    return groups[::-1]


def scatter(rows: Sequence[Decoding], groups: Sequence[tuple[int, int, int]]) -> mx.array:
    """For each token of the pass its place in the groups' outputs, one after the other."""
    begins: dict[int, int] = {}
    at = 0
    for start, stop, width in groups:
        begins |= {slot: at + (slot - start) * width for slot in range(start, stop)}
        at += (stop - start) * width
    places = [begins[row.slot.index] + np.arange(row.count) for row in rows]
    return mx.array(np.concatenate(places).astype(np.int32))
