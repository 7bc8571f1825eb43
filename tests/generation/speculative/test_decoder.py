"""Exactness: whatever is guessed, batched or reordered, answers are those of plain decoding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import pytest
from mlx_lm.models.cache import make_prompt_cache

from tests.engine_tools import (
    CACHES,
    SCHEMA,
    TEXTS,
    PlainAnswers,
    ScriptedDrafter,
    answers,
    assert_same,
    costs,
    finish,
    make_requests,
    metric_lines,
    plain,
    with_cache,
)
from tests.tiny_model import Shape, make_tiny_model
from workers.generation.engines.compatible import why_not_packed
from workers.generation.meter import Meter
from workers.generation.model.footprint import packed_footprint
from workers.generation.model.load import LoadedModel, load
from workers.generation.model.memory import Footprint
from workers.generation.packed.cache import PackedCache
from workers.generation.packed.plan import PrefilledKV
from workers.generation.packed.rows import CacheSlot, RowCache
from workers.generation.speculative.decoder import SpeculativeDecoder
from workers.generation.speculative.draft_model import DraftModel
from workers.generation.speculative.drafting import Drafter, PlannedDraft
from workers.generation.speculative.drafts import PROMPT, SUFFIX
from workers.generation.speculative.rows import SequenceState
from workers.generation.tokens.sampling import Sampling
from workers.performance_logger import PerformanceLogger

KINDS = {
    "greedy": {},
    "schema": {"schema": SCHEMA, "max_tokens": 60},
    "sampled": {"sampling": Sampling(temp=0.8, top_p=0.9, seed=3)},
    "sampled schema": {"schema": SCHEMA, "max_tokens": 60, "sampling": Sampling(1.0, 1.0, 5)},
}


@pytest.fixture(scope="module", params=CACHES)
def cache(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def loaded(tiny_model: Path, cache: str) -> LoadedModel:
    model = with_cache(load(tiny_model), cache)
    assert why_not_packed(model) is None
    return model


@pytest.fixture(scope="module")
def known() -> PlainAnswers:
    return PlainAnswers()


@pytest.mark.parametrize("kind", KINDS)
def test_batched_equals_one_by_one(loaded: LoadedModel, known: PlainAnswers, kind: str) -> None:
    requests = make_requests(loaded, **KINDS[kind])  # type: ignore[arg-type]
    found = answers(SpeculativeDecoder(loaded), requests)
    assert_same(loaded, requests, found, known.of(kind, loaded, requests))


@pytest.mark.parametrize("length", [0, 1, 2, 3, 5, 8])
@pytest.mark.parametrize("kind", KINDS)
def test_any_draft_of_any_length_changes_nothing(
    loaded: LoadedModel, known: PlainAnswers, kind: str, length: int
) -> None:
    requests = make_requests(loaded, **KINDS[kind])  # type: ignore[arg-type]
    wanted = known.of(kind, loaded, requests)
    script = {r.prompt.tokens: answer for r, answer in zip(requests, wanted, strict=True)}
    drafter = ScriptedDrafter(script, length, wrong=0.3)
    found = answers(SpeculativeDecoder(loaded, drafter), requests)
    assert_same(loaded, requests, found, wanted)
    if length > 1:
        assert len(set(drafter.accepted)) > 1, "rows were to accept different numbers of tokens"


@pytest.mark.parametrize("sources", [(PROMPT,), (SUFFIX,), (PROMPT, SUFFIX)])
def test_ngram_drafts_change_nothing(
    loaded: LoadedModel, known: PlainAnswers, sources: tuple[str, ...]
) -> None:
    requests = make_requests(loaded, [*TEXTS, *TEXTS], max_tokens=60)
    drafter = Drafter(costs, sources, always=True)
    found = answers(SpeculativeDecoder(loaded, drafter), requests)
    assert_same(loaded, requests, found, known.of("long", loaded, requests))
    assert any(tried for _, tried in drafter.acceptance.counts.values()), "nothing was drafted"


def test_order_and_company_of_rows_change_nothing(loaded: LoadedModel) -> None:
    requests = make_requests(loaded, questions=("What is it?", "Who is it?"))
    wanted = plain(loaded, requests)
    engine = SpeculativeDecoder(loaded, Drafter(costs, always=True))
    for chosen in (list(reversed(requests)), requests[3:5], requests):
        expected = [wanted[requests.index(request)] for request in chosen]
        assert_same(loaded, chosen, answers(engine, chosen), expected)


def test_rows_join_while_others_decode(loaded: LoadedModel) -> None:
    requests = make_requests(loaded, [*TEXTS, *TEXTS[::-1]], max_tokens=40)
    engine = SpeculativeDecoder(loaded, Drafter(costs, always=True))
    engine.add(requests[:1])
    early = []
    for request in requests[1:]:
        early += [engine.step() for _ in range(3)]
        engine.add([request])
    known = {id(d.request): d.completion.tokens for done in early for d in done}
    late = [request for request in requests if id(request) not in known]
    known |= dict(zip(map(id, late), finish(engine, late), strict=True))
    found = [known[id(request)] for request in requests]
    assert_same(loaded, requests, found, plain(loaded, requests))


def test_a_draft_model_that_is_the_target_is_always_right(loaded: LoadedModel) -> None:
    requests = make_requests(loaded)
    drafter = Drafter(costs, (), DraftModel(loaded), 4, always=True)
    found = answers(SpeculativeDecoder(loaded, drafter), requests)
    assert_same(loaded, requests, found, plain(loaded, requests))
    [(good, tried)] = drafter.acceptance.counts.values()
    assert good / tried > 0.98


def test_a_draft_model_of_another_mind_changes_nothing(loaded: LoadedModel, tmp_path: Path) -> None:
    make_tiny_model(tmp_path, seed=9)
    other = load(tmp_path)
    assert why_not_packed(other) is None
    requests = make_requests(loaded, max_tokens=40)
    drafter = Drafter(costs, (PROMPT,), DraftModel(other), 4, always=True)
    found = answers(SpeculativeDecoder(loaded, drafter), requests)
    assert_same(loaded, requests, found, plain(loaded, requests))
    assert min(g / t for g, t in drafter.acceptance.counts.values()) < 0.9


def with_known_cache(loaded: LoadedModel) -> tuple[LoadedModel, RowCache]:
    """The model with rows in a cache that the test holds too."""
    cache = loaded.new_cache()
    kernels = replace(loaded.kernels, rows=lambda layers: cache)
    return replace(loaded, kernels=kernels), cache


def test_the_cache_holds_what_a_fresh_prefill_gives(loaded: LoadedModel, cache: str) -> None:
    requests = make_requests(loaded, max_tokens=40)
    wanted = plain(loaded, requests)
    known = {r.prompt.tokens: answer for r, answer in zip(requests, wanted, strict=True)}
    drafter = ScriptedDrafter(known, 4, wrong=0.5)
    model, held = with_known_cache(loaded)
    assert isinstance(held, PackedCache) == (cache == "packed")
    engine = SpeculativeDecoder(model, drafter)
    engine.add(requests)
    rounds = 0
    while engine.active:
        engine.step()
        for row in drafter.rows:
            if row.finish is None:
                assert row.slot is not None
                tokens = [*row.prompt, *row.answer][: row.slot.length]
                assert len(tokens) + len(row.pending) == len(row.prompt) + len(row.answer)
                _assert_same_cache(loaded, held, row.slot, tokens)
        rounds += 1
    assert rounds > 5


def _assert_same_cache(
    loaded: LoadedModel, cache: RowCache, slot: CacheSlot, tokens: Sequence[int]
) -> None:
    fresh = make_prompt_cache(loaded.model)
    loaded.model(mx.array(list(tokens))[None], cache=fresh)
    for ours, theirs in zip(cache.row(slot).layers, fresh, strict=True):
        assert ours is not None
        for a, b in zip(ours, theirs.keys_and_values(), strict=True):
            np.testing.assert_allclose(np.array(a), np.array(b), rtol=1e-3, atol=1e-4)


def test_rows_for_which_there_is_no_memory_are_given_back(
    loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests = make_requests(loaded)
    model, cache = with_known_cache(loaded)
    engine = SpeculativeDecoder(model)
    engine.add(requests)
    whole = cache.insert
    inserted: list[PrefilledKV] = []

    def insert(kv: PrefilledKV) -> CacheSlot:
        if inserted:
            raise MemoryError("no memory")
        inserted.append(kv)
        return whole(kv)

    monkeypatch.setattr(cache, "insert", insert)
    with pytest.raises(MemoryError):
        for _ in range(50):
            assert not engine.step()
    back = engine.drop_all()
    assert sorted(map(id, back)) == sorted(map(id, requests))
    found = answers(SpeculativeDecoder(loaded), requests)
    assert_same(loaded, requests, found, plain(loaded, requests))


def test_dropped_rows_may_start_again_in_the_same_engine(loaded: LoadedModel) -> None:
    requests = make_requests(loaded)
    engine = SpeculativeDecoder(loaded, Drafter(costs, always=True))
    engine.add(requests)
    for _ in range(4):
        engine.step()
    assert sorted(map(id, engine.drop_all())) == sorted(map(id, requests))
    assert engine.active == 0 == engine.held_bytes
    assert_same(loaded, requests, answers(engine, requests), plain(loaded, requests))


def test_rows_hold_what_is_planned_for_them(loaded: LoadedModel) -> None:
    keeps = packed_footprint(loaded.layer_kinds, loaded.kernels)
    loaded = replace(loaded, facts=replace(loaded.facts, keeps=keeps))
    requests = make_requests(loaded)
    engine = SpeculativeDecoder(loaded)
    engine.add(requests)
    assert engine.held_tokens == []
    for _ in range(12):
        engine.step()
    assert len(engine.held_tokens) == engine.active > 2
    planned = sum(map(engine.keeps.bytes, engine.held_tokens))
    assert engine.held_bytes == pytest.approx(planned, rel=0.25)


def test_a_draft_models_rows_are_planned_for_and_counted(loaded: LoadedModel) -> None:
    """Its own draft model: twice as much."""
    keeps = packed_footprint(loaded.layer_kinds, loaded.kernels)
    loaded = replace(loaded, facts=replace(loaded.facts, keeps=keeps))
    alone, requests = SpeculativeDecoder(loaded), make_requests(loaded)
    drafter = Drafter(costs, (), DraftModel(loaded), 4, always=True)
    engine = SpeculativeDecoder(loaded, drafter)
    assert engine.keeps.bytes(100) == 2 * alone.keeps.bytes(100)
    engine.add(requests)
    for _ in range(4):
        engine.step()
    planned = sum(map(engine.keeps.bytes, engine.held_tokens))
    assert engine.held_bytes == pytest.approx(planned, rel=0.25)


def test_the_plan_is_told_whether_other_rows_follow(loaded: LoadedModel) -> None:
    told: list[bool] = []

    class Listening(Drafter):
        def plan(
            self, rows: Sequence[SequenceState], others_follow: bool = True
        ) -> list[PlannedDraft]:
            told.append(others_follow)
            return super().plan(rows, others_follow)

    for follow in (True, False):
        told.clear()
        engine = SpeculativeDecoder(loaded, Listening(costs))
        engine.add(make_requests(loaded))
        while engine.active:
            engine.step(others_follow=follow)
        assert told[-1] is follow


def test_rows_given_back_can_start_again(loaded: LoadedModel) -> None:
    requests = make_requests(loaded)
    engine = SpeculativeDecoder(loaded, Drafter(costs, always=True))
    engine.add(requests)
    for _ in range(6):
        engine.step()
    back = engine.give_back(2)
    assert back == requests[-2:] or len(back) == 2
    rest = [request for request in requests if request not in back]
    wanted = plain(loaded, requests)
    assert_same(loaded, rest, finish(engine, rest), [wanted[requests.index(r)] for r in rest])
    dropped = answers(engine, back)
    assert_same(loaded, back, dropped, [wanted[requests.index(r)] for r in back])


def test_questions_about_one_text_share_its_prefill(loaded: LoadedModel, tmp_path: Path) -> None:
    text = TEXTS[1]
    requests = make_requests(loaded, [text], questions=("What?", "Who is it?", "When was it?"))
    common = requests[0].prompt.common
    assert common > requests[0].prompt.shared > 0
    logger = PerformanceLogger(tmp_path, "test")
    meter = Meter(logger)
    engine = SpeculativeDecoder(loaded, meter=meter)
    answers(engine, make_requests(loaded, [TEXTS[0]]))  # then what all prompts share is kept
    found = answers(engine, requests)
    meter.flush()
    logger.close()
    reused = [line.get("prefix_tokens", 0) for line in metric_lines(tmp_path, "batch")]
    first = requests[0].prompt.shared
    assert sum(reused) == first + 2 * common, "the second and third start from the first's"
    assert_same(loaded, requests, found, plain(loaded, requests))


def test_no_row_waits_for_a_beginning_too_short_to_be_kept(loaded: LoadedModel) -> None:
    requests = make_requests(loaded)[:3]
    for request in requests:
        request.prompt = replace(request.prompt, shared=5, common=0)
    engine = SpeculativeDecoder(loaded)
    engine.add(requests)
    engine.step()
    assert len(engine.held_tokens) == 3


@pytest.mark.parametrize("bits", [4, 8])
def test_quantized_keys_and_values_in_batches(tmp_path: Path, bits: int) -> None:
    make_tiny_model(
        tmp_path, shape=Shape(heads=1, kv_heads=1)
    )  # 64 numbers in a key make one group
    loaded = load(tmp_path)
    assert why_not_packed(loaded) is None
    requests = make_requests(loaded)
    engine = SpeculativeDecoder(loaded, Drafter(costs, always=True), kv_bits=bits)
    alone = [answers(SpeculativeDecoder(loaded, kv_bits=bits), [r])[0] for r in requests]
    assert_same(loaded, requests, answers(engine, requests), alone)


@pytest.mark.parametrize("length", [1, 3, 8])
def test_the_end_of_text_inside_a_draft_ends_the_answer(tiny_model: Path, length: int) -> None:
    loaded = load(tiny_model)
    requests = make_requests(loaded)
    longer = plain(loaded, requests)
    known = {r.prompt.tokens: answer for r, answer in zip(requests, longer, strict=True)}
    ends = {answer[6] for answer in longer}
    for token in ends:
        loaded.tokenizer.add_eos_token(str(token))
    wanted = plain(loaded, requests)
    assert any(0 < len(answer) < 24 for answer in wanted), "some answer has to end early"
    for drafter in (None, ScriptedDrafter(known, length, wrong=0.0)):
        found = answers(SpeculativeDecoder(loaded, drafter), requests)
        assert_same(loaded, requests, found, wanted)


class Heads:
    """Stands for a head that comes with the model: it guesses from the target's own states."""

    wants_states = True
    held_bytes = 0

    def __init__(self, loaded: LoadedModel) -> None:
        self._model: Any = loaded.model
        self.off: list[float] = []

    def propose(self, wanted: Sequence[tuple[SequenceState, int]]) -> list[tuple[int, ...]]:
        guesses = []
        for row, most in wanted:
            seen = [*row.prompt, *row.answer][: -len(row.pending)]
            logits = self._model(mx.array([seen]))[0, -1]
            assert row.state is not None
            given = self._model.model.embed_tokens.as_linear(row.state)
            off: Any = mx.abs(given - logits).max().item()
            self.off.append(off)
            guess: Any = mx.argmax(self._model(mx.array([[*seen, *row.pending]]))[0, -1]).item()
            guesses.append((guess, *[guess ^ 1] * (most - 1)))  # right, then wrong
        return guesses

    def seconds(self, tokens: int) -> float:
        return 0.0

    def reading(self, row: SequenceState) -> float:
        return 0.0

    def keeps(self, tokens: int) -> Footprint:
        return Footprint(0)

    def forget(self, row: SequenceState) -> None:
        """It keeps nothing."""

    def forget_all(self) -> None:
        """It keeps nothing."""


