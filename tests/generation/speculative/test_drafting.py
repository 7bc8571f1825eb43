"""Which draft each row gets: the likelier one, no longer than pays, and sometimes none."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.engine_tools import TEXTS, costs, make_requests
from workers.generation.meter import Meter
from workers.generation.model.load import LoadedModel, load
from workers.generation.speculative.draft_model import DraftModel
from workers.generation.speculative.drafting import Drafter, PlannedDraft
from workers.generation.speculative.drafts import MODEL, PROMPT, SUFFIX, Draft
from workers.generation.speculative.rows import SequenceState

METER = Meter(None)
FREE, DEAR = costs, partial(costs, dear=31.0)  # a token more costs nothing, or a pass of its own


@pytest.fixture(scope="module")
def loaded(tiny_model: Path) -> LoadedModel:
    return load(tiny_model)


def rows_of(
    loaded: LoadedModel, texts: Sequence[str] = TEXTS[:1], **settings: Any
) -> list[SequenceState]:
    requests = make_requests(loaded, texts, **settings)
    return [SequenceState(request, loaded.eos_token_ids, draft=True) for request in requests]


def repeating(row: SequenceState, size: int = 3) -> tuple[int, ...]:
    """Let the answer repeat the beginning of its text; what follows there."""
    start = row.request.prompt.shared
    text = row.prompt[start : start + 40]
    row.answer.extend(text[:size])
    row.pending = row.answer[-1:]
    return text[size:]


def test_a_draft_that_costs_nothing_is_taken_and_one_that_costs_a_pass_is_not(
    loaded: LoadedModel,
) -> None:
    for costing, wanted in ((FREE, True), (DEAR, False)):
        [row] = rows_of(loaded)
        follows = repeating(row)
        [plan] = Drafter(costing).plan([row])
        assert plan.draft is not None and plan.draft.source == PROMPT
        assert bool(plan.tokens) is wanted
        assert plan.tokens == follows[: len(plan.tokens)]


def test_no_source_no_draft(loaded: LoadedModel) -> None:
    [row] = rows_of(loaded)
    repeating(row)
    assert Drafter(FREE, sources=()).plan([row]) == [PlannedDraft(row)]


def test_earlier_answers_of_the_stage_are_a_source(loaded: LoadedModel) -> None:
    earlier, row = rows_of(loaded, TEXTS[:2])
    drafter = Drafter(FREE, sources=(SUFFIX,))
    earlier.answer.extend((300, 301, 302, 303, 304))
    drafter.finished(earlier)
    row.answer.extend((300, 301))
    [plan] = drafter.plan([row])
    assert plan.draft is not None and plan.draft.source == SUFFIX
    assert plan.tokens == (302, 303, 304)


def test_what_came_true_is_drafted_longer_and_what_did_not_shorter(loaded: LoadedModel) -> None:
    lengths = []
    for right in (True, False):
        drafter, [row] = Drafter(partial(costs, dear=5.0)), rows_of(loaded)
        follows = repeating(row)
        draft = Draft(PROMPT, 3, follows[:4])
        for _ in range(60):
            new = list(draft.tokens) if right else [511]
            drafter.learn(PlannedDraft(row, draft, draft.tokens), 4 if right else 0, new, METER)
        lengths.append(len(drafter.plan([row])[0].tokens))
    assert lengths[0] > lengths[1] == 0


def test_a_draft_that_was_not_used_is_compared_all_the_same(loaded: LoadedModel) -> None:
    drafter, [row] = Drafter(FREE), rows_of(loaded)
    draft = Draft(PROMPT, 3, (5, 6))
    before = drafter.acceptance.rate("test", draft)
    drafter.learn(PlannedDraft(row, draft), 0, [5], METER)
    assert drafter.acceptance.rate("test", draft) > before


def test_now_and_then_a_pass_has_no_drafts(loaded: LoadedModel) -> None:
    [row] = rows_of(loaded)
    repeating(row)
    for always, bare in ((False, [16, 33]), (True, [])):
        drafter = Drafter(FREE, always=always)
        drafted = [drafter.plan([row])[0].tokens for _ in range(40)]
        assert [number for number, tokens in enumerate(drafted) if not tokens] == bare


def test_passes_with_drafts_that_prove_slow_are_given_up(loaded: LoadedModel) -> None:
    drafter, [row] = Drafter(costs), rows_of(loaded)
    repeating(row)
    plans = drafter.plan([row])
    assert plans[0].tokens
    for _ in range(50):
        drafter.observe(plans, 1 + len(plans[0].tokens), 0.03)
    assert not drafter.plan([row])[0].tokens


def test_a_draft_model_fills_in_where_lookups_find_nothing(loaded: LoadedModel) -> None:
    looked, guessed = rows_of(loaded, TEXTS[:2])
    repeating(looked)
    guessed.answer.append(500)
    drafter = Drafter(FREE, model=DraftModel(loaded), most_by_model=3)
    for _ in range(60):  # lookups are known to be good
        draft = Draft(PROMPT, 3, (1, 2))
        drafter.learn(PlannedDraft(looked, draft, draft.tokens), 2, [1, 2, 3], METER)
    plans = drafter.plan([looked, guessed])
    assert [plan.draft and plan.draft.source for plan in plans] == [PROMPT, MODEL]
    assert len(plans[1].tokens) == 3


def test_only_the_row_that_ends_last_counts_when_no_others_follow(loaded: LoadedModel) -> None:
    short, long = rows_of(loaded, TEXTS[:2])
    for row in (short, long):
        repeating(row)
    short.answer.extend([500] * (short.left - 3))
    repeating(short)
    drafter = Drafter(partial(costs, dear=9.0))
    draft = Draft(PROMPT, 3, (1, 2))
    for _ in range(60):
        drafter.learn(PlannedDraft(long, draft, draft.tokens), 2, [1, 2, 3], METER)
    counts = [len(plan.tokens) for plan in drafter.plan([short, long], others_follow=False)]
    assert counts[1] >= counts[0]


class Reader(DraftModel):
    """A draft model whose prompts take so many seconds to read, and whose drafts take none."""

    def __init__(self, loaded: LoadedModel, seconds: float) -> None:
        super().__init__(loaded)
        self.seconds_of_a_prompt = seconds

    def seconds(self, tokens: int) -> float:
        return 0.0

    def reading(self, row: SequenceState) -> float:
        return 0.0 if id(row) in self._rows else self.seconds_of_a_prompt


@pytest.mark.parametrize(("seconds", "drafted"), [(0.05, True), (1.0, False)])
def test_a_row_is_read_only_where_what_is_left_of_its_answer_pays_for_it(
    loaded: LoadedModel, seconds: float, drafted: bool
) -> None:
    """Passes take 0.01 s and 24 tokens may follow, so that 1 s is more than the whole answer."""
    [row] = rows_of(loaded)
    row.answer.append(500)
    drafter = Drafter(FREE, model=Reader(loaded, seconds), most_by_model=3)
    assert bool(drafter.plan([row])[0].tokens) is drafted


def test_a_row_that_is_read_goes_on_beside_one_that_is_not_worth_it(loaded: LoadedModel) -> None:
    known, new = rows_of(loaded, TEXTS[:2])
    for row in (known, new):
        row.answer.append(500)
    model = Reader(loaded, 0.0)
    drafter = Drafter(FREE, model=model, most_by_model=3)
    assert drafter.plan([known])[0].tokens
    model.seconds_of_a_prompt = 1.0
    assert [bool(plan.tokens) for plan in drafter.plan([known, new])] == [True, False]
