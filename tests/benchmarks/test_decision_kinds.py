"""The table of what the filter keeps by kind: its material, its counts, its sums."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from benchmarks import decision_kinds, predictions
from benchmarks.decision_kinds import FilterCounts, kept_by_kind, reported, show_kinds
from benchmarks.decision_material import OTHER, SECURITY, Labelled
from benchmarks.kind_material import is_own, kind_material
from stages.base import Choice


class Chooser:
    """Says the same of every passage of a long text."""

    def __init__(self, chance: float) -> None:
        self.chance = chance

    def choose(self, question: Any, texts: list[str]) -> list[Choice]:
        return [Choice("security", self.chance, {"security": self.chance}) for _ in texts]


def test_every_kind_is_there_and_none_was_fitted_on() -> None:
    texts = reported(kind_material())
    assert all(is_own(text) or not text.for_fitting for text in texts)
    kinds = {text.source for text in texts}
    assert kinds >= {"techniques", "weaknesses", "software", "groups", "campaigns", "mitigations",
                     "analytics", "own: malware", "own: incidents", "own: papers", "packages",
                     "off: operations", "own: long texts", "off: long texts"}  # fmt: skip
    assert not any(re.search(r"\(Citation: [^()]*\)", text.text) for text in texts)


def test_shares_follow_from_the_filters_own_bounds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def sure(chooser: Any, question: Any, texts: Any) -> tuple[Any, float]:
        return np.array([[float("other" not in text.labels)] for text in texts]), 1.0

    monkeypatch.setattr(predictions, "asked", sure)
    found = kept_by_kind(Chooser(0.0), 3)  # type: ignore[arg-type]
    assert all(line.texts <= 3 for line in found)
    assert sum(line.kept for line in found if line.wanted) == sum(
        line.texts for line in found if line.wanted
    )
    assert sum(line.kept for line in found if not line.wanted) == 0
    show_kinds(found)
    assert "all security, packages" in capsys.readouterr().out


def _essay(kind: str) -> Labelled:
    return Labelled("An essay on trains.", kind, "essay", OTHER)


def test_a_share_and_a_text_without_words() -> None:
    assert FilterCounts("x", True, 4, 3, 1, 2).share == 0.75
    model = decision_kinds._Asked(None, {_essay("x").text: 0.5})  # type: ignore[arg-type]
    decided = decision_kinds._decided(_essay("off: x"), model)
    assert decided == decision_kinds.Decided(kept=False, in_doubt=True, by_words=False)


def test_of_a_long_text_the_passages_are_asked_about_as_the_filter_does() -> None:
    """A report that begins with a quay would be counted as lost, which the filter keeps."""

    text = "The ferry was late at the quay. " * 12 + "\n\n" + "An attacker stole passwords. " * 40
    essay = Labelled(text, "own: long texts", "quay", SECURITY)
    model = decision_kinds._Asked(Chooser(0.95), {text: 0.01})  # type: ignore[arg-type]
    assert decision_kinds._decided(essay, model).kept
