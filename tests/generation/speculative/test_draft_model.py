"""A draft model follows what was decided: catches up, takes back, and forgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import pytest

from tests.engine_tools import CACHES, make_requests, with_cache
from tests.generation.models import convolutions, delta, gemma, recurrent
from tests.tiny_model import Shape, make_tiny_model
from workers.generation.model.footprint import packed_footprint
from workers.generation.model.load import LoadedModel, load
from workers.generation.packed.forward import Forward
from workers.generation.packed.kinds import LayerKind
from workers.generation.packed.rows import RowCache
from workers.generation.speculative import draft_model
from workers.generation.speculative.draft_model import DraftModel
from workers.generation.speculative.rows import SequenceState


@pytest.fixture(scope="module", params=CACHES)
def loaded(tiny_model: Path, request: pytest.FixtureRequest) -> LoadedModel:
    return with_cache(load(tiny_model), request.param)


@pytest.fixture(params=[None, gemma, convolutions, delta, recurrent])
def any_kind(loaded: LoadedModel, request: pytest.FixtureRequest) -> LoadedModel:
    return loaded if request.param is None else replace(loaded, model=request.param())


def rows_of(loaded: LoadedModel, count: int) -> list[SequenceState]:
    requests = make_requests(loaded)[:count]
    return [SequenceState(request, loaded.eos_token_ids, draft=True) for request in requests]


def greedy(loaded: LoadedModel, tokens: Sequence[int], count: int) -> tuple[int, ...]:
    found = list(tokens)
    for _ in range(count):
        logits = np.array(loaded.model(mx.array([found]))[0, -1])
        found.append(int(logits.argmax()))
    return tuple(found[len(tokens) :])


def test_it_drafts_its_own_greedy_continuation(loaded: LoadedModel) -> None:
    draft, rows = DraftModel(loaded), rows_of(loaded, 3)
    for row, tokens in zip(rows, ([7], [8, 9], [10]), strict=True):
        row.answer.extend(tokens)
    wanted = [
        greedy(loaded, [*row.prompt, *row.answer], n)
        for row, n in zip(rows, (4, 2, 3), strict=True)
    ]
    assert draft.propose(list(zip(rows, (4, 2, 3), strict=True))) == wanted


def test_it_reads_long_prompts_in_parts(
    any_kind: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    [row] = rows_of(any_kind, 1)
    row.answer.append(7)
    wanted = DraftModel(any_kind).propose([(row, 4)])
    monkeypatch.setattr(draft_model, "PROMPT_TOKENS", 7)
    passes: list[int] = []
    logits = Forward.logits

    def counted(self: Forward, tokens: Sequence[int], *rest: Any) -> mx.array:
        passes.append(len(tokens))
        return logits(self, tokens, *rest)

    monkeypatch.setattr(Forward, "logits", counted)
    assert DraftModel(any_kind).propose([(row, 4)]) == wanted and max(passes) == 7


def test_it_catches_up_with_what_was_decided_instead(any_kind: LoadedModel) -> None:
    loaded, draft, rows = any_kind, DraftModel(any_kind), rows_of(any_kind, 2)
    for row in rows:
        row.answer.append(7)
    for right, more in ((2, [20, 21]), (0, [22]), (4, [23, 24, 25]), (3, [26])):
        guesses = draft.propose([(row, 4) for row in rows])
        for row, guess in zip(rows, guesses, strict=True):
            assert guess == greedy(loaded, [*row.prompt, *row.answer], 4)
            row.answer.extend([*guess[:right], *more])


def test_it_goes_back_before_what_was_not_decided_after_all(any_kind: LoadedModel) -> None:
    draft, [row] = DraftModel(any_kind), rows_of(any_kind, 1)
    row.answer.append(7)
    assert draft.propose([(row, 3)]) == draft.propose([(row, 3)])


def test_rows_come_and_go(loaded: LoadedModel) -> None:
    draft, rows = DraftModel(loaded), rows_of(loaded, 3)
    for row in rows:
        row.answer.append(7)
    draft.propose([(row, 2) for row in rows])
    draft.forget(rows[1])
    draft.forget(rows[1])
    assert draft.propose([(rows[2], 2)]) == [greedy(loaded, [*rows[2].prompt, 7], 2)]
    draft.forget_all()
    wanted = [greedy(loaded, [*row.prompt, 7], 2) for row in rows]
    assert draft.propose([(row, 2) for row in rows]) == wanted


def test_it_knows_what_a_draft_takes(loaded: LoadedModel) -> None:
    draft, [row] = DraftModel(loaded), rows_of(loaded, 1)
    row.answer.append(7)
    assert draft.seconds(4) == 0 and draft.propose([]) == []
    draft.propose([(row, 2)])
    assert draft.seconds(4) == pytest.approx(4 * draft.seconds(1)) and draft.seconds(1) > 0


def test_it_has_kernels_of_its_own(loaded: LoadedModel, tmp_path: Path) -> None:
    """What was chosen for the target is not used for a draft model of other heads."""
    make_tiny_model(tmp_path, shape=Shape(heads=8, kv_heads=4))
    other = load(tmp_path)
    assert other.kernels is not loaded.kernels

    def never(kinds: Sequence[LayerKind]) -> RowCache:
        raise AssertionError("the target's cache was used for the draft model")

    target = replace(loaded, kernels=replace(loaded.kernels, rows=never))
    [row] = rows_of(target, 1)
    row.answer.append(7)
    assert DraftModel(other).propose([(row, 2)]) == [greedy(other, [*row.prompt, 7], 2)]


def test_prompts_that_are_new_are_read_a_pass_of_them_at_a_time(
    loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that rows which decode go on; one whose turn comes later gets no draft until then."""
    draft, rows = DraftModel(loaded), rows_of(loaded, 3)
    for row in rows:
        row.answer.append(7)
    monkeypatch.setattr(draft_model, "PROMPT_TOKENS", 7)
    wanted = [greedy(loaded, [*row.prompt, 7], 2) for row in rows]
    for known in (1, 2, 3):
        found = draft.propose([(row, 2) for row in rows])
        assert found == [*wanted[:known], *[()] * (3 - known)]


def test_what_reading_a_prompt_takes_is_known_until_it_is_read(loaded: LoadedModel) -> None:
    draft, rows = DraftModel(loaded), rows_of(loaded, 3)
    for row in rows:
        row.answer.append(7)
    draft.propose([(rows[0], 2)])
    assert draft.reading(rows[2]) == 0, "the first time may be slow for reasons of its own"
    draft.propose([(rows[1], 2)])
    assert draft.reading(rows[0]) == draft.reading(rows[1]) == 0 < draft.reading(rows[2])
    draft.forget(rows[1])
    assert draft.reading(rows[1]) > 0


@pytest.mark.parametrize("states", [False, True])
def test_it_holds_what_it_says_that_it_keeps(loaded: LoadedModel, states: bool) -> None:
    if states:
        loaded = replace(loaded, model=recurrent())
    keeps = packed_footprint(loaded.layer_kinds, loaded.kernels)
    loaded = replace(loaded, facts=replace(loaded.facts, keeps=keeps))
    draft, rows = DraftModel(loaded), rows_of(loaded, 3)
    assert draft.held_bytes == 0
    for row in rows:
        row.answer.append(7)
    draft.propose([(row, 4) for row in rows])
    planned = sum(draft.keeps(4).bytes(len(row.prompt) + 4) for row in rows)
    assert draft.held_bytes == pytest.approx(planned, rel=0.01 if states else 0.3)
    draft.forget_all()
    assert draft.held_bytes == 0
