"""EndpointModel: what stages ask goes to an endpoint, in the place of the engine here.

Knows prompts, schemas and choices; RetryingClient gets answers through outages.  Invariant:
an answer under a schema fits it, or is no answer.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import orjson

from stages.base import Choice, FilledPrompt, Question, RecordError
from stages.completions import (
    CompletionRequest,
    Embedding,
    Message,
    NoEmbeddingsError,
    ServerFailedError,
    TextCompletion,
)
from workers.endpoint.adaptive_client import AdaptiveClient
from workers.endpoint.choice import TOPS, by_probability, by_words, words_schema
from workers.endpoint.client import Client
from workers.endpoint.errors import RefusedRequestError
from workers.endpoint.guided import Guided
from workers.endpoint.plain import without_thoughts
from workers.endpoint.retrying_client import TRIES, Probe, RetryingClient
from workers.endpoint.schemas import UnfitError, fitting, in_words, once_more
from workers.endpoint.slots import slots_of
from workers.endpoint.wire import (
    CHAT,
    TEXT,
    VECTORS,
    answer_of,
    body_of,
    messages_of,
    path_of,
    vector_body,
    vector_of,
)
from workers.generation.meter import Meter
from workers.generation.stage_model import StageModel

Schema = Mapping[str, Any]
_READ_BYTES = (6000, 3000, 1500)  # of a text that is judged; fewer where the endpoint refuses it
_GUIDED_TRIES = 2  # of a request that the endpoint falls over, until its schema is put in words
_NO_SUCH_PATH = (404, 405, 501)
_WORDS_TOKENS = 64  # for a label in words
_READ_AT_ONCE = 8  # tokens, in the time that it takes to write one
_OF_A_SLOT = 2  # requests for each slot: the next one waits at the server when one is done
_SMALL = CompletionRequest((Message("user", "Say yes."),), max_tokens=1, temperature=0.0)


class EndpointModel:
    """Answers `choose`, `generate` and requests of somebody's own, any number at once.

    Parameters
        name: the model, as the endpoint calls it.
        defaults: what requests are sent with where they say nothing: max_tokens, temperature,
            top_p, seed.
        most: most requests at a time.

    Use it as an async context manager.
    """

    def __init__(
        self, client: Client, name: str, defaults: CompletionRequest, most: int, meter: Meter
    ) -> None:
        self.model_name = name
        self.batch_limit = most
        self._dialect = AdaptiveClient(client)
        self._asking = RetryingClient(self._dialect, most, _probes(name))
        self._client = client
        self._defaults = defaults
        self._meter = meter
        self._guided = Guided()
        self._top: tuple[int, ...] = (
            TOPS  # how many log probabilities to ask for: those not refused so far
        )

    async def __aenter__(self) -> EndpointModel:
        if slots := await slots_of(self._client):
            self._asking.level.begin_with(_OF_A_SLOT * slots, slots + math.ceil(slots / 4))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._asking.close()
        self._meter.flush()

    @property
    def trouble(self) -> str:
        """Why the endpoint doesn't answer now; empty while it does."""
        return self._asking.outage.trouble

    @property
    def progress(self) -> int:
        """Grows by the second: whatever is waited for has a time-out of its own."""
        return int(time.monotonic())

    @property
    def note(self) -> str:
        """What the endpoint does not heed: one line for people."""
        return self._dialect.note

    @property
    def level(self) -> int:
        """How many requests at a time are best, as far as that was found out."""
        return self._asking.level.best

    @property
    def identity(self) -> str:
        """What answers depend on."""
        sampling = (self._defaults.temperature, self._defaults.top_p, self._defaults.seed)
        return repr((self._client.url, self.model_name, self._defaults.max_tokens, sampling))

    def prepare(self, questions: Sequence[Question]) -> list[Any]:
        """Nothing is worked out beforehand."""
        return []

    def for_stage(self, stage: str) -> StageModel:
        """The same model as one stage sees it: its metrics carry the stage's name."""
        return StageModel(self, stage)

    async def generate(
        self, prompt: FilledPrompt, schema: Schema | None = None, stage: str = ""
    ) -> Any:
        """Answer a prompt: a value that fits `schema`, or text.

        What doesn't fit is asked for once more, with the reason; raises UnusableAnswer when that
        doesn't fit either, and RecordError when the endpoint refuses the request.
        """
        most = self._defaults.max_tokens or prompt.max_tokens
        asked = CompletionRequest(messages_of(prompt), max_tokens=most, schema=schema)
        try:
            if schema is None:
                return _spoken(await self.answer(asked, stage)).text.strip()
            return orjson.loads((await self._fitting(asked, schema, stage)).text)
        except RecordError as error:  # stages that can do without an answer say nothing of it
            self._meter.event("answer_given_up", stage=stage, reason=str(error))
            raise

    async def choose(self, question: Question, text: str, stage: str = "") -> Choice:
        """Pick a label for `text`: by probabilities where they are told, else in words."""
        for most in _READ_BYTES:
            shown = text.encode(errors="ignore")[:most].decode(errors="ignore")
            try:
                return await self._chosen(question, shown, stage)
            except RefusedRequestError as error:  # it may be too long for the server's window
                refusal = error
        raise refusal

    async def _chosen(self, question: Question, shown: str, stage: str) -> Choice:
        messages = messages_of(question.prompt.fill(text=shown))
        asked = CompletionRequest(messages, max_tokens=1, temperature=0.0)
        found, tops = await self._by_probability(question, asked, stage)
        if found is None:
            named = replace(asked, max_tokens=_WORDS_TOKENS, schema=words_schema(question))
            found = _by_words(question, _spoken(await self._asked(named, stage)))
        self._top = tops  # only now it is known that it was not the text that was refused
        return found

    async def _by_probability(
        self, question: Question, asked: CompletionRequest, stage: str
    ) -> tuple[Choice | None, tuple[int, ...]]:
        """A choice, if probabilities tell, and how many of them the endpoint lets be asked for."""
        for at, top in enumerate(tops := self._top):
            with suppress(RecordError):
                done = await self.answer(replace(asked, top_logprobs=top), stage)
                if not done.logprobs:  # of an empty answer there are none to tell
                    return None, () if done.text else tops
                return by_probability(question, done.logprobs[0].top), tops[at:]
        return None, ()

    async def answer(self, asked: CompletionRequest, stage: str = "") -> TextCompletion:
        """Answer a request that brings its own settings.

        An answer that doesn't fit the request's schema, asked for twice, counts as cut off.
        Raises RecordError when the endpoint refuses the request and answers others.
        """
        if asked.schema is None:
            return await self._asked(asked, stage)
        try:
            return await self._fitting(asked, asked.schema, stage)
        except UnfitError as unfit:
            return replace(unfit.done, finish_reason="length")

    async def _fitting(
        self, asked: CompletionRequest, schema: Schema, stage: str
    ) -> TextCompletion:
        """An answer that fits, if need be at the second try; raises UnfitError."""
        try:
            return fitting(await self._asked(asked, stage), schema)
        except UnfitError as unfit:
            if (again := once_more(asked, unfit)) is None:
                raise
        return fitting(await self._asked(again, stage), schema)

    async def _asked(self, asked: CompletionRequest, stage: str) -> TextCompletion:
        """Whatever is answered; a schema goes along as the endpoint takes it."""
        whole = _with_defaults(asked, self._defaults)
        if whole.schema is None:
            return await self._counted(whole, stage)
        if not self._guided.takes(whole.schema):
            return await self._counted(in_words(whole), stage)
        try:
            done = await self._counted(whole, stage, _GUIDED_TRIES)
        except (RefusedRequestError, ServerFailedError) as error:
            done = await self._counted(in_words(whole), stage)
            if isinstance(error, RefusedRequestError):  # not one that it failed at, by chance
                self._guided.refused(whole.schema)
            return done
        self._guided.took(whole.schema)
        return done

    async def embed(self, text: str, stage: str = "") -> Embedding:
        """The vector of a text; raises RecordError when the endpoint refuses it.

        NoEmbeddingsError: it makes none of any text.
        """
        begun, body = time.perf_counter(), vector_body(text, self.model_name)
        try:
            found = await self._asking.ask(VECTORS, body, vector_of, _work_of_vector, stage)
        except RefusedRequestError as error:
            if error.status in _NO_SUCH_PATH:
                raise NoEmbeddingsError(str(error)) from error
            raise
        self._count(stage, begun, found.prompt_tokens)
        return found

    async def _counted(
        self, asked: CompletionRequest, stage: str, tries: int = TRIES
    ) -> TextCompletion:
        begun = time.perf_counter()
        body = body_of(asked, self.model_name)
        done = await self._asking.ask(path_of(asked), body, answer_of, _work, stage, tries)
        if done.cached_tokens:
            self._meter.prefix(stage, done.cached_tokens)
        self._count(stage, begun, done.prompt_tokens, done.completion_tokens)
        return done

    def _count(self, stage: str, begun: float, read: int, written: int = 0) -> None:
        level, seconds = self._asking.level, time.perf_counter() - begun
        self._meter.answered(stage, read, written)
        self._meter.step(level.active, seconds / max(1, level.now), level.now)


