"""The stages' requests to a server: through `--endpoint`'s own model, and directly.

Knows llama.cpp's server of the xllamacpp wheel and what stages ask.  Invariant: both ways send the
same bodies, and the direct one is asked at the number at a time that is fastest for it.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from benchmarks.work import WORKS, BenchmarkRequest, records
from stages.completions import CompletionRequest
from workers.endpoint.client import Client
from workers.endpoint.errors import Unavailable
from workers.endpoint.generator import EndpointModel
from workers.endpoint.wire import CHAT, body_of, messages_of
from workers.generation.meter import Meter

_LEVELS = (1, 2, 4, 8, 16)
_TRIES = 2  # of a request, before it is without an answer
_SERVE = """
import sys, time, xllamacpp
from workers.model_store import fetch_gguf
p = xllamacpp.CommonParams()
p.model.path, p.n_gpu_layers, p.n_parallel = str(fetch_gguf()), 0, int(sys.argv[1])
p.n_ctx = p.n_parallel * 2048
p.cpuparams.n_threads = p.cpuparams_batch.n_threads = int(sys.argv[2])
server = xllamacpp.Server(p)
print(server.listening_address, flush=True)
time.sleep(10**6)
"""


@contextmanager
def llama_server(slots: int, threads: int = 2) -> Iterator[str]:
    """The server in a process of its own; the address of its API."""
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE, str(slots), str(threads)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield next(line.strip() for line in process.stdout if line.startswith("http")) + "/v1"
    finally:
        process.kill()
        process.communicate()


def requests_of_stages(count: int) -> list[BenchmarkRequest]:
    """What the stages ask to be written, with schemas and without; answers of at most 48 tokens."""
    works = [work for work in WORKS.values() if work.group != "decisions"]
    found = records(count, seed=11)
    asked = [request for work in works for request in work.make(found)]
    return asked[:: max(1, len(asked) // count)][:count]


def _asked(request: BenchmarkRequest) -> CompletionRequest:
    return CompletionRequest(
        messages_of(request.prompt), max_tokens=48, temperature=0.0, schema=request.schema
    )


class Counted(Client):
    """A client that counts the requests that the server failed at."""

    failed = 0

    async def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """As a client does."""
        try:
            return await super().post(path, body)
        except Unavailable:
            self.failed += 1
            raise


class Direct:
    """Bodies posted by a plain client, so many at a time; `failed`: in the last round."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.failed = 0

    def best_level(self, requests: Sequence[BenchmarkRequest]) -> int:
        """How many at a time are answered fastest, tried on the first few."""
        few = requests[:16]
        self.answered(few, 8)  # what its caches hold is the same for every level then
        seconds = {}
        for level in _LEVELS:
            begun = time.perf_counter()
            self.answered(few, level)
            seconds[level] = time.perf_counter() - begun
        return min(seconds, key=lambda level: seconds[level])

    def answered(self, requests: Sequence[BenchmarkRequest], level: int) -> list[BenchmarkRequest]:
        """Ask for all; those that the server has an answer to, which is not always so."""
        found = asyncio.run(self._answer(requests, level))
        return [request for request, done in zip(requests, found, strict=True) if done]

    async def _answer(self, requests: Sequence[BenchmarkRequest], level: int) -> list[bool]:
        client, room = Counted(self._url, most=level), asyncio.Semaphore(level)

        async def ask(request: BenchmarkRequest) -> bool:
            async with room:
                for _ in range(_TRIES):
                    with suppress(Unavailable):
                        await client.post(CHAT, body_of(_asked(request), "any"))
                        return True
                return False

        try:
            return list(await asyncio.gather(*map(ask, requests)))
        finally:
            self.failed = client.failed
            await client.close()


class Door:
    """The model that a worker has with `--endpoint`; it is kept, with the level that it found.

    failed: requests that the server failed at in the last round.
    """

    def __init__(self, url: str) -> None:
        self._runner = asyncio.Runner()
        self._client = Counted(url)
        self._model = self._runner.run(self._made())
        self.failed = 0

    async def _made(self) -> EndpointModel:
        meter = Meter(None, memory=dict)
        model = EndpointModel(self._client, "any", CompletionRequest(), 32, meter)
        return await model.__aenter__()

    @property
    def level(self) -> int:
        """The best number at a time that it has found."""
        return self._model.level

    def answer(self, requests: Sequence[BenchmarkRequest]) -> None:
        """Ask for all of them at once, as a worker's records do."""
        before = self._client.failed
        self._runner.run(self._answer(requests))
        self.failed = self._client.failed - before

    async def _answer(self, requests: Sequence[BenchmarkRequest]) -> None:
        await asyncio.gather(*(self._model.answer(_asked(request)) for request in requests))

    def timed(self, requests: Sequence[BenchmarkRequest]) -> float:
        """Seconds that it takes."""
        begun = time.perf_counter()
        self.answer(requests)
        return time.perf_counter() - begun

    def close(self) -> None:
        self._runner.run(self._model.__aexit__())
        self._runner.close()
