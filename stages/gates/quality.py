"""What a kept pair says of itself: shares, spans, the gates it passed, and of which texts.

Knows texts; asks no gate.  Invariant: the digest is that of one instruction, answer and source
text together, so that what was measured is not taken for another pair's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stages.gates.measures import Span


@dataclass(frozen=True)
class Quality:
    """What a reader may rely on in a kept pair.

    `grounded` and `verbatim` are shares of the answer's words; `spans` are the stretches of the
    source text that it copies, in characters; `checks` are the gates it passed; `digest` is that
    of the pair and its source as they were judged.
    """

    grounded: float
    verbatim: float
    spans: tuple[Span, ...]
    checks: tuple[str, ...]
    digest: str

    def to_json(self) -> dict[str, Any]:
        """Plain values, shares rounded."""
        return {
            "grounded": round(self.grounded, 3),
            "verbatim": round(self.verbatim, 3),
            "spans": [[span.start, span.end] for span in self.spans],
            "checks": list(self.checks),
            "digest": self.digest,
        }


def digest_of(instruction: str, response: str, source: str) -> str:
    """Of a pair and its source's text: the first half of their SHA-256."""
    parts = (f"{len(part)}:{part}" for part in (instruction, response, source))
    return hashlib.sha256("".join(parts).encode(errors="surrogatepass")).hexdigest()[:32]


def is_as_judged(quality: object, instruction: str, response: str, source: str) -> bool:
    """Whether a pair's quality, which may be anything, is of these texts."""
    digest = quality.get("digest") if isinstance(quality, Mapping) else None
    return bool(digest == digest_of(instruction, response, source))


def passed_checks(quality: object, instruction: str, response: str, source: str) -> frozenset[str]:
    """The gates that a pair passed when it was judged; none if it was changed since."""
    checks = quality.get("checks") if isinstance(quality, Mapping) else None
    if not isinstance(checks, list) or not is_as_judged(quality, instruction, response, source):
        return frozenset()
    return frozenset(one for one in checks if isinstance(one, str))
