"""The gates for pairs that come from anywhere and may have been edited since.

A pair of a run is judged by the run's recipe.  What its own `quality` says of the gates that need
its source holds only while instruction, answer and source are those that the run has judged.
A pair of a file is asked all of them anew, by its source's text and the fields that went with it.
Invariant: nothing that a pair of a file, or one that was changed after it was judged, says of
itself spares it a gate; and none spares it those that no reviewer can waive.
"""

from __future__ import annotations

import re
from typing import Any

from stages.awareness import AWARENESS, is_example
from stages.base import Record, Removed
from stages.gates.bounds import Bounds
from stages.gates.gates import GATES, NEVER_WAIVED, GateInput, Pair, judge
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
TEMPLATE = "template"  # who wrote a pair, in its `quality`


class _Texts:
    """What the gates read of a record that is a pair."""

    def __init__(self, record: Record) -> None:
        source = record.get("source_data")
        about = source if isinstance(source, dict) else {}
        self.instruction, self.response = _text(record, "instruction"), _text(record, "response")
        self.source, self.id, self.name = (_text(about, key) for key in ("text", "id", "name"))
        self.fields = _text(about, "fields")
        self.type, self.quality = _text(record, "type"), record.get("quality")
        self.all = (self.instruction, self.response, self.source)

    def asked(self, recipe: Recipe, bounds: Bounds) -> GateInput:
        """What gates are asked about: the pair with what its question calls the record, its source,
        and what it may say besides.

        That is its fields, too; for a pair that has none, as of an older file, the fixed words of
        forms, and scores and weaknesses in a form's words.
        """
        called = self._called(recipe)
        told = [self.fields] if self.fields else _in_forms(self.source, recipe)
        known = SourceText(self.source, " ".join([self.id, self.name, called, *told]))
        return GateInput(Pair(self.instruction, self.response, called), known, bounds, ())

    def _called(self, recipe: Recipe) -> str:
        """By its recipe's questions of this type, else by the id and name of its source."""
        asked = (recipe.questions, *recipe.questions_in.values())
        every = (one for each in asked for kind in each.of_kind.values() for one in kind)
        called = (one.name_in(self.instruction) for one in every if one.type == self.type)
        names = (f"{self.id} ({self.name})", self.name, self.id)
        known = (name for name in names if name and name in self.instruction)
        return next(filter(None, (*called, *known)), "")


def _in_forms(source: str, recipe: Recipe) -> list[str]:
    forms = recipe.forms
    fixed = (_SLOT.sub("", one) for form in forms.sentences.values() for one in form)
    scores = (f"base score of {one}" for one in _SCORE.findall(source))
    weak = (forms.weaknesses.get(one, "") for one in _CWE.findall(source))
    return [*fixed, *scores, *weak]


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
    passed = passed_checks(texts.quality, *texts.all)
    written_by = _text(texts.quality, "written_by") if passed else ""
    bounds = demanded_of(known, known.bounds, texts.type, written_by)
    # What the source says twice is no loop.
    spared = passed - (set(_OF_THE_PAIR) - {"loops"}) if recipe else frozenset()
    if recipe and reviewed:
        spared |= _waived(record, texts)
    asked = texts.asked(known, bounds)
    for name in GATES if texts.source else _OF_THE_PAIR:
        if name not in spared and (failed := GATES[name](asked)):
            reason, figures = failed
            return Removed(reason, gate=name, **figures)
    return None


def measured(record: Record, recipe: Recipe) -> Record:
    """What the gates measure of a pair, whatever it says of itself but who wrote it; nothing of one
    without a source."""
    texts = _Texts(record)
    by = {"written_by": name} if (name := _text(texts.quality, "written_by")) else {}
    asked = texts.asked(recipe, recipe.bounds)
    found = judge(asked.pair, asked.source, asked.bounds).quality.to_json()
    return {**by, **found} if texts.source else by


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
    asked = GateInput(Pair(texts.instruction, texts.response), SourceText(""), bounds, ())
    passed = [name for name in GATES if name in _OF_THE_PAIR and GATES[name](asked) is None]
    return {"written_by": TEMPLATE, "checks": passed, "digest": digest_of(*texts.all)}


def _text(holder: Any, name: str) -> str:
    value = holder.get(name) if isinstance(holder, dict) else None
    return value if isinstance(value, str) else ""
