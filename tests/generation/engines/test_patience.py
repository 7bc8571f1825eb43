"""A trial has an end, so that a worker is not ended in the middle of it and begins it again."""

from __future__ import annotations

from pathlib import Path

import pytest

from workers.generation.engines import patience
from workers.generation.engines.compatible import why_not_batched, why_not_packed
from workers.generation.engines.patience import Patience, TooSlowError
from workers.generation.model.load import load


def test_it_ends_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    Patience().check()
    monkeypatch.setattr(patience, "PATIENCE_S", -1.0)
    with pytest.raises(TooSlowError, match="passes are so slow here"):
        Patience().check()


def test_both_trials_give_their_verdict_in_time(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CYBERLLM_CACHE_DIR", str(tmp_path))
    loaded = load(tiny_model)
    monkeypatch.setattr(patience, "PATIENCE_S", -1.0)
    for reason in (why_not_packed(loaded), why_not_batched(loaded)):
        assert reason is not None and reason.startswith("passes are so slow here")
