"""What the filter keeps of each kind of text, at the bounds in use, with a model and without.

Asks the filter's own functions.  Invariant: no text here was used to fit a weight or a bound.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.decision_material import OTHER, Labelled
from benchmarks.kind_material import is_own, is_own_kind, kind_material
from stages.base import Choice, FilledPrompt, LanguageModel, Question
from stages.data_filter.decided import relevance_of
from stages.data_filter.relevance import SECURITY, RelevanceRules
from stages.recipe.recipe import shipped

if TYPE_CHECKING:
    from workers.generation.decisions.choosing import Chooser

_RULES = RelevanceRules(shipped())
_COUNTS = ("texts", "kept", "in_doubt", "by_words")


@dataclass(frozen=True)
class FilterCounts:
    """Of the texts of a kind: how many there are, stay, stay in doubt, and stay without a model."""

    kind: str
    wanted: bool
    texts: int
    kept: int
    in_doubt: int
    by_words: int

    @property
    def share(self) -> float:
        """Recall for a kind of security text; for any other what is kept by mistake."""
        return self.kept / self.texts


def reported(texts: Sequence[Labelled]) -> list[Labelled]:
    """The texts that nothing was fitted on or chosen by."""
    return [text for text in texts if is_own(text) or not text.for_fitting]


def kept_by_kind(chooser: Chooser, most: int) -> list[FilterCounts]:
    """Ask rules and model about at most so many texts of each kind."""
    from benchmarks.predictions import asked, drawn_of

    texts = drawn_of(reported(kind_material()), most)
    chances, _ = asked(chooser, _RULES.question, texts)
    model = _Asked(
        chooser, {one.text: float(c) for one, c in zip(texts, chances[:, 0], strict=True)}
    )
    found: dict[tuple[bool, str], list[Decided]] = defaultdict(list)
    for text in texts:
        found[text.labels != OTHER, text.source].append(_decided(text, model))
    return [_counted(*kind, each) for kind, each in sorted(found.items(), reverse=True)]


@dataclass(frozen=True)
class _Asked:
    """The model as the filter asks it: texts were read before, passages of long ones are now."""

    chooser: Chooser
    known: dict[str, float]

    async def choose(self, question: Question, text: str) -> Choice:
        if text in self.known:
            return Choice(SECURITY, self.known[text], {SECURITY: self.known[text]})
        return self.chooser.choose(question, [text])[0]

    async def generate(self, prompt: FilledPrompt, schema: Mapping[str, Any] | None = None) -> Any:
        raise NotImplementedError("nothing is generated for relevance")


def _counted(wanted: bool, kind: str, each: Sequence[Decided]) -> FilterCounts:
    kept, by_words = sum(one.kept for one in each), sum(one.by_words for one in each)
    in_doubt = sum(one.kept and one.in_doubt for one in each)
    return FilterCounts(kind, wanted, len(each), kept, in_doubt, by_words)


@dataclass(frozen=True)
class Decided:
    """Whether a text stays, whether it is in doubt, and whether it stays without a model."""

    kept: bool
    in_doubt: bool
    by_words: bool


def _decided(text: Labelled, model: LanguageModel) -> Decided:
    """ATT&CK's and CWE's entries come as such, with their ids; texts of our own are bare."""
    is_entry = text.labels != OTHER and not is_own(text)
    found = asyncio.run(relevance_of(text.text, _RULES, model, is_entry=is_entry))
    by_words = asyncio.run(relevance_of(text.text, _RULES, None, is_entry=is_entry))
    return Decided(found.stays, found.in_doubt, by_words.stays)


def show_kinds(lines: Sequence[FilterCounts]) -> None:
    """Print the table, and both sides in all: own texts apart, which are harder."""
    print(f"\n{'kind':28}{'texts':>7}{'kept':>7}{'share':>8}{'in doubt':>10}{'no model':>10}")
    for line in [*lines, *_sums(lines)]:
        kept = f"{line.kept:7}{line.share:8.3f}{line.in_doubt:10}{line.by_words:10}"
        print(f"{line.kind:28}{line.texts:7}{kept}")


def _sums(lines: Sequence[FilterCounts]) -> list[FilterCounts]:
    sums = []
    for wanted in (True, False):
        for own in (False, True):
            same = [one for one in lines if one.wanted == wanted and is_own_kind(one.kind) == own]
            name = f"all {'security' if wanted else 'off-topic'}, {'own' if own else 'packages'}"
            counts = (sum(getattr(x, n) for x in same) for n in _COUNTS)
            sums += [FilterCounts(name, wanted, *counts)] if same else []
    return sums
