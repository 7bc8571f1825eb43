"""A text as a digest and a MinHash signature: equal texts share the first, like ones most of
the second.

Signatures are R-MinHash's (Dahlgaard, Knudsen and Thorup, "Fast Similarity Sketching", 2017), of
runs of words, computed by rensa.  Knows nothing of records.  Invariant: the same text has the
same digest and signature in every process and on every machine.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from rensa import RMinHash

PERMUTATIONS = 128  # the estimate of a similarity of 0.85 is off by 0.03, one standard deviation
RUN = 3  # words that make one element of the set
FEWEST = 8  # elements: with fewer, one word more or less decides
_LETTERS = 6  # of a run, in scripts that put no blanks between words
_LONGEST_WORD = 20  # on average; beyond it the text is in such a script
LONGEST = 2**18  # characters of a text that its signature is made of
MOST = 256  # texts that are sketched at once, and
LARGEST = 4 * 2**20  # characters of them, so that memory is bounded
_SEED = 20260131
_WORD = re.compile(r"\w+")
T = TypeVar("T")


@dataclass(frozen=True)
class Sketches:
    """Of some texts, a row each.

    digests: (n,) uint64 of the words; signatures: (n, PERMUTATIONS) uint16; tellable: (n,) bool,
    whether the text is long enough for its signature to tell anything.
    """

    digests: np.ndarray
    signatures: np.ndarray
    tellable: np.ndarray


def sketch(texts: Sequence[str]) -> Sketches:
    """Digest and signature of each text; case, punctuation and blanks do not count."""
    runs = [_runs(_WORD.findall(text[:LONGEST].lower())) for text in texts]
    signatures = np.array(
        RMinHash.digests_from_token_sets([one or [""] for one in runs], PERMUTATIONS, _SEED),
        dtype=np.uint32,
    ).reshape(len(texts), PERMUTATIONS)
    return Sketches(
        np.array([_digest_of_words(text) for text in texts], dtype=np.uint64),
        signatures.astype(np.uint16),  # the lower half tells them apart as well
        np.array([len(set(one)) >= FEWEST for one in runs], dtype=bool),
    )


def blocks(items: Iterable[T], size: Callable[[T], int]) -> Iterator[list[T]]:
    """The items in lists that can be sketched at once; `size`: characters of an item's texts."""
    block: list[T] = []
    total = 0
    for item in items:
        block.append(item)
        total += size(item)
        if len(block) >= MOST or total >= LARGEST:
            yield block
            block, total = [], 0
    if block:
        yield block


def _digest_of_words(text: str) -> int:
    """Of all words of a text, one block of them after the other."""
    hashed = hashlib.blake2b(digest_size=8)
    for at in range(0, len(text), LONGEST):
        # A word that a block's end cuts in two is two words: rare, and the same at every look.
        words = " ".join(_WORD.findall(text[at : at + LONGEST].lower()))
        hashed.update((words + " ").encode(errors="surrogatepass"))
    return int.from_bytes(hashed.digest(), "little") or 1


def digest(text: str) -> int:
    """64 bits that stand for a text; never 0, which stands for none."""
    hashed = hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest()
    return int.from_bytes(hashed, "little") or 1


def _runs(words: Sequence[str]) -> list[str]:
    letters = "".join(words)
    if len(letters) > _LONGEST_WORD * len(words):
        return [letters[at : at + _LETTERS] for at in range(max(1, len(letters) - _LETTERS + 1))]
    return [" ".join(words[at : at + RUN]) for at in range(max(1, len(words) - RUN + 1))]
