"""The gates for pairs that come from anywhere and may have been edited since.

A pair is judged by the recipe that it was made with.  What its own `quality` says of the gates
that need its source holds only while instruction, answer and source are those that were judged.
Invariant: a pair that was changed after it was judged is judged anew by every gate, and nothing
that it says spares it those that no reviewer can waive.
"""

from __future__ import annotations

from typing import Any

from stages.awareness import AWARENESS, is_example
from stages.base import Record, Removed
from stages.gates.bounds import Bounds
from stages.gates.gates import GATES, NEVER_WAIVED, GateInput, Pair
from stages.gates.measures import SourceText
from stages.gates.quality import digest_of, is_as_judged, passed_checks
from stages.recipe.demanded import demanded_of
from stages.recipe.recipe import Recipe, shipped

# They need no source; what the question calls its record is not known here, so `echo` is not one.
_OF_THE_PAIR = (
    "instruction", "finished", "template", "refusal", "injection", "new_words", "loops", "language",
)  # fmt: skip
# What they ask is the recipe's to say: its orders and question words, and its questions.
_OF_THE_RECIPE = frozenset({"instruction", "new_words"})
TEMPLATE = "template"  # who wrote an example, in its `quality`


class _Texts:
    """What the gates read of a record that is a pair."""

    def __init__(self, record: Record) -> None:
        source = record.get("source_data")
        about = source if isinstance(source, dict) else {}
        self.instruction, self.response = _text(record, "instruction"), _text(record, "response")
        self.source, self.id, self.name = (_text(about, key) for key in ("text", "id", "name"))
        self.quality = record.get("quality")
        self.all = (self.instruction, self.response, self.source)

    @property
    def pair(self) -> Pair:
        """With what its question calls the record: the id with the name, or one of them."""
        names = (f"{self.id} ({self.name})", self.name, self.id)
        called = next((name for name in names if name and name in self.instruction), "")
        return Pair(self.instruction, self.response, called)


def gate(
    record: Record,
    recipe: Recipe | None = None,
    reviewed: bool = True,
    here: Recipe | None = None,
) -> Removed | None:
    """The first gate that a pair does not pass, as a reason; None if it passes all.

    recipe: what the pair was made with; None where nobody knows, as of a file.  reviewed: whether
    a person may have decided about it; else what it says of a review counts for nothing.  here:
    what it is judged by where nobody knows its recipe, instead of the shipped one.
    """
    known, texts = recipe or here or shipped(), _Texts(record)
    kind = _text(record, "type")
    if kind == AWARENESS and is_example(record, known.awareness):
        return None  # templates' own words, some of which quote what must not be obeyed
    passed = passed_checks(texts.quality, *texts.all)
    written_by = _text(texts.quality, "written_by") if passed else ""
    bounds = demanded_of(known, known.bounds, kind, written_by)
    waived = _waived(record, texts) if reviewed else frozenset()
    held = passed - set(_OF_THE_PAIR) | (passed & _OF_THE_RECIPE if recipe is None else frozenset())
    allowed = SourceText(texts.source, f"{texts.id} {texts.name}")
    asked = GateInput(texts.pair, allowed, bounds, ())
    for name in GATES if texts.source else _OF_THE_PAIR:
        if name not in waived | held and (failed := GATES[name](asked)):
            reason, figures = failed
            return Removed(reason, gate=name, **figures)
    return None


def _waived(record: Record, texts: _Texts) -> frozenset[str]:
    """The gates that a reviewer's edit was known to fail when they kept it all the same; none if
    it was changed since, or has no source by which that could be told."""
    if not texts.source or not is_as_judged(texts.quality, *texts.all):
        return frozenset()
    review = record.get("review")
    failed = review.get("failed_gates") if isinstance(review, dict) else None
    listed = failed if isinstance(failed, list) else []
    gates = (one.get("gate") for one in listed if isinstance(one, dict))
    return frozenset(gate for gate in gates if isinstance(gate, str)) - NEVER_WAIVED


def quality_of_example(record: Record, bounds: Bounds) -> Record:
    """The `quality` of a template's example: it has no source, and so no shares of one."""
    texts = _Texts(record)
    asked = GateInput(texts.pair, SourceText(""), bounds, ())
    passed = [name for name in GATES if name in _OF_THE_PAIR and GATES[name](asked) is None]
    return {"written_by": TEMPLATE, "checks": passed, "digest": digest_of(*texts.all)}


def _text(holder: Any, name: str) -> str:
    value = holder.get(name) if isinstance(holder, dict) else None
    return value if isinstance(value, str) else ""
