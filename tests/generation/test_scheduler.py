"""Rows admitted while memory has room, given back when it runs short, and none lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import mlx.core as mx
import pytest

from stages.base import RecordError
from tests.engine_tools import TEXTS, Watched, assert_same, make_requests, metric_lines, plain
from workers.generation import scheduler
from workers.generation.decisions.choosing import Chooser
from workers.generation.embeddings.embedder import Embedder
from workers.generation.engines.engine import Engine
from workers.generation.engines.mlx_lm_engines import BatchEngine, OneByOneEngine
from workers.generation.engines.select import select_engine
from workers.generation.meter import Meter
from workers.generation.model.load import LoadedModel, load
from workers.generation.model.memory import MemoryBudget, RowCost
from workers.generation.requests import ChooseRequest, GenerateRequest
from workers.generation.scheduler import Scheduler
from workers.generation.settings import GenerationSettings
from workers.generation.tokens.prompts import PromptEncoder
from workers.performance_logger import PerformanceLogger

PLENTY, GIB = 1 << 50, 1 << 30


@pytest.fixture(scope="module")
def loaded(tiny_model: Path) -> LoadedModel:
    return load(tiny_model)


@pytest.fixture
def logger(tmp_path: Path) -> Iterator[PerformanceLogger]:
    found = PerformanceLogger(tmp_path / "logs", "test")
    yield found
    found.close()


@dataclass
class Desk:
    """A scheduler on a real engine; `rows` are those side by side before each step."""

    loaded: LoadedModel
    logger: PerformanceLogger | None = None
    free: Callable[[int], int] = lambda step: PLENTY
    before: Callable[[Engine], None] = lambda engine: None
    batch_size: int = 8
    engine: Engine | None = None  # instead of the one that is selected
    rows: list[int] = field(default_factory=list)
    follow: list[bool] = field(default_factory=list)

    def __post_init__(self) -> None:
        settings = GenerationSettings(
            batch_size=self.batch_size, speculate=False, memory_check_seconds=0.0
        )
        meter = Meter(self.logger)
        facts = self.loaded.facts
        cost = RowCost(facts.keeps, facts.activation_bytes_per_token)
        budget = MemoryBudget(cost, self.batch_size, read=lambda: self.free(len(self.rows)))
        encoder = PromptEncoder(self.loaded.tokenizer)
        chooser = Chooser(self.loaded, encoder, Path("/nowhere"))
        chosen = self.engine or select_engine(self.loaded, settings, meter)
        engine = Watched(chosen, self._step)
        embedder = Embedder(self.loaded, encoder)
        self.scheduler = Scheduler(engine, chooser, embedder, budget, settings, meter, self._others)

    def _others(self) -> bool:
        self.follow.append(False)
        return False

    def _step(self, engine: Engine) -> None:
        self.rows.append(engine.active)
        self.before(engine)

    def answers(self, requests: list[GenerateRequest]) -> list[Any]:
        for request in requests:
            self.scheduler.put(request)
        while self.scheduler.open_requests:
            self.scheduler.turn()
        return [request.future.exception() or request.future.result() for request in requests]

    def limits(self) -> list[dict[str, Any]]:
        assert self.logger is not None
        self.logger.flush()
        return metric_lines(self.logger.lines_path.parent, "batch_size")


def tokens(found: list[Any]) -> list[tuple[int, ...]]:
    return [completion.tokens for completion in found]


def no_memory(times: int, at_least: int = 0) -> Callable[[Engine], None]:
    """Fails as MLX does when it gets no memory, the next times with that many rows."""
    left = [times]

    def before(engine: Engine) -> None:
        if left[0] and engine.active >= at_least:
            left[0] -= 1
            raise RuntimeError("[malloc] Unable to allocate 1073741824 bytes.")

    return before


def test_rows_are_refilled_up_to_the_ceiling(loaded: LoadedModel) -> None:
    desk, requests = Desk(loaded, batch_size=3), make_requests(loaded)
    found = desk.answers(requests)
    assert max(desk.rows) == 3 and desk.scheduler.rows == 0
    assert_same(loaded, requests, tokens(found), plain(loaded, requests))


def test_memory_decides_below_the_ceiling(loaded: LoadedModel) -> None:
    requests = make_requests(loaded)
    longest = max(requests, key=lambda request: request.longest)
    facts = loaded.facts
    row = facts.keeps.bytes(longest.longest) + facts.activation_bytes_per_token
    reading = facts.activation_bytes_per_token * len(longest.prompt.tokens)
    desk = Desk(loaded, free=lambda step: int((2.5 * row + 3 * reading + GIB) / 0.8))
    found = desk.answers(requests)
    assert 2 <= max(desk.rows) < len(requests)
    assert_same(loaded, requests, tokens(found), plain(loaded, requests))


def test_a_failed_allocation_halves_the_batch_and_loses_nothing(
    loaded: LoadedModel, logger: PerformanceLogger
) -> None:
    desk, requests = Desk(loaded, logger, before=no_memory(2, at_least=2)), make_requests(loaded)
    found = desk.answers(requests)
    assert_same(loaded, requests, tokens(found), plain(loaded, requests))
    assert desk.scheduler.batch_limit == 1
    assert [line["limit"] for line in desk.limits()] == [2, 1]
    assert all("Unable to allocate" in line["reason"] for line in desk.limits())


@pytest.mark.parametrize("batching", ["packed", "mlx-lm", "one by one"])
def test_what_nobody_waits_for_any_more_is_not_generated(
    loaded: LoadedModel, batching: str
) -> None:
    engines: dict[str, Engine] = {
        "mlx-lm": BatchEngine(loaded, 4),
        "one by one": OneByOneEngine(loaded),
    }
    desk = Desk(loaded, batch_size=4, engine=engines.get(batching))
    requests = make_requests(loaded)
    kept, given_up = requests[::2], requests[1::2]

    def give_up(engine: Engine) -> None:
        for request in given_up if len(desk.rows) == 3 else ():
            request.future.cancel()

    desk.before = give_up
    for request in requests:
        desk.scheduler.put(request)
    while desk.scheduler.open_requests:
        desk.scheduler.turn()
    found = [request.future.result().tokens for request in kept]
    assert_same(loaded, kept, found, plain(loaded, kept))
    assert all(request.future.cancelled() for request in given_up)


def test_one_row_that_never_fits_is_that_records_error(loaded: LoadedModel) -> None:
    desk = Desk(loaded, before=no_memory(100))
    [found] = desk.answers(make_requests(loaded, TEXTS[:1]))
    assert isinstance(found, RecordError) and "not enough memory for one sequence" in str(found)


def test_other_errors_are_not_taken_for_want_of_memory(loaded: LoadedModel) -> None:
    def before(engine: Engine) -> None:
        raise RuntimeError("a shape is wrong")

    desk, requests = Desk(loaded, before=before), make_requests(loaded)
    with pytest.raises(RuntimeError, match="a shape is wrong"):
        desk.answers(requests)
    left = desk.scheduler.clear()
    assert sorted(map(id, left)) == sorted(map(id, requests))
    assert desk.scheduler.open_requests == 0


def test_short_memory_makes_the_batch_smaller_and_then_it_recovers(
    loaded: LoadedModel, logger: PerformanceLogger
) -> None:
    """Memory readings are the only thing that is made up here."""
    desk = Desk(loaded, logger, free=lambda step: 100 << 20 if 3 <= step < 6 else 64 * GIB)
    requests = make_requests(loaded)
    found = desk.answers(requests)
    assert desk.rows[2] == 5 and min(desk.rows[3:6]) < 5
    assert max(desk.rows[6:]) > min(desk.rows[3:6])
    assert "memory runs short" in {line["reason"] for line in desk.limits()}
    assert_same(loaded, requests, tokens(found), plain(loaded, requests))


def test_choices_are_answered_together_and_halved_without_memory(
    loaded: LoadedModel, logger: PerformanceLogger, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def choose(self: Chooser, question: Any, texts: list[str]) -> list[str]:
        asked.append(len(texts))
        if len(texts) > 2:
            raise MemoryError
        return texts

    monkeypatch.setattr(Chooser, "choose", choose)
    desk, loop = Desk(loaded, logger), asyncio.new_event_loop()
    question: Any = object()
    waiting = [ChooseRequest(question, t, 1, "test", loop.create_future()) for t in TEXTS]
    for request in waiting:
        desk.scheduler.put(request)
    while desk.scheduler.open_requests:
        desk.scheduler.turn()
    assert asked == [5, 2, 2, 1]
    found: list[Any] = [request.future.result() for request in waiting]
    assert found == list(TEXTS)
    loop.close()


def test_a_choice_without_memory_has_rows_step_back_and_else_fails_alone(
    loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, loop = Desk(loaded), asyncio.new_event_loop()
    beside: list[int] = []

    def choose(self: Chooser, question: Any, texts: list[str]) -> list[str]:
        beside.append(desk.scheduler.rows)
        raise RuntimeError("[metal::malloc] Unable to allocate")

    monkeypatch.setattr(Chooser, "choose", choose)
    rows = make_requests(loaded)
    for row in rows:
        desk.scheduler.put(row)
    desk.scheduler.turn()
    question: Any = object()
    choice = ChooseRequest(question, "x", 1, "test", loop.create_future())
    desk.scheduler.put(choice)
    while desk.scheduler.open_requests:
        desk.scheduler.turn()
    assert beside[0] == len(rows) and beside[-1] == 0
    with pytest.raises(RecordError, match="not enough memory for one text"):
        choice.future.result()
    assert all(row.future.result() for row in rows)
    loop.close()


def test_the_engine_is_told_whether_others_follow(loaded: LoadedModel) -> None:
    desk = Desk(loaded, batch_size=2)
    desk.answers(make_requests(loaded, TEXTS[:3]))
    assert desk.follow, "asked outside once nothing waits"
    assert len(desk.follow) < len(desk.rows), "while something waits, others do follow"


def test_a_request_that_was_cancelled_does_not_hold_others_up(loaded: LoadedModel) -> None:
    desk, requests = Desk(loaded), make_requests(loaded)
    requests[0].future.cancel()
    for request in requests:
        desk.scheduler.put(request)
    while desk.scheduler.open_requests:
        desk.scheduler.turn()
    assert all(request.future.done() for request in requests)


def room_for(loaded: LoadedModel, rows: int, requests: Sequence[GenerateRequest]) -> int:
    """Free bytes that so many rows like the longest of these fit into, and no more."""
    facts = loaded.facts
    row = facts.keeps.bytes(max(request.planned() for request in requests))
    reading = rows * max(len(request.prompt.tokens) for request in requests)
    working = facts.activation_bytes_per_token
    return int(((rows + 0.5) * (row + working) + reading * working + GIB) / 0.8)


def test_a_bound_that_nobody_asked_for_does_not_hold_others_up(loaded: LoadedModel) -> None:
    """Not even where memory has no room for one such answer."""
    requests = make_requests(loaded, max_tokens=1800)
    for request in requests:
        request.expected = 8
    free = room_for(loaded, len(requests), requests)
    desk = Desk(loaded, free=lambda step: free)
    for request in requests:
        desk.scheduler.put(request)
    desk.scheduler.turn()
    assert desk.scheduler.rows == len(requests)
    assert len(desk.scheduler.clear()) == len(requests)


def test_answers_that_outgrow_their_plan_are_those_of_the_model_and_none_is_lost(
    loaded: LoadedModel, logger: PerformanceLogger
) -> None:
    desk = Desk(loaded, logger, free=lambda step: 100 << 20 if 6 <= step < 9 else 64 * GIB)
    requests = make_requests(loaded)
    for request in requests:
        request.expected = 2
    found = desk.answers(requests)
    assert "memory runs short" in {line["reason"] for line in desk.limits()}
    assert max(request.expected or 0 for request in requests) >= 4, "known to be longer"
    assert_same(loaded, requests, tokens(found), plain(loaded, requests))


def test_rows_step_back_once_answers_outgrow_what_memory_has_room_for(
    loaded: LoadedModel, logger: PerformanceLogger
) -> None:
    """Before it runs short: from the fourth step on there is nothing but what they hold."""
    requests = make_requests(loaded)
    for request in requests:
        request.expected = 8
    desk = Desk(loaded, logger, free=lambda step: PLENTY if step < 4 else int(GIB / 0.8))
    found = desk.answers(requests)
    assert max(desk.rows) == len(requests)
    assert {line["reason"] for line in desk.limits()} == {"answers are longer than expected"}
    assert_same(loaded, requests, tokens(found), plain(loaded, requests))


def test_the_shortest_by_plan_come_first(loaded: LoadedModel) -> None:
    """So that what does not fit beside others keeps nobody out who does."""
    short, *others = make_requests(loaded, TEXTS[:3])
    short.max_tokens = 1800
    free = room_for(loaded, 2, others)
    desk = Desk(loaded, free=lambda step: free)
    for request in (short, *others):
        desk.scheduler.put(request)
    desk.scheduler.turn()
    assert desk.scheduler.rows == 2
    assert {id(r) for r in desk.scheduler.clear()} == {id(r) for r in (short, *others)}


def test_freed_buffers_are_given_back_now_and_then_and_when_memory_is_short(
    loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind a prompt, every eighth turn, and in the sixth, when there is one row only."""
    cleared: list[int] = []
    [request] = make_requests(loaded, TEXTS[:1])
    desk = Desk(loaded, free=lambda step: 100 << 20 if step == 5 else PLENTY)
    monkeypatch.setattr(scheduler, "_CLEARED_EVERY", 8)
    monkeypatch.setattr(mx, "clear_cache", lambda: cleared.append(len(desk.rows)))
    desk.answers([request])
    assert cleared[:4] == [1, 5, 7, 15], "by the steps that were begun before"
