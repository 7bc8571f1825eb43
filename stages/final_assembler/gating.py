"""The gates once more, for pairs that come from anywhere and may have been edited since.

What a pair's own `quality` says of the gates that need its source holds only while the answer
still copies the same stretches of it; then the gates that read the pair alone are asked.
Invariant: a pair that was changed after it was judged is judged anew by every gate.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stages.base import Record, Removed
from stages.final_assembler.pairs import PairFacts
from stages.gates.bounds import Bounds
from stages.gates.gates import GATES, GateInput, Pair
from stages.gates.measures import SourceText, verbatim_spans
from stages.recipe.demanded import demanded_of
from stages.recipe.recipe import shipped
from stages.security_aligner.awareness import AWARENESS

# They need no source; what the question calls its record is not known here, so `echo` is not one.
_OF_THE_PAIR = (
    "instruction", "finished", "template", "refusal", "injection", "new_words", "loops", "language",
)  # fmt: skip


def gate(
    record: Record, pair: PairFacts, bounds: Bounds | None = None, reviewed: bool = True
) -> Removed | None:
    """The first gate that a pair does not pass, as a reason; None if it passes all.

    bounds: the shipped recipe's, if none are given.  reviewed: whether a person may have decided
    about it; else what it says of a review counts for nothing.
    """
    source = SourceText(pair.source_text, f"{pair.source_id} {pair.name}")
    asked = GateInput(_named(pair), source, _demanded(record, pair, bounds), ())
    waived = _waived(record) if reviewed else frozenset()
    for name in _gates_to_ask(record, pair):
        if name not in waived and (failed := GATES[name](asked)):
            reason, figures = failed
            return Removed(reason, gate=name, **figures)
    return None


def _demanded(record: Record, pair: PairFacts, bounds: Bounds | None) -> Bounds:
    """The bounds for a pair of its type, written as it says; by a form only if it was judged."""
    quality = record.get("quality")
    by = quality.get("written_by") if isinstance(quality, dict) and quality.get("checks") else ""
    return demanded_of(shipped(), bounds or shipped().bounds, pair.type, str(by))


def _waived(record: Record) -> frozenset[str]:
    """The gates that a reviewer's edit was known to fail when they kept it all the same."""
    review = record.get("review")
    failed = review.get("failed_gates") if isinstance(review, dict) else None
    listed = failed if isinstance(failed, list) else []
    gates = (one.get("gate") for one in listed if isinstance(one, dict))
    return frozenset(gate for gate in gates if isinstance(gate, str))


def _named(pair: PairFacts) -> Pair:
    """The pair with what its question calls the record: the id with the name, or one of them."""
    both = f"{pair.source_id} ({pair.name})"
    names = (both, pair.name, pair.source_id)
    return Pair(
        pair.instruction,
        pair.response,
        next((name for name in names if name and name in pair.instruction), ""),
    )


def _gates_to_ask(record: Record, pair: PairFacts) -> tuple[str, ...]:
    if pair.type == AWARENESS:
        return ()  # templates' own words, some of which quote what must not be obeyed
    quality = record.get("quality")
    judged = isinstance(quality, dict) and bool(quality.get("checks"))
    if not pair.source_text or (judged and not _is_changed(quality, pair)):
        return _OF_THE_PAIR
    return tuple(GATES)


def _is_changed(quality: Mapping[str, Any] | Any, pair: PairFacts) -> bool:
    spans = [[one.start, one.end] for one in verbatim_spans(pair.response, pair.source_text)]
    return bool(quality.get("spans") != spans)
