"""Scheduler: which requests go into the next step, and whom its results belong to.

Choices that wait are made together, and so are vectors of texts; rows are admitted while memory
has room for them, and given back when it runs short.  Knows an engine and a memory budget; does
not know how the engine decodes, nor who awaits an answer.  Invariant: a request that was put here
is answered, failed, or given back by `clear`.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeVar

import mlx.core as mx

from stages.base import RecordError
from stages.completions import Embedding
from workers.generation.beginnings import Beginnings
from workers.generation.decisions.choosing import Chooser
from workers.generation.embeddings.embedder import Embedder, batch_of
from workers.generation.engines.engine import Engine
from workers.generation.meter import Meter
from workers.generation.model.memory import MemoryBudget, is_no_memory
from workers.generation.requests import (
    ChooseRequest,
    EmbedRequest,
    Finished,
    GenerateRequest,
    Request,
    alike,
)
from workers.generation.settings import GenerationSettings

_R = TypeVar("_R", ChooseRequest, EmbedRequest)
_W = TypeVar("_W", ChooseRequest, EmbedRequest, GenerateRequest)
_CHOOSE_ROWS = 8  # 16 at once are slower on a CPU (docs/log.md)
_CLEARED_EVERY = 256  # turns; behind as many tokens mlx-lm clears MLX's cache of buffers too


class Scheduler:
    """Runs an engine and a chooser step by step, on whatever requests there are.

    `others_follow()` tells whether more requests come once some are answered.
    """

    def __init__(
        self,
        engine: Engine,
        chooser: Chooser,
        embedder: Embedder,
        budget: MemoryBudget,
        settings: GenerationSettings,
        meter: Meter,
        others_follow: Callable[[], bool] = lambda: True,
    ) -> None:
        self._engine = engine
        self._chooser = chooser
        self._budget = budget
        self._settings = settings
        self._meter = meter
        self._others_follow = others_follow
        self._embedder = embedder
        self._choosing: deque[ChooseRequest] = deque()
        self._embedding: deque[EmbedRequest] = deque()
        self._waiting: deque[GenerateRequest] = deque()
        self._beginnings = Beginnings()
        self._relieved = time.monotonic()
        self._turns = 0
        self._planned = 0  # tokens that each row in hand was found to have room for

    @property
    def batch_limit(self) -> int:
        """Most rows in a batch for now: the setting, or less after a failed allocation."""
        return 1 if self._settings.no_batching else self._budget.ceiling

    @property
    def rows(self) -> int:
        """Sequences side by side now."""
        return self._engine.active

    @property
    def open_requests(self) -> int:
        """Requests that were not answered yet."""
        waiting = len(self._choosing) + len(self._embedding) + len(self._waiting)
        return waiting + self._engine.active

    def put(self, request: Request) -> None:
        """Take a request; it is looked at with the next turn."""
        if isinstance(request, ChooseRequest):
            self._choosing.append(request)
        elif isinstance(request, EmbedRequest):
            self._embedding.append(request)
        else:
            self._waiting.append(request)

    def turn(self) -> None:
        """One step: choices that wait, rows that fit, one pass for every row."""
        begun = time.perf_counter()
        self._drop_done()
        rows = self._choose_some() if self._choosing else 0
        rows += self._embed_some() if self._embedding else 0
        self._clear_buffers(texts_read=rows > 0)
        self._relieve()
        self._admit()
        rows += self._engine.active
        for finished in self._step():
            self._answer(finished)
        self._meter.step(rows, time.perf_counter() - begun, self.batch_limit)

    def _clear_buffers(self, texts_read: bool) -> None:
        """Give back what MLX keeps of freed buffers, which serve again only where sizes recur: when
        mlx-lm does, behind whole texts and now and then."""
        self._turns += 1
        if texts_read or self._turns % _CLEARED_EVERY == 0:
            mx.clear_cache()

    def clear(self) -> list[Request]:
        """Give everything back that was not answered."""
        left: list[Request] = [*self._choosing, *self._embedding, *self._waiting]
        left += self._engine.drop_all()
        self._choosing.clear()
        self._embedding.clear()
        self._waiting.clear()
        return left

    def _drop_done(self) -> None:
        """Forget requests that nobody waits for any more, so that others have their places."""
        self._choosing = _awaited(self._choosing)
        self._embedding = _awaited(self._embedding)
        self._waiting = _awaited(self._waiting)
        self._engine.drop_done()

    def _choose_some(self) -> int:
        most = 1 if self._settings.no_batching else min(_CHOOSE_ROWS, self.batch_limit)
        batch = alike(self._choosing, most)
        question = batch[0].question
        try:
            with self._meter.in_phase("choose"):
                choices = self._chooser.choose(question, [request.text for request in batch])
        except (MemoryError, RuntimeError) as error:
            return self._choose_some() if self._lack(error, batch, self._choosing) else 0
        for request, choice in zip(batch, choices, strict=True):
            self._choosing.remove(request)
            self._meter.answered(request.stage, request.length, 0)
            if not request.future.done():
                request.future.set_result(choice)
        return len(batch)

    def _embed_some(self) -> int:
        batch = batch_of(self._embedding, 1 if self._settings.no_batching else self.batch_limit)
        try:
            with self._meter.in_phase("embed"):
                vectors = self._embedder.vectors([request.tokens for request in batch])
        except (MemoryError, RuntimeError) as error:
            return self._embed_some() if self._lack(error, batch, self._embedding) else 0
        for request, vector in zip(batch, vectors, strict=True):
            self._embedding.remove(request)
            self._meter.answered(request.stage, len(request.tokens), 0)
            if not request.future.done():
                request.future.set_result(Embedding(vector, len(request.tokens)))
        return len(batch)

    def _lack(self, error: Exception, batch: Sequence[_R], waiting: deque[_R]) -> bool:
        """There was no memory for a batch of texts: fewer of them next time, or no rows beside one.

        Returns whether to try again at once.  A text for which there is none even alone is its
        record's error.  Raises any other error.
        """
        if not is_no_memory(error):
            raise error
        if len(batch) > 1:
            self._shrink(len(batch), error)
        elif self._engine.active:
            rows = self._engine.drop_all()
            self._waiting.extendleft(reversed(rows))
            self._shrink(len(rows), error)
            return True
        else:
            waiting.remove(batch[0])
            if not batch[0].future.done():
                batch[0].future.set_exception(RecordError("not enough memory for one text"))
        return False

    def _admit(self) -> None:
        """Take waiting rows, shortest first, while the longest of them all fits into memory.

        A row is as long as it is planned, which a bound that nobody asked for does not change.
        """
        self._beginnings.find(self._waiting)
        ready = sorted(self._waiting, key=lambda request: request.planned())
        taken: list[GenerateRequest] = []
        longest, prompt = self._engine.longest, 0
        for request in ready:
            longest = max(longest, request.planned())
            prompt = max(prompt, len(request.prompt.tokens))
            rows = self._engine.active + len(taken)
            prompts = min(self._engine.prompt_tokens, (rows + 1) * prompt)
            if rows and rows >= self._budget.rows(longest, prompts, self._engine.held_bytes):
                break
            taken.append(request)
        if taken:
            chosen = set(map(id, taken))
            self._waiting = deque(r for r in self._waiting if id(r) not in chosen)
            self._beginnings.went(taken)
            self._engine.add(taken)
            self._planned = self._engine.longest

    def _relieve(self) -> None:
        """Give rows back before the system swaps or kills, and learn what rows really hold."""
        due = time.monotonic() - self._relieved >= self._settings.memory_check_seconds
        if not due or not self._engine.active:
            return
        self._relieved = time.monotonic()
        rows = self._engine.active
        self._budget.measured(self._engine.held_tokens, self._engine.held_bytes)
        if self._budget.short:
            self._give_back(rows // 2, "memory runs short")
            mx.clear_cache()
        elif self._engine.longest > self._planned:
            self._planned = self._engine.longest
            fit = self._budget.rows(self._planned, 0, self._engine.held_bytes)
            self._give_back(rows - fit, "answers are longer than expected")

    def _give_back(self, count: int, reason: str) -> None:
        if count <= 0:
            return
        back = self._engine.give_back(count)
        self._waiting.extendleft(reversed(back))
        self._meter.event("batch_size", limit=self._engine.active, reason=reason)

    def _step(self) -> list[Finished]:
        if not self._engine.active:
            return []
        try:
            follow = bool(self._waiting or self._choosing) or self._others_follow()
            return self._engine.step(follow)
        except (MemoryError, RuntimeError) as error:
            if not is_no_memory(error):
                raise
            self._start_over(error)
            return []

    def _start_over(self, error: Exception) -> None:
        """There was no memory for all rows: half of them at a time from now on."""
        rows = self._engine.drop_all()
        if len(rows) == 1:
            longest = rows[0].longest
            if not rows[0].future.done():
                rows[0].future.set_exception(
                    RecordError(f"not enough memory for one sequence of {longest} tokens")
                )
            return
        self._waiting.extendleft(reversed(rows))
        self._shrink(len(rows), error)

    def _shrink(self, rows: int, error: Exception) -> None:
        limit = self._budget.halve(rows)
        self._meter.event("batch_size", limit=limit, reason=f"allocation failed: {error}")

    def _answer(self, finished: Finished) -> None:
        request, completion = finished.request, finished.completion
        self._meter.answered(request.stage, len(request.prompt.tokens), len(completion.tokens))
        if not request.future.done():
            request.future.set_result(completion)


def _awaited(waiting: deque[_W]) -> deque[_W]:
    """Those that somebody still waits for."""
    return deque(request for request in waiting if not request.future.done())
