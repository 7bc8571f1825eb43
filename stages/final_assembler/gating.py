"""The gates once more, for pairs that come from anywhere and may have been edited since.

A pair is judged by the recipe that it was made with.  What its own `quality` says of the gates
that need its source holds only while instruction, answer and source are those that were judged.
Invariant: a pair that was changed after it was judged is judged anew by every gate.
"""

from __future__ import annotations

from stages.base import Record, Removed
from stages.final_assembler.pairs import PairFacts
from stages.gates.gates import GATES, GateInput, Pair
from stages.gates.measures import SourceText
from stages.gates.quality import is_as_judged, passed_checks
from stages.recipe.demanded import demanded_of
from stages.recipe.recipe import Recipe, shipped
from stages.security_aligner.awareness import AWARENESS, is_example

# They need no source; what the question calls its record is not known here, so `echo` is not one.
_OF_THE_PAIR = (
    "instruction", "finished", "template", "refusal", "injection", "new_words", "loops", "language",
)  # fmt: skip
# What they ask is the recipe's to say: its orders and question words, and its questions.
_OF_THE_RECIPE = frozenset({"instruction", "new_words"})


def gate(
    record: Record, pair: PairFacts, recipe: Recipe | None = None, reviewed: bool = True
) -> Removed | None:
    """The first gate that a pair does not pass, as a reason; None if it passes all.

    recipe: what the pair was made with; None where nobody knows, as of a file.  reviewed: whether
    a person may have decided about it; else what it says of a review counts for nothing.
    """
    known = recipe or shipped()
    if pair.type == AWARENESS and is_example(record, known.awareness):
        return None  # templates' own words, some of which quote what must not be obeyed
    source = pair.source_text
    passed = passed_checks(record.get("quality"), pair.instruction, pair.response, source)
    bounds = demanded_of(known, known.bounds, pair.type, pair.written_by if passed else "")
    asked = GateInput(_named(pair), SourceText(source, f"{pair.source_id} {pair.name}"), bounds, ())
    waived = _waived(record, pair) if reviewed else frozenset()
    held = passed - set(_OF_THE_PAIR) | (passed & _OF_THE_RECIPE if recipe is None else frozenset())
    for name in GATES if source else _OF_THE_PAIR:
        if name not in waived | held and (failed := GATES[name](asked)):
            reason, figures = failed
            return Removed(reason, gate=name, **figures)
    return None


def _waived(record: Record, pair: PairFacts) -> frozenset[str]:
    """The gates that a reviewer's edit was known to fail when they kept it all the same; none if
    it was changed since.  Without a source, nothing was measured."""
    texts = (pair.instruction, pair.response, pair.source_text)
    if pair.source_text and not is_as_judged(record.get("quality"), *texts):
        return frozenset()
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
