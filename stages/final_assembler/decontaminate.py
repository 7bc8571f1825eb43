"""Pairs that share a run of words with a benchmark, so that no score is learned by heart.

Thirteen words in a row, as GPT-3's authors took them (Brown et al., 2020, appendix C), unless
told otherwise.  Knows words, not files.  Invariant: the benchmarks are kept as sorted hashes, eight
bytes for each run of words.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

RUN = 13
_WORD = re.compile(r"\w+")
_BASE = np.uint64(0x9E3779B97F4A7C15)


class Benchmarks:
    """The runs of words of some texts.

    `texts` counts them, `too_short` those with fewer words than a run, which no pair can share.
    """

    def __init__(self, texts: Iterable[str] = (), run: int = RUN) -> None:
        self.texts = self.too_short = 0
        self._run = run
        hashes = array("Q")
        for text in texts:
            self.texts += 1
            found = self._hashes(_WORD.findall(text.lower()))
            self.too_short += not len(found)
            hashes.frombytes(found.tobytes())
        self._known = np.unique(np.frombuffer(hashes, dtype=np.uint64))

    def shared(self, text: str) -> str:
        """The first run of words that a text shares with a benchmark; empty if there is none."""
        if not len(self._known):
            return ""
        words = _WORD.findall(text.lower())
        hashes = self._hashes(words)
        if not len(hashes):
            return ""
        at = np.minimum(np.searchsorted(self._known, hashes), len(self._known) - 1)
        hits = np.flatnonzero(self._known[at] == hashes)
        return " ".join(words[hits[0] : hits[0] + self._run]) if len(hits) else ""

    def _hashes(self, words: list[str]) -> np.ndarray:
        """One number for each run of words: the same for the same words in this process."""
        count = len(words) - self._run + 1
        if count < 1:
            return np.empty(0, np.uint64)
        each = np.array([hash(word) & 0xFFFFFFFFFFFFFFFF for word in words], dtype=np.uint64)
        total = np.zeros(count, np.uint64)
        for at in range(self._run):
            total = total * _BASE + each[at : at + count]
            total ^= total >> np.uint64(31)
        return total


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a record, however deep: benchmarks name their fields as they like."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