def _probes(model: str) -> list[Probe]:
    """Of each kind one: some servers chat, some only continue texts or make vectors."""
    raw = replace(_SMALL, messages=(), text="Yes,")
    return [
        Probe(CHAT, body_of(_SMALL, model), answer_of),
        Probe(TEXT, body_of(raw, model), answer_of),
        Probe(VECTORS, vector_body("yes", model), vector_of),
    ]


def _spoken(done: TextCompletion) -> TextCompletion:
    """An answer without the thoughts before it."""
    return replace(done, text=without_thoughts(done.text))


def _by_words(question: Question, done: TextCompletion) -> Choice:
    """A choice by words; raises RecordError for a model that only thought."""
    if not done.text.strip() and done.finish_reason == "length":
        raise RecordError(
            f"the endpoint's model named no label in {_WORDS_TOKENS} tokens; if it thinks before "
            "it answers, turn that off at the server"
        )
    return by_words(question, done.text)


def _work(done: TextCompletion) -> float:
    """What a server did for an answer, in tokens written."""
    read = max(0, done.prompt_tokens - done.cached_tokens)
    return 1 + done.completion_tokens + read / _READ_AT_ONCE


def _work_of_vector(found: Embedding) -> float:
    return 1 + found.prompt_tokens / _READ_AT_ONCE


def _with_defaults(asked: CompletionRequest, run: CompletionRequest) -> CompletionRequest:
    return replace(
        asked,
        max_tokens=asked.max_tokens or run.max_tokens,
        temperature=run.temperature if asked.temperature is None else asked.temperature,
        top_p=run.top_p if asked.top_p is None else asked.top_p,
        seed=run.seed if asked.seed is None else asked.seed,
    )
