"""This project's engine as a benchmark runs it: through its public face, as a worker does.

Every job gets a generator of its own, so that nothing learned from earlier answers helps.
Invariant: at most `rows` requests are in flight.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from benchmarks.messages import Asked, CannotRun, Job
from workers.generation.batched import BatchedMLXGenerator, GenerationSettings
from workers.generation.model import load
from workers.model_store import fingerprint, resolve


class Ours:
    """BatchedMLXGenerator."""

    def __init__(self, model: str) -> None:
        path = resolve(model)
        # With its fingerprint, as workers load it: calibrations are kept under that.
        self._loaded = replace(load(path), fingerprint=str(fingerprint(path)["sha256"]))
        self._runner = asyncio.Runner()
        self._open = contextlib.AsyncExitStack()
        self._unstarted = 0

    def prepare(self, job: Job) -> None:
        """A fresh generator, warmed up."""
        self._job = job
        self._runner.run(self._prepare(job))

    async def _prepare(self, job: Job) -> None:
        await self._open.aclose()
        generator = BatchedMLXGenerator(self._loaded, settings(job))
        self._generator = await self._open.enter_async_context(generator)
        generator.more_expected = lambda: self._unstarted > 0
        for question in {
            a.request.question.name: a.request.question for a in _decisions(job)
        }.values():
            generator.prepare(question)
        await self._answer_all(job.warm_up)

    def answers(self) -> list[str]:
        """Answer the job."""
        return self._runner.run(self._answer_all(self._job.requests))

    async def _answer_all(self, requests: Sequence[Asked]) -> list[str]:
        room = asyncio.Semaphore(self._job.rows)
        self._unstarted = len(requests)
        return list(await asyncio.gather(*(self._answer(asked, room) for asked in requests)))

    async def _answer(self, asked: Asked, room: asyncio.Semaphore) -> str:
        async with room:
            self._unstarted -= 1
            request = asked.request
            if request.question is not None:
                return (await self._generator.choose(request.question, request.text)).label
            answer = await self._generator.generate(request.prompt, request.schema)
            return answer if isinstance(answer, str) else json.dumps(answer)


def settings(job: Job) -> GenerationSettings:
    """The job's rows and options as settings; raises CannotRun for one that isn't built."""
    known = {field.name for field in fields(GenerationSettings)}
    for option in job.options:
        if option not in known:
            raise CannotRun(f"the engine has no setting {option}")
    options: dict[str, Any] = dict(job.options)
    return GenerationSettings(batch_size=job.rows, **options)


def _decisions(job: Job) -> list[Any]:
    return [asked for asked in job.requests if asked.request.question is not None]
