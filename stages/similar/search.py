"""Which rows of a table of sketches are alike: equal ones by digest, near ones by bands, and
those that are one thing by their name.

Rows whose signatures share a band (locality-sensitive hashing) are compared in full; within a
group that shares one, each row is compared with the first and with the one before it, so the
work is linear in the rows, however many are alike.  Knows tables, not texts.  Invariant: a link
points to an earlier row, whose similarity reaches the threshold or whose name is the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from stages.similar.signatures import PERMUTATIONS

LOWEST_THRESHOLD = 0.5
_BLOCK = 65536
# Rows of a band by the threshold above which it finds 99 in 100 pairs.
_WIDE, _WIDE_FROM, _NARROW = 8, 0.85, 4
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Links:
    """Pairs of rows that are alike: `later` (n,) ascending, `earlier` (n,), `similarity` (n,)."""

    later: np.ndarray
    earlier: np.ndarray
    similarity: np.ndarray

    def by_row(self) -> Iterator[tuple[int, list[tuple[int, float]]]]:
        """Each row that has any with the earlier ones, the most similar first."""
        found: list[tuple[int, float]] = []
        row = -1
        triples = zip(self.later, self.earlier, self.similarity, strict=True)
        for later, earlier, similarity in triples:
            if later != row and found:
                yield row, found
                found = []
            row = int(later)
            found.append((int(earlier), float(similarity)))
        if found:
            yield row, found


@dataclass(frozen=True)
class Repeat:
    """A row that says again what an earlier row says, which is itself no repeat."""

    row: int
    of: int
    similarity: float  # 1 for the same words
    joined: bool = False  # both are about one thing, and are one whatever they say


def repeats(table: np.ndarray, threshold: float) -> Iterator[Repeat]:
    """The rows to drop, in order, so that no two of those that stay are known to be alike.

    A row with a name of its own (`own`) only repeats rows of that name, since two things may be
    described alike; it repeats the first of them in any case if both join.
    """
    root: dict[int, int] = {}
    for row, found in find_links(table, threshold).by_row():
        for earlier, similarity in found:
            kept = root.get(earlier, earlier)
            if kept != earlier:
                similarity = float(_similarity(table, np.array([row]), np.array([kept]))[0])
            one = _repeat(table, row, kept, round(similarity, 3), threshold)
            if one is not None:
                root[row] = kept
                yield one
                break


def _repeat(
    table: np.ndarray, row: int, kept: int, similarity: float, threshold: float
) -> Repeat | None:
    own, joins = table["own"], table["joins"]
    same = bool(own[row] and own[row] == own[kept])
    joined = same and bool(joins[row] and joins[kept])
    alike = similarity >= threshold and (same or not own[row])
    return Repeat(row, kept, similarity, joined) if alike or joined else None


def find_links(table: np.ndarray, threshold: float) -> Links:
    """Pairs that reach the threshold, each row with few of those before it."""
    if len(table) < 2:
        return Links(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32))
    width = _WIDE if threshold >= _WIDE_FROM else _NARROW
    pairs = [_equal(table), _of_one_name(table)]
    tellable = np.flatnonzero(table["tellable"])
    for start in range(0, PERMUTATIONS, width):
        pairs.append(_linked(table, _in_one_band(table, tellable, start, width), threshold))
        pairs = [_each_once(np.concatenate(pairs))]
    return _sorted(table, pairs[0])


def _equal(table: np.ndarray) -> np.ndarray:
    """Pairs (n, 2) of rows with the same words: with the first, and with the one before."""
    order = np.lexsort((np.arange(len(table)), table["own"], table["digest"]))
    digest = table["digest"][order]
    same = digest[1:] == digest[:-1]
    return _with_first_and_last(order, same)


def _of_one_name(table: np.ndarray) -> np.ndarray:
    """Pairs of rows that are one thing by their name."""
    rows = np.flatnonzero(table["joins"] & (table["own"] != 0))
    order = rows[np.argsort(table["own"][rows], kind="stable")]
    own = table["own"][order]
    return _with_first_and_last(order, own[1:] == own[:-1])


def _with_first_and_last(order: np.ndarray, same: np.ndarray) -> np.ndarray:
    """Pairs within the groups of an order; same[i]: whether order[i + 1] is in order[i]'s group."""
    if not same.any():
        return np.empty((0, 2), np.int64)
    starts = np.flatnonzero(np.r_[True, ~same])
    sizes = np.diff(np.r_[starts, len(order)])
    first = np.repeat(np.minimum.reduceat(order, starts), sizes)
    near = np.c_[order[1:], order[:-1]][same]
    found = np.concatenate([np.c_[order, first], near])
    found = found[found[:, 0] != found[:, 1]]
    later_first: np.ndarray = np.c_[found.max(axis=1), found.min(axis=1)]
    return later_first


def _in_one_band(table: np.ndarray, rows: np.ndarray, start: int, width: int) -> np.ndarray:
    """Pairs of rows that share one band and not all their words."""
    hashes = np.empty(len(rows), np.uint64)
    for at in range(0, len(rows), _BLOCK):
        some = rows[at : at + _BLOCK]
        band = np.ascontiguousarray(table["signature"][some, start : start + width])
        hashes[at : at + _BLOCK] = _mixed(band.view(np.uint64))
    order = np.argsort(hashes, kind="stable")
    same = hashes[order][1:] == hashes[order][:-1]
    return _with_first_and_last(rows[order], same)


def _mixed(words: np.ndarray) -> np.ndarray:
    """One number for each row of (n, k) uint64."""
    total = np.zeros(len(words), np.uint64)
    for column in words.T:
        total = (total ^ column) * _MIX
        total ^= total >> np.uint64(29)
    return total


def _linked(table: np.ndarray, pairs: np.ndarray, threshold: float) -> np.ndarray:
    """Those of the pairs that reach the threshold."""
    pairs = _each_once(pairs)
    reach: np.ndarray = pairs[_similarity(table, pairs[:, 0], pairs[:, 1]) >= threshold]
    return reach


def _each_once(pairs: np.ndarray) -> np.ndarray:
    """The pairs in order, each once; (n, 2)."""
    if not len(pairs):
        return pairs.reshape(0, 2)
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    return pairs[np.r_[True, (pairs[1:] != pairs[:-1]).any(axis=1)]]


def _similarity(table: np.ndarray, one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """The estimated Jaccard similarity of pairs of rows, (n,) float32; 1 for the same words."""
    found = np.empty(len(one), np.float32)
    signature: Any = table["signature"]
    for at in range(0, len(one), _BLOCK):
        some = slice(at, at + _BLOCK)
        equal = signature[one[some]] == signature[two[some]]
        found[some] = equal.mean(axis=1, dtype=np.float32)
    found[table["digest"][one] == table["digest"][two]] = 1.0
    return found


def _sorted(table: np.ndarray, pairs: np.ndarray) -> Links:
    similarity = _similarity(table, pairs[:, 0], pairs[:, 1])
    order = np.lexsort((pairs[:, 1], -similarity, pairs[:, 0]))
    return Links(pairs[order, 0], pairs[order, 1], similarity[order])
