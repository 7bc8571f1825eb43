"""A text as a digest and a MinHash signature: equal texts share the first, like ones most of
the second.

Signatures are R-MinHash's (Dahlgaard, Knudsen and Thorup, "Fast Similarity Sketching", 2017), of
runs of words, computed by rensa.  Knows nothing of records.  Invariant: the same text has the
same digest and signature in every process and on every machine.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rensa import RMinHash

PERMUTATIONS = 128  # the estimate of a similarity of 0.85 is off by 0.03, one standard deviation
RUN = 3  # words that make one element of the set
FEWEST = 8  # elements: with fewer, one word more or less decides
_LETTERS = 6  # of a run, in scripts that put no blanks between words
_LONGEST_WORD = 20  # on average; beyond it the text is in such a script
_SEED = 20260131
_WORD = re.compile(r"\w+")


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
    words = [_WORD.findall(text.lower()) for text in texts]
    runs = [_runs(one) for one in words]
    signatures = np.array(
        RMinHash.digests_from_token_sets([one or [""] for one in runs], PERMUTATIONS, _SEED),
        dtype=np.uint32,
    ).reshape(len(texts), PERMUTATIONS)
    return Sketches(
        np.array([digest(" ".join(one)) for one in words], dtype=np.uint64),
        signatures.astype(np.uint16),  # the lower half tells them apart as well
        np.array([len(set(one)) >= FEWEST for one in runs], dtype=bool),
    )


def digest(text: str) -> int:
    """64 bits that stand for a text; never 0, which stands for none."""
    hashed = hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest()
    return int.from_bytes(hashed, "little") or 1


def _runs(words: Sequence[str]) -> list[str]:
    letters = "".join(words)
    if len(letters) > _LONGEST_WORD * len(words):
        return [letters[at : at + _LETTERS] for at in range(max(1, len(letters) - _LETTERS + 1))]
    return [" ".join(words[at : at + RUN]) for at in range(max(1, len(words) - RUN + 1))]
