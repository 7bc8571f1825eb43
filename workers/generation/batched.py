"""BatchedMLXGenerator: the language model that stages await.

Whatever many coroutines ask at once becomes one batch: choices in one forward pass,
answers in rows that are refilled as they finish.  Knows nothing of records or queues.
Invariant: every request gets an answer or an error, whatever else fails.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import mlx.core as mx
import orjson

from stages.base import Choice, FilledPrompt, Question, RecordError, UnusableAnswer
from workers.core.cache import cache_dir
from workers.core.errors import EngineError
from workers.generation.decisions.calibration import ChoiceSummary
from workers.generation.decisions.choosing import Chooser
from workers.generation.engines.engine import Engine
from workers.generation.engines.select import select_engine
from workers.generation.meter import Meter
from workers.generation.model.device_memory import device_bytes
from workers.generation.model.load import LoadedModel
from workers.generation.model.memory import MIB, MemoryBudget, RowCost
from workers.generation.requests import (
    ChooseRequest,
    Completion,
    Finished,
    GenerateRequest,
    alike,
)
from workers.generation.settings import DEFAULTS, GenerationSettings
from workers.generation.tokens.grammar import Grammar, SchemaMatcher
from workers.generation.tokens.prompts import PromptEncoder
from workers.generation.tokens.sampling import make_sampler
from workers.generation.tokens.schemas import checked
from workers.performance_logger import PerformanceLogger

_CHOOSE_ROWS = 8  # 16 at once are slower on a CPU (docs/log.md)
_RELIEF = 1.0  # seconds between two looks at what memory is left


class BatchedMLXGenerator:
    """Answers `choose` and `generate` for any number of coroutines at once.

    `available` reads how many bytes of memory are free, the device's own limit included.
    Use it as an async context manager; requests wait at most `batch_timeout` seconds
    for company while `more_expected()` says that more may come.  `others_follow()` says whether
    more come once some are answered.
    """

    def __init__(
        self,
        loaded: LoadedModel,
        settings: GenerationSettings = DEFAULTS,
        logger: PerformanceLogger | None = None,
        available: Callable[[], int] = device_bytes,
    ) -> None:
        self.settings = settings
        self.facts = loaded.facts
        self.more_expected: Callable[[], bool] = lambda: True
        self.others_follow: Callable[[], bool] = lambda: True
        self.progress = 0  # grows with every step, for the worker's heartbeat
        self._loaded = loaded
        self._logger = logger
        self._meter = Meter(logger)
        self._encoder = PromptEncoder(loaded.tokenizer)
        self._grammar: Grammar | None = None
        self._chooser = Chooser(loaded, self._encoder, cache_dir() / "choices")
        self._budget = _budget(loaded, settings, available)
        self._engine: Engine = select_engine(
            *(loaded, settings, self._meter, self._told),
            lambda: bool(self._waiting or self._choosing) or self.others_follow(),
        )
        self._choosing: deque[ChooseRequest] = deque()
        self._waiting: deque[GenerateRequest] = deque()
        self._wake = asyncio.Event()
        self._server: asyncio.Task[None] | None = None
        self._relieved = time.monotonic()

    async def __aenter__(self) -> BatchedMLXGenerator:
        self._server = asyncio.create_task(self._serve())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.cancel()
            await asyncio.gather(self._server, return_exceptions=True)
        self._fail_all(EngineError("generation was stopped"))
        self._meter.flush()

    def for_stage(self, stage: str) -> StageModel:
        """The same model as one stage sees it: its metrics carry the stage's name."""
        return StageModel(self, stage)

    def prepare(self, question: Question) -> ChoiceSummary:
        """Work out how this model answers a question, before it is first asked."""
        summary = self._chooser.summary(question)
        self._told("calibration", **asdict(summary))
        return summary

    @property
    def identity(self) -> str:
        """What answers depend on: the model, and how tokens are picked and kept."""
        how = self.settings
        known = self._loaded.fingerprint or str(self._loaded.path)
        return repr((known, how.sampling, how.kv_bits, how.max_tokens, str(mx.default_device())))

    @property
    def batch_limit(self) -> int:
        """Most rows in a batch for now: the flag, or less after a failed allocation."""
        return 1 if self.settings.no_batching else self._budget.ceiling

    @property
    def rows(self) -> int:
        """Sequences side by side now."""
        return self._engine.active

    @property
    def open_requests(self) -> int:
        """Requests that were not answered yet."""
        return len(self._choosing) + len(self._waiting) + self._engine.active

    async def choose(self, question: Question, text: str, stage: str = "") -> Choice:
        """Pick a label for `text` in one forward pass."""
        future: asyncio.Future[Choice] = asyncio.get_running_loop().create_future()
        length = self._chooser.length(text)
        self._choosing.append(ChooseRequest(question, text, length, stage, future))
        self._wake.set()
        return await future

    async def generate(
        self, prompt: FilledPrompt, schema: Mapping[str, Any] | None = None, stage: str = ""
    ) -> Any:
        """Answer a prompt: a value that fits `schema`, or text.

        Raises RecordError when prompt and answer don't fit the model's window, and
        UnusableAnswer when what the model wrote is no answer that fits `schema`.
        """
        completion = await self.complete(prompt, schema, stage)
        text = self._loaded.tokenizer.decode(list(completion.tokens))
        if schema is None:
            return text.strip()
        return checked(_parsed(text, len(completion.tokens) if completion.cut else None), schema)

    async def complete(
        self, prompt: FilledPrompt, schema: Mapping[str, Any] | None = None, stage: str = ""
    ) -> Completion:
        """The tokens of an answer, as the model gave them."""
        request = self._request(prompt, schema, stage)
        self._waiting.append(request)
        self._wake.set()
        return await request.future

    def encode(self, prompt: FilledPrompt) -> tuple[int, ...]:
        """The tokens of a prompt, as the model gets them."""
        return self._encoder.encode(prompt).tokens

    def _request(
        self, prompt: FilledPrompt, schema: Mapping[str, Any] | None, stage: str
    ) -> GenerateRequest:
        encoded = self._encoder.encode(prompt)
        # An answer under a schema gets at least what its shortest form takes.
        matcher = self._matcher(schema)
        least = matcher.reserve if matcher is not None else 1
        most = max(least, self.settings.max_tokens or encoded.max_tokens)
        if len(encoded.tokens) + most > self.facts.window:
            raise RecordError(
                f"a prompt of {len(encoded.tokens)} tokens and an answer of up to {most} "
                f"don't fit the model's window of {self.facts.window} tokens"
            )
        return GenerateRequest(
            prompt=encoded,
            max_tokens=most,
            stage=stage,
            make_matcher=lambda: self._matcher(schema),
            make_sampler=lambda: make_sampler(self.settings.sampling, encoded.tokens),
            future=asyncio.get_running_loop().create_future(),
        )

    def _matcher(self, schema: Mapping[str, Any] | None) -> SchemaMatcher | None:
        if schema is None:
            return None
        if self._grammar is None:
            self._grammar = Grammar(self._loaded.tokenizer, self.facts.vocab_size)
        return self._grammar.matcher(schema)

    def _told(self, event: str, **details: Any) -> None:
        """Write an event to the log, where there is one."""
        if self._logger is not None:
            self._logger.event(event, **details)

    async def _serve(self) -> None:
        try:
            while True:
                if not self.open_requests:
                    self._wake.clear()
                    await self._wake.wait()
                    with self._meter.in_phase("wait"):
                        await self._accumulate()
                self._turn()
                await asyncio.sleep(0)
        except Exception as error:
            self._fail_all(EngineError(f"generation failed: {type(error).__name__}: {error}"))
            raise

    async def _accumulate(self) -> None:
        """Let a batch fill: until it is full, its time is up, or no more will come."""
        deadline = time.monotonic() + self.settings.batch_timeout
        seen = -1
        while self.open_requests < self.batch_limit and time.monotonic() < deadline:
            if seen == self.open_requests and not self.more_expected():
                break
            seen = self.open_requests
            await asyncio.sleep(0 if not self.more_expected() else 0.002)

    def _turn(self) -> None:
        """One step: choices that wait, rows that fit, one token for every row."""
        begun = time.perf_counter()
        rows = self._choose_some() if self._choosing else 0
        self._relieve()
        self._admit()
        rows += self._engine.active
        for finished in self._step():
            self._answer(finished)
        self.progress += 1
        self._meter.step(rows, time.perf_counter() - begun, self.batch_limit)

    def _choose_some(self) -> int:
        most = 1 if self.settings.no_batching else min(_CHOOSE_ROWS, self.batch_limit)
        batch = alike(self._choosing, most)
        question = batch[0].question
        try:
            with self._meter.in_phase("choose"):
                choices = self._chooser.choose(question, [request.text for request in batch])
        except (MemoryError, RuntimeError) as error:
            if not _no_memory(error) or len(batch) == 1:
                raise
            self._shrink(len(batch), error)
            return 0
        for request, choice in zip(batch, choices, strict=True):
            self._choosing.remove(request)
            self._meter.answered(request.stage, request.length, 0)
            if not request.future.done():
                request.future.set_result(choice)
        return len(batch)

    def _admit(self) -> None:
        """Take waiting rows, shortest first, while the longest of them all fits into memory."""
        ready = sorted(self._waiting, key=lambda request: len(request.prompt.tokens))
        taken: list[GenerateRequest] = []
        longest = self._engine.longest
        for request in ready:
            longest = max(longest, request.longest)
            rows = self._engine.active + len(taken)
            at_once = len(request.prompt.tokens)
            if rows and rows >= self._budget.rows(longest, at_once, self._engine.held_bytes):
                break
            taken.append(request)
        if taken:
            chosen = set(map(id, taken))
            self._waiting = deque(r for r in self._waiting if id(r) not in chosen)
            self._engine.add(taken)

    def _relieve(self) -> None:
        """Give rows back before the system swaps or kills, and learn what rows really hold."""
        if time.monotonic() - self._relieved < _RELIEF or not self._engine.active:
            return
        self._relieved = time.monotonic()
        rows = self._engine.active
        self._budget.measured(rows, self._engine.longest, self._engine.held_bytes)
        if rows > 1 and self._budget.short:
            back = self._engine.give_back(rows // 2)
            self._waiting.extendleft(reversed(back))
            mx.clear_cache()
            self._told("batch_size", limit=rows - len(back), reason="memory runs short")

    def _step(self) -> list[Finished]:
        if not self._engine.active:
            return []
        try:
            return self._engine.step()
        except (MemoryError, RuntimeError) as error:
            if not _no_memory(error):
                raise
            rows = self._engine.drop_all()
            if len(rows) == 1:
                rows[0].future.set_exception(
                    RecordError(f"not enough memory for one row of {rows[0].longest} tokens")
                )
                return []
            self._waiting.extendleft(reversed(rows))
            self._shrink(len(rows), error)
            return []

    def _shrink(self, rows: int, error: Exception) -> None:
        limit = self._budget.halve(rows)
        self._told("batch_size", limit=limit, reason=f"allocation failed: {error}")

    def _answer(self, finished: Finished) -> None:
        request, completion = finished.request, finished.completion
        self._meter.answered(request.stage, len(request.prompt.tokens), len(completion.tokens))
        if not request.future.done():
            request.future.set_result(completion)

    def _fail_all(self, error: Exception) -> None:
        waiting: list[Any] = [*self._choosing, *self._waiting, *self._engine.drop_all()]
        self._choosing.clear()
        self._waiting.clear()
        for request in waiting:
            if not request.future.done():
                request.future.set_exception(error)


class StageModel:
    """A BatchedMLXGenerator as one stage sees it: a `stages.base.LanguageModel`."""

    def __init__(self, generator: BatchedMLXGenerator, stage: str) -> None:
        self._generator = generator
        self._stage = stage

    async def choose(self, question: Question, text: str) -> Choice:
        """Pick a label for `text`."""
        return await self._generator.choose(question, text, self._stage)

    async def generate(self, prompt: FilledPrompt, schema: Mapping[str, Any] | None = None) -> Any:
        """Answer a prompt."""
        return await self._generator.generate(prompt, schema, self._stage)


def _budget(
    loaded: LoadedModel, settings: GenerationSettings, available: Callable[[], int]
) -> MemoryBudget:
    cost = RowCost(loaded.facts.kv_bytes_per_token, loaded.facts.activation_bytes_per_token)
    return MemoryBudget(
        cost,
        ceiling=settings.batch_size,
        fraction=settings.memory_fraction,
        reserve_bytes=settings.memory_reserve_mb * MIB,
        share=settings.memory_share,
        read=available,
    )


def _no_memory(error: Exception) -> bool:
    """Whether MLX or Python could not allocate; MLX says it with a RuntimeError."""
    return isinstance(error, MemoryError) or "alloc" in str(error).lower()


def _parsed(text: str, cut_at: int | None) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        if cut_at is not None:
            raise UnusableAnswer(
                f"the model's answer was cut off at {cut_at} tokens, before its JSON was complete; "
                "allow more with --max-tokens"
            ) from error
        raise UnusableAnswer(f"the model's answer is not valid JSON: {error}") from error
