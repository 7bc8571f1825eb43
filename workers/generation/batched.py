"""BatchedMLXGenerator: the language model that stages await.

Whatever many coroutines ask at once becomes one batch: choices in one forward pass,
answers in rows that are refilled as they finish.  Knows nothing of records or queues.
Invariant: every request gets an answer or an error, whatever else fails, and whenever it comes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import mlx.core as mx

from stages.base import Choice, FilledPrompt, Question
from stages.completions import CompletionRequest, Embedding, TextCompletion
from workers.core.cache import cache_dir
from workers.core.errors import EngineError
from workers.generation.answers import text_of, value_of
from workers.generation.asking import RequestBuilder
from workers.generation.decisions.calibration import ChoiceSummary
from workers.generation.decisions.choosing import Chooser
from workers.generation.embeddings.embedder import Embedder
from workers.generation.engines.engine import Engine
from workers.generation.meter import Meter
from workers.generation.model.device_memory import device_bytes
from workers.generation.model.load import LoadedModel
from workers.generation.model.memory import MIB, MemoryBudget, RowCost
from workers.generation.requests import (
    ChooseRequest,
    Completion,
    EmbedRequest,
    GenerateRequest,
    Request,
)
from workers.generation.scheduler import Scheduler
from workers.generation.settings import DEFAULTS, GenerationSettings
from workers.generation.stage_model import StageModel
from workers.generation.steps import Begin, silent
from workers.generation.tokens.prompts import EncodedPrompt, PromptEncoder

# Between two turns: who got an answer goes on, its outcome is collected, and others are started,
# each a round of the event loop later.
_ROUNDS_OF_THE_LOOP = 4
_NOT_STARTED = "generation has not started: ask inside `async with generator`"


class BatchedMLXGenerator:
    """Answers `choose` and `generate` for any number of coroutines at once.

    Parameters
        engine: runs rows of `loaded` (see `build_generator`); the generator alone steps it.
        available: reads how many bytes of memory are free, the device's own limit included.
        more_expected: while it says that more may come, requests wait at most `batch_timeout`
            seconds for company.
        others_follow: whether more requests come once some are answered.
        begin: hears of steps that take long, such as a calibration.

    Use it as an async context manager.  Outside, and after generation broke down, whatever
    is asked raises EngineError with the cause.
    """

    def __init__(
        self,
        loaded: LoadedModel,
        engine: Engine,
        settings: GenerationSettings = DEFAULTS,
        meter: Meter | None = None,
        available: Callable[[], int] = device_bytes,
        more_expected: Callable[[], bool] = lambda: True,
        others_follow: Callable[[], bool] = lambda: True,
        begin: Begin = silent,
    ) -> None:
        self.settings = settings
        self.facts = loaded.facts
        self.trouble = ""  # nothing that would pass by itself
        self.progress = 0  # grows with every step, for the worker's heartbeat
        self._loaded = loaded
        self._engine_note = engine.note
        self._meter = meter or Meter(None)
        self._more_expected = more_expected
        self._encoder = PromptEncoder(loaded.tokenizer)
        self._asking = RequestBuilder(loaded, settings, self._encoder)
        self._summaries: dict[Question, ChoiceSummary] = {}
        self._chooser = Chooser(loaded, self._encoder, cache_dir() / "choices", begin)
        cost = replace(loaded.facts.cost(engine.places), keeps=engine.keeps)
        budget = _budget(cost, settings, available)
        self._embedder = Embedder(loaded, self._encoder)
        self._scheduler = Scheduler(
            *(engine, self._chooser, self._embedder, budget),
            *(settings, self._meter, others_follow),
        )
        self._wake = asyncio.Event()
        self._server: asyncio.Task[None] | None = None
        self._closed: str | None = _NOT_STARTED

    async def __aenter__(self) -> BatchedMLXGenerator:
        self._closed = None
        self._server = asyncio.create_task(self._serve())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.cancel()
            await asyncio.gather(self._server, return_exceptions=True)
        self._close("generation was stopped")
        self._meter.flush()

    def for_stage(self, stage: str) -> StageModel:
        """The same model as one stage sees it: its metrics carry the stage's name."""
        return StageModel(self, stage)

    def prepare(self, questions: Sequence[Question]) -> list[ChoiceSummary]:
        """Work out how this model answers these, before they are first asked.

        Returns what is known of them now: what another process is working out is left to it.
        """
        for question in (ready := self._chooser.prepare(questions)):
            if question not in self._summaries:
                summary = self._summaries[question] = self._chooser.summary(question)
                self._meter.event("calibration", **asdict(summary))
        return [self._summaries[question] for question in ready]

    @property
    def note(self) -> str:
        """How answers are made where that is not the fast way, and why: one line for people."""
        return "; ".join(filter(None, (self._engine_note, self.facts.note, self._asking.note)))

    @property
    def model_name(self) -> str:
        """What the model is called."""
        return self._loaded.name

    @property
    def identity(self) -> str:
        """What answers depend on: the model, and how tokens are picked and kept."""
        how = self.settings
        known = self._loaded.fingerprint or str(self._loaded.path)
        answers = (how.sampling, how.kv_bits, how.max_tokens, how.thinking)
        return repr((known, *answers, str(mx.default_device())))

    @property
    def batch_limit(self) -> int:
        """Most rows in a batch for now: the setting, or less after a failed allocation."""
        return self._scheduler.batch_limit

    @property
    def rows(self) -> int:
        """Sequences side by side now."""
        return self._scheduler.rows

    @property
    def open_requests(self) -> int:
        """Requests that were not answered yet."""
        return self._scheduler.open_requests

    async def choose(self, question: Question, text: str, stage: str = "") -> Choice:
        """Pick a label for `text` in one forward pass."""
        self._check_open()
        future: asyncio.Future[Choice] = asyncio.get_running_loop().create_future()
        length = self._chooser.length(text)
        self._put(ChooseRequest(question, text, length, stage, future))
        return await future

    async def generate(
        self, prompt: FilledPrompt, schema: Mapping[str, Any] | None = None, stage: str = ""
    ) -> Any:
        """Answer a prompt: a value that fits `schema`, or text.

        Raises RecordError when prompt and answer don't fit the model's window, and
        UnusableAnswer when what the model wrote is no answer that fits `schema`.
        """
        completion = await self.complete(prompt, schema, stage)
        return value_of(completion, schema, self._loaded.tokenizer)

    async def answer(self, asked: CompletionRequest, stage: str = "") -> TextCompletion:
        """Answer a request that brings its own settings; see `stages.completions`.

        Thoughts before the answer count as its tokens.  Raises RecordError for one that doesn't fit
        the model's window, its template or its grammar.
        """
        thoughts = self._asking.thoughts_before(asked, stage)
        if thoughts is None:
            return await self._answered(asked, stage)
        thought = await self._completed(thoughts)
        found = await self._answered(asked, stage, self._asking.behind(thoughts, thought))
        return replace(
            found,
            prompt_tokens=len(thoughts.prompt.tokens),
            completion_tokens=len(thought.tokens) + found.completion_tokens,
            cached_tokens=thought.cached,
        )

    async def _answered(
        self, asked: CompletionRequest, stage: str, behind: EncodedPrompt | None = None
    ) -> TextCompletion:
        request = self._asking.completion(asked, stage, behind)
        done = await self._completed(request)
        return text_of(request, done, asked.schema, self._loaded.tokenizer)

    async def embed(self, text: str, stage: str = "") -> Embedding:
        """The vector of a text, as the model's folder says that it is made.

        Raises NoEmbeddingsError where it says nothing, and RecordError for a text that doesn't fit
        the window.
        """
        self._check_open()
        future: asyncio.Future[Embedding] = asyncio.get_running_loop().create_future()
        self._put(EmbedRequest(self._embedder.tokens(text), stage, future))
        return await future

    async def complete(
        self, prompt: FilledPrompt, schema: Mapping[str, Any] | None = None, stage: str = ""
    ) -> Completion:
        """The tokens of an answer, as the model gave them; what it thinks before is left out."""
        thoughts = self._asking.thoughts(prompt, stage)
        if thoughts is None:
            return await self._completed(self._asking.prompt(prompt, schema, stage))
        thought = await self._completed(thoughts)
        return await self._completed(self._asking.after_thoughts(thoughts, thought, schema))

    async def _completed(self, request: GenerateRequest) -> Completion:
        self._check_open()
        self._put(request)
        return await request.future

    def encode(self, prompt: FilledPrompt) -> tuple[int, ...]:
        """The tokens of a prompt, as the model gets them."""
        return self._encoder.encode(prompt).tokens

    def _put(self, request: Request) -> None:
        self._scheduler.put(request)
        self._wake.set()

    # Serving

    async def _serve(self) -> None:
        cause = "generation was stopped"
        try:
            while True:
                if not self.open_requests:
                    self._wake.clear()
                    await self._wake.wait()
                    with self._meter.in_phase("wait"):
                        await self._accumulate()
                self._scheduler.turn()
                self.progress += 1
                for _ in range(_ROUNDS_OF_THE_LOOP):
                    await asyncio.sleep(0)
        except Exception as error:
            cause = f"generation failed: {type(error).__name__}: {error}"
            raise
        finally:
            self._close(cause)

    async def _accumulate(self) -> None:
        """Let a batch fill: until it is full, its time is up, or no more will come."""
        deadline = time.monotonic() + self.settings.batch_timeout
        seen = -1
        while self.open_requests < self.batch_limit and time.monotonic() < deadline:
            if seen == self.open_requests and not self._more_expected():
                break
            seen = self.open_requests
            await asyncio.sleep(0 if not self._more_expected() else 0.002)

    def _check_open(self) -> None:
        if self._closed is not None:
            raise EngineError(self._closed)

    def _close(self, cause: str) -> None:
        """Fail whoever waits, and whoever asks later; the first cause is the one that counts."""
        self._closed = self._closed or cause
        for request in self._scheduler.clear():
            if not request.future.done():
                request.future.set_exception(EngineError(self._closed))


def _budget(
    cost: RowCost, settings: GenerationSettings, available: Callable[[], int]
) -> MemoryBudget:
    return MemoryBudget(
        cost,
        ceiling=settings.batch_size,
        fraction=settings.memory_fraction,
        reserve_bytes=settings.memory_reserve_mb * MIB,
        share=settings.memory_share,
        read=available,
    )