@pytest.mark.parametrize("kind", ["greedy", "schema"])
def test_a_head_is_handed_the_states_behind_each_rows_last_token(
    loaded: LoadedModel, kind: str
) -> None:
    """Of what was accepted, not of what was guessed; else such a head could only guess wrong."""
    heads, requests = Heads(loaded), make_requests(loaded, TEXTS[:3], **KINDS[kind])  # type: ignore[arg-type]
    drafter = Drafter(costs, sources=(), model=heads, most_by_model=3, always=True)
    found = answers(SpeculativeDecoder(loaded, drafter), requests)
    assert_same(loaded, requests, found, plain(loaded, requests))
    assert len(heads.off) > 10 and max(heads.off) < 1e-2


def test_places_are_those_of_the_longest_draft(loaded: LoadedModel) -> None:
    """Memory of a pass is planned by it: logits of nine places were planned as five."""
    longer = Drafter(costs, model=Heads(loaded), most_by_model=15)
    found = [SpeculativeDecoder(loaded, one).places for one in (None, Drafter(costs), longer)]
    assert found == [1, 9, 16]
    kept = replace(loaded.facts, keeps=Footprint(0, per_row=100), activation_bytes_per_token=7)
    logits = 4 * kept.vocab_size
    assert kept.cost(1).working == 7 + logits + 100  # the states before a pass, and after it
    assert kept.cost(9).working == 9 * (7 + logits) + 200  # and those of what was not taken back
