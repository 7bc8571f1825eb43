"""This project's engine as a benchmark runs it: through its public face, as a worker does.

Every job gets a generator of its own, which knows no earlier answers but those of the warm-up.
Invariant: at most `rows` requests are in flight while the clock runs.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import mlx.core as mx

from benchmarks.messages import CannotRun, Job, TokenizedRequest
from workers.generation.build import build_generator
from workers.generation.model.load import LoadedModel, load
from workers.generation.settings import GenerationSettings
from workers.model_store import fingerprint, resolve

_WARM_UP_ROWS = 4  # in flight while it warms up, if not more


class Ours:
    """A BatchedMLXGenerator for each job."""

    def __init__(self, model: str) -> None:
        path = resolve(model)
        # With its fingerprint, as workers load it: calibrations are kept under that.
        self._loaded = replace(load(path), fingerprint=fingerprint(path).sha256)
        self._runner = asyncio.Runner()
        self._open = contextlib.AsyncExitStack()
        self._unstarted = 0
        self._room = asyncio.Semaphore(1)

    def prepare(self, job: Job) -> None:
        """A fresh generator, warmed up."""
        self._job = job
        self._runner.run(self._prepare(job))

    async def _prepare(self, job: Job) -> None:
        await self._open.aclose()
        mx.clear_cache()
        generator = build_generator(
            self._loaded,
            settings(job, self._loaded),
            others_follow=lambda: self._unstarted > 0,
            more_expected=lambda: self._unstarted > 0 and not self._room.locked(),
        )
        self._generator = await self._open.enter_async_context(generator)
        questions = {a.request.question.name: a.request.question for a in _decisions(job)}
        generator.prepare(list(questions.values()))
        await self._answer_all(job.warm_up, max(job.rows, _WARM_UP_ROWS))

    def answers(self) -> list[str]:
        """Answer the job."""
        return self._runner.run(self._answer_all(self._job.requests, self._job.rows))

    async def _answer_all(self, requests: Sequence[TokenizedRequest], rows: int) -> list[str]:
        self._room = asyncio.Semaphore(rows)
        self._unstarted = len(requests)
        return list(await asyncio.gather(*(self._answer(asked) for asked in requests)))

    async def _answer(self, asked: TokenizedRequest) -> str:
        async with self._room:
            self._unstarted -= 1
            request = asked.request
            if request.question is not None:
                return (await self._generator.choose(request.question, request.text)).label
            answer = await self._generator.generate(request.prompt, request.schema)
            return answer if isinstance(answer, str) else json.dumps(answer)


def settings(job: Job, loaded: LoadedModel) -> GenerationSettings:
    """The job's rows and options as settings; raises CannotRun for one that isn't built.

    The option `draft_model` lets the model draft for itself.
    """
    known = {field.name for field in fields(GenerationSettings)}
    for option in job.options:
        if option not in known:
            raise CannotRun(f"the engine has no setting {option}")
    options: dict[str, Any] = dict(job.options)
    if options.get("draft_model"):
        options["draft_model"] = loaded
    return GenerationSettings(batch_size=max(job.rows, _WARM_UP_ROWS), **options)


def _decisions(job: Job) -> list[Any]:
    return [asked for asked in job.requests if asked.request.question is not None]
