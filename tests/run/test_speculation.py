"""Which draft model a run has, and what a person is told of speculation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from workers import model_store
from workers.core.errors import ModelError
from workers.run import speculation
from workers.run.speculation import draft_model_of, speculation_notice
from workers.settings.config import DEFAULT_MODEL
from workers.settings.values import build_config

SPECULATIVE = {"enable_speculative": True}


def notice(values: dict[str, Any], draft: str | None = None) -> str | None:
    return speculation_notice(build_config(values), draft)


def test_without_the_flag_or_with_a_draft_model_there_is_nothing_to_say() -> None:
    assert notice({}) is None
    assert notice(SPECULATIVE, "small") is None


def test_without_a_draft_model_it_says_what_happens_and_what_to_give() -> None:
    line = notice(SPECULATIVE)
    assert line is not None and "\n" not in line
    for part in ("one worker prefers the stages with long answers", "earlier answers"):
        assert part in line
    assert "--draft-model" in line


def test_a_draft_model_that_is_not_loaded_is_not_asked_for_again() -> None:
    """As where the aligner runs alone and asks no model."""
    line = notice({**SPECULATIVE, "draft_model": "small"})
    assert line == "--draft-model has no effect: this run loads no model"


def test_a_stage_alone_has_no_worker_that_could_prefer() -> None:
    line = notice({**SPECULATIVE, "stages": "data_filter"})
    assert line is not None and "prefers" not in line and "earlier answers" in line


@pytest.mark.parametrize(
    "other", [{"disable_llm": True}, {"no_batching": True}, {"num_draft_tokens": 0}]
)
def test_a_flag_that_leaves_it_without_effect_is_named(other: dict[str, Any]) -> None:
    [name] = other
    line = notice({**SPECULATIVE, **other})
    assert line is not None and "--" + name.replace("_", "-") in line


def test_the_draft_model_that_was_given_is_taken(tiny_model: Path) -> None:
    given = build_config({**SPECULATIVE, "draft_model": str(tiny_model)})
    assert draft_model_of(given, tiny_model) == (str(tiny_model), tiny_model)
    assert draft_model_of(build_config({}), tiny_model) is None
    missing = build_config({**SPECULATIVE, "draft_model": "./none"})
    with pytest.raises(ModelError, match="none"):
        draft_model_of(missing, tiny_model)


def test_nothing_is_fetched_for_a_model_that_is_not_from_the_hub(
    tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As README promises: a folder of one's own, or the default model, names no hub."""
    fetches = []
    monkeypatch.setattr(speculation, "family_draft", lambda t, c, fetch, s: fetches.append(fetch))
    for model in (str(tiny_model), DEFAULT_MODEL, "lab/model"):
        draft_model_of(build_config({**SPECULATIVE, "model": model}), tiny_model)
    assert [fetch is not None for fetch in fetches] == [False, False, True]


def test_weights_are_fetched_only_for_a_tokenizer_that_fits(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = json.loads((tiny_model / "tokenizer.json").read_bytes())
    other["added_tokens"].append({**other["added_tokens"][0], "id": 512, "content": "<|new|>"})
    (tmp_path / "tokenizer.json").write_text(json.dumps(other))
    asked: list[str] = []

    def weights(name: str) -> Path:
        asked.append(name)
        return tmp_path / name

    monkeypatch.setattr(model_store, "resolve", weights)
    monkeypatch.setattr(speculation, "family_draft", lambda t, c, fetch, s: ("x", fetch("lab/x")))
    config = build_config({**SPECULATIVE, "model": "lab/model"})
    monkeypatch.setattr(model_store, "small_files", lambda name: tmp_path)
    with pytest.raises(ModelError, match="lab/x does not fit: their tokenizers differ: .*new"):
        draft_model_of(config, tiny_model)
    assert not asked
    monkeypatch.setattr(model_store, "small_files", lambda name: tiny_model)
    assert draft_model_of(config, tiny_model) == ("x", tmp_path / "lab/x")


def test_one_that_was_given_is_taken_only_where_it_has_an_effect(tiny_model: Path) -> None:
    given = {**SPECULATIVE, "draft_model": str(tiny_model)}
    for other in ({"no_batching": True}, {"num_draft_tokens": 0}):
        assert draft_model_of(build_config({**given, **other}), tiny_model) is None


def test_a_family_is_asked_only_where_drafts_have_an_effect(
    tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = ("of the family", tiny_model)
    monkeypatch.setattr(speculation, "family_draft", lambda *_: chosen)
    assert draft_model_of(build_config(SPECULATIVE), tiny_model) == chosen
    for other in ({"no_batching": True}, {"num_draft_tokens": 0}, {"enable_speculative": False}):
        assert draft_model_of(build_config({**SPECULATIVE, **other}), tiny_model) is None
