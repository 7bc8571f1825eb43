"""Two ways to run rows: continuously refilled batches, or one row after another.

Both are mlx-lm's own generation; both take requests and give completions.  They know
nothing of records or awaiting.  Invariant: a row that was taken is finished once, or
given back whole by `drop_all`.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import mlx.core as mx
from mlx_lm.generate import BatchGenerator, generate_step

from workers.generation.model import LoadedModel
from workers.generation.prefix import PrefixCache
from workers.generation.requests import Completion, GenerateRequest

_PREFILL_STEP = 512  # prompt tokens a row takes between two decoding steps


@dataclass(frozen=True)
class Finished:
    """A request and its answer."""

    request: GenerateRequest
    completion: Completion


class Engine(Protocol):
    """Runs rows step by step."""

    @property
    def active(self) -> int:
        """Rows taken and not finished."""
        ...

    @property
    def held_bytes(self) -> int:
        """Bytes of KV held for active rows."""
        ...

    def add(self, requests: list[GenerateRequest]) -> None:
        """Take rows; they start with the next step."""
        ...

    def step(self) -> list[Finished]:
        """Advance the rows; the answers that ended."""
        ...

    def drop_all(self) -> list[GenerateRequest]:
        """Forget everything and give the unfinished requests back, oldest first."""
        ...


class BatchEngine:
    """Rows of different lengths and settings in one batch of mlx-lm's BatchGenerator."""

    def __init__(self, loaded: LoadedModel, prefixes: PrefixCache, ceiling: int) -> None:
        self._loaded = loaded
        self._prefixes = prefixes
        self._ceiling = ceiling
        self._rows: OrderedDict[int, GenerateRequest] = OrderedDict()
        self._generator = self._fresh()

    def _fresh(self) -> BatchGenerator:
        return BatchGenerator(
            self._loaded.model,
            stop_tokens=[[token] for token in sorted(self._loaded.eos_token_ids)],
            completion_batch_size=self._ceiling,
            prefill_batch_size=min(8, self._ceiling),
            prefill_step_size=_PREFILL_STEP,
        )

    @property
    def active(self) -> int:
        return len(self._rows)

    @property
    def held_bytes(self) -> int:
        return int(self._generator.prompt_cache_nbytes) if self._rows else 0

    def add(self, requests: list[GenerateRequest]) -> None:
        for request in requests:
            tokens = list(request.prompt.tokens)
            head = min(request.prompt.shared, len(tokens) - 1)
            cache = self._prefixes.get(tuple(tokens[:head]))
            start = head if cache is not None else 0
            [uid] = self._generator.insert(
                [tokens[start:]],
                [request.max_tokens],
                caches=[cache] if cache is not None else None,
                all_tokens=[tokens[:start]],
                samplers=[request.make_sampler()],
                logits_processors=[request.make_processors()],
            )
            request.tokens.clear()
            self._rows[uid] = request

    def step(self) -> list[Finished]:
        finished = []
        for response in self._generator.next()[1]:
            request = self._rows[response.uid]
            if response.finish_reason != "stop":
                request.tokens.append(response.token)
            if response.finish_reason is not None:
                del self._rows[response.uid]
                answer = Completion(tuple(request.tokens), response.finish_reason)
                finished.append(Finished(request, answer))
        return finished

    def drop_all(self) -> list[GenerateRequest]:
        requests = list(self._rows.values())
        self._rows.clear()
        self._generator = self._fresh()
        mx.clear_cache()
        return requests


class OneByOneEngine:
    """One row at a time through mlx-lm's generate_step: the reference and --no-batching."""

    def __init__(self, loaded: LoadedModel, kv_bits: int | None = None) -> None:
        self._loaded = loaded
        self._kv_bits = kv_bits
        self._queue: deque[GenerateRequest] = deque()
        self._tokens: Iterator[Any] | None = None

    @property
    def active(self) -> int:
        return len(self._queue)

    @property
    def held_bytes(self) -> int:
        return 0

    def add(self, requests: list[GenerateRequest]) -> None:
        self._queue.extend(requests)

    def step(self) -> list[Finished]:
        if not self._queue:
            return []
        request = self._queue[0]
        if self._tokens is None:
            request.tokens.clear()
            self._tokens = self._start(request)
        token = next(self._tokens, None)
        if token is None:
            return [self._finish(request, "length")]
        if token[0] in self._loaded.eos_token_ids:
            return [self._finish(request, "stop")]
        request.tokens.append(int(token[0]))
        return []

    def _start(self, request: GenerateRequest) -> Iterator[Any]:
        return generate_step(
            mx.array(request.prompt.tokens),
            self._loaded.model,
            max_tokens=request.max_tokens,
            sampler=request.make_sampler(),
            logits_processors=request.make_processors(),
            kv_bits=self._kv_bits,
            quantized_kv_start=0,
        )

    def _finish(self, request: GenerateRequest, reason: str) -> Finished:
        self._queue.popleft()
        self._tokens = None
        return Finished(request, Completion(tuple(request.tokens), reason))

    def drop_all(self) -> list[GenerateRequest]:
        requests = list(self._queue)
        self._queue.clear()
        self._tokens = None
        mx.clear_cache()
        return requests
