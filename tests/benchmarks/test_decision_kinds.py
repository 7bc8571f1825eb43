"""The table of what the filter keeps by kind: its material, its counts, its sums."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from benchmarks import decision_kinds, predictions
from benchmarks.decision_kinds import FilterCounts, kept_by_kind, reported, show_kinds
from benchmarks.decision_material import OTHER, Labelled
from benchmarks.kind_material import is_own, kind_material


def test_every_kind_is_there_and_none_was_fitted_on() -> None:
    texts = reported(kind_material())
    assert all(is_own(text) or not text.for_fitting for text in texts)
    kinds = {text.source for text in texts}
    assert kinds >= {"techniques", "weaknesses", "software", "groups", "campaigns", "mitigations",
                     "analytics", "own: malware", "own: incidents", "own: papers", "packages",
                     "off: operations"}  # fmt: skip
    assert not any(re.search(r"\(Citation: [^()]*\)", text.text) for text in texts)


def test_shares_follow_from_the_filters_own_bounds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def sure(chooser: Any, question: Any, texts: Any) -> tuple[Any, float]:
        return np.array([[float("other" not in text.labels)] for text in texts]), 1.0

    monkeypatch.setattr(predictions, "asked", sure)
    found = kept_by_kind(None, 3)  # type: ignore[arg-type]
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
    decided = decision_kinds._decided(_essay("off: x"), 0.5)
    assert decided == decision_kinds.Decided(kept=False, in_doubt=True, by_words=False)
