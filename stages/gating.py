"""The gates for pairs that come from anywhere and may have been edited since.

A pair of a run is judged by the run's recipe.  What its own `quality` says of the gates that need
its source holds only while instruction, answer and source are those that the run has judged.
What is told by a form may stand in fields that no longer go with the pair, a second rating or a
range, so its `quality` holds of a file, too: the digest tells an edit, and who forges it could
write the source as well.  Invariant: nothing else that a pair of a file, or one that was changed
after it was judged, says of itself spares it a gate; and none spares it those that no reviewer can
waive.
"""

from __future__ import annotations

import re
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
# A score as the structurer's line of facts has it: a form says "base score of" it.
_SCORE = re.compile(r"^Base score: (\d+(?:\.\d+)?)\b", re.MULTILINE)
_CWE = re.compile(r"\bCWE-\d+\b")
_SLOT = re.compile(r"[\[\]]|\{\w+\}")
TEMPLATE, FORM = "template", "form"  # who wrote a pair, in its `quality`


class _Texts:
    """What the gates read of a record that is a pair."""

    def __init__(self, record: Record) -> None:
        source = record.get("source_data")
        about = source if isinstance(source, dict) else {}
        self.instruction, self.response = _text(record, "instruction"), _text(record, "response")
        self.source, self.id, self.name = (_text(about, key) for key in ("text", "id", "name"))
        self.type, self.quality = _text(record, "type"), record.get("quality")
        self.all = (self.instruction, self.response, self.source)

    @property
    def pair(self) -> Pair:
        """With what its question calls the record: the id with the name, or one of them."""
        names = (f"{self.id} ({self.name})", self.name, self.id)
        called = next((name for name in names if name and name in self.instruction), "")
        return Pair(self.instruction, self.response, called)

    def known(self, recipe: Recipe) -> SourceText:
        """The source, and what the pair may say besides: its names, what a question of the recipe
        calls it, the fixed words of forms, and scores and weaknesses in a form's words."""
        asked, forms = (recipe.questions, *recipe.questions_in.values()), recipe.forms
        every = (one for each in asked for kind in each.of_kind.values() for one in kind)
        called = (one.name_in(self.instruction) for one in every if one.type == self.type)
        fixed = (_SLOT.sub("", one) for form in forms.sentences.values() for one in form)
        scores = (f"base score of {one}" for one in _SCORE.findall(self.source))
        weak = (forms.weaknesses.get(one, "") for one in _CWE.findall(self.source))
        named = next(filter(None, called), "")
        return SourceText(
            self.source, " ".join([self.id, self.name, named, *fixed, *scores, *weak])
        )


def gate(
    record: Record,
    recipe: Recipe | None = None,
    reviewed: bool = True,
    here: Recipe | None = None,
) -> Removed | None:
    """The first gate that a pair does not pass, as a reason; None if it passes all.

    recipe: that of the run which has judged the pair; None where none has, as of a file.
    reviewed: whether a person may have decided about it in that run; else what it says of a review
    counts for nothing.  here: what a pair of no run is judged by, instead of the shipped recipe.
    """
    known, texts = recipe or here or shipped(), _Texts(record)
    if texts.type == AWARENESS and is_example(record, known.awareness):
        return None  # templates' own words, some of which quote what must not be obeyed
    written_by = _text(texts.quality, "written_by")
    kept = recipe or written_by == FORM
    passed = passed_checks(texts.quality, *texts.all) if kept else frozenset()
    written_by = written_by if passed else ""
    bounds = demanded_of(known, known.bounds, texts.type, written_by)
    spared = passed - (set(_OF_THE_PAIR) - {"loops"})  # what the source says twice is none
    if recipe and reviewed:
        spared |= _waived(record, texts)
    asked = GateInput(texts.pair, texts.known(known), bounds, ())
    for name in GATES if texts.source else _OF_THE_PAIR:
        if name not in spared and (failed := GATES[name](asked)):
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
