"""What runs rows, and the two engines that are mlx-lm's own generation.

`BatchEngine` serves models whose caches can't take single rows back; `OneByOneEngine` is
`--no-batching` and the reference in tests.  `SpeculativeDecoder` is the third.  They know
nothing of records or awaiting, and run mlx-lm's model and caches as they are.  Invariant: a row
that was taken is finished once, or given back whole by `drop_all`.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from typing import Any, cast

import mlx.core as mx
import numpy as np
from mlx_lm.generate import BatchGenerator, generate_step

from workers.generation.engines.shared_prefixes import SharedPrefixes
from workers.generation.meter import Meter
from workers.generation.model.device_memory import device_bytes
from workers.generation.model.footprint import mlx_lm_footprint
from workers.generation.model.load import LoadedModel
from workers.generation.packed.prefix import limit_for
from workers.generation.requests import Completion, Finished, GenerateRequest
from workers.generation.tokens.grammar import SchemaProcessor

_PREFILL_STEP = 512  # prompt tokens a row takes between two decoding steps
_PREFILL_ROWS = 8
_PREFILL_ALONE = 2048  # mlx-lm's own step, for one row


class _Row:
    """A request and its answer so far."""

    def __init__(self, request: GenerateRequest, cached: int = 0) -> None:
        self.request = request
        self._tokens: list[int] = []
        self._cached = cached
        self._notes = request.new_notes()

    def take(self, token: int, logprobs: mx.array) -> bool:
        """The next token, taken by log probabilities (vocab,); whether the answer ends with it."""
        self._tokens.append(token)
        if self._notes is not None:
            self._notes.decided(token, np.array(logprobs.astype(mx.float32)))
        return self.request.stops is not None and self.request.stops.ends(self._tokens)

    @property
    def held(self) -> int:
        """Tokens in the cache; a prompt that is being read counts by what others had read."""
        prompt = len(self.request.prompt.tokens) if self._tokens else self._cached
        return prompt + len(self._tokens)

    @property
    def planned(self) -> int:
        """Tokens that memory is planned for."""
        return self.request.planned(len(self._tokens))

    def given_back(self) -> GenerateRequest:
        """Its request, which may start anew."""
        return self.request.given_back(len(self._tokens))

    def finished(self, reason: str) -> Finished:
        notes = None if self._notes is None else tuple(self._notes.places)
        answer = Completion(tuple(self._tokens), reason, self._cached, notes)
        return Finished(self.request, answer)


def _processors(request: GenerateRequest, meter: Meter) -> list[Any]:
    """The logits processors of a row, timed as the "grammar" phase."""
    matcher = request.make_matcher()
    if matcher is None:
        return []
    keep_inside = SchemaProcessor(matcher, request.max_tokens)

    def timed(context: mx.array, logits: mx.array) -> mx.array:
        with meter.in_phase("grammar"):
            return keep_inside(context, logits)

    return [timed]


def _sampler(request: GenerateRequest) -> Any:
    return request.make_sampler()


class BatchEngine:
    """Rows of different lengths and settings in one batch of mlx-lm's BatchGenerator.

    What prompts share is computed once, in mlx-lm's own caches.
    """

    def __init__(
        self, loaded: LoadedModel, ceiling: int, meter: Meter | None = None, note: str = ""
    ) -> None:
        self.note = note
        self.keeps, self.places = mlx_lm_footprint(loaded.model), 1
        self.prompt_tokens = _PREFILL_STEP * min(_PREFILL_ROWS, ceiling)
        self._loaded = loaded
        self._meter = meter or Meter(None)
        self._ceiling = ceiling
        self._rows: OrderedDict[int, _Row] = OrderedDict()
        self._new: deque[GenerateRequest] = deque()  # that wait for the next step
        self._prefixes = SharedPrefixes(loaded.model, limit_for(self.keeps, device_bytes()))
        self._generator = self._fresh()

    def _fresh(self) -> BatchGenerator:
        return BatchGenerator(
            self._loaded.model,
            stop_tokens=[[token] for token in sorted(self._loaded.eos_token_ids)],
            completion_batch_size=self._ceiling,
            prefill_batch_size=min(_PREFILL_ROWS, self._ceiling),
            prefill_step_size=_PREFILL_STEP,
        )

    @property
    def active(self) -> int:
        return len(self._rows) + len(self._new)

    @property
    def held_bytes(self) -> int:
        return int(self._generator.prompt_cache_nbytes) if self._rows else 0

    @property
    def held_tokens(self) -> list[int]:
        held = [row.held for row in self._rows.values()]
        return [max(held)] * len(held) if held else []  # shorter ones are filled up

    @property
    def longest(self) -> int:
        begun = (row.planned for row in self._rows.values())
        return max([*begun, *(request.planned() for request in self._new)], default=0)

    def give_back(self, count: int) -> list[GenerateRequest]:
        back = [self._new.pop() for _ in range(min(count, len(self._new)))]
        uids = list(self._rows)[len(self._rows) - (count - len(back)) :]
        return self._let_go(uids) + back[::-1]

    def drop_done(self) -> None:
        self._new = deque(request for request in self._new if not request.future.done())
        self._let_go([uid for uid, row in self._rows.items() if row.request.future.done()])

    def _let_go(self, uids: list[int]) -> list[GenerateRequest]:
        if uids:
            self._generator.remove(uids)
        return [self._rows.pop(uid).given_back() for uid in uids]

    def add(self, requests: list[GenerateRequest]) -> None:
        self._new.extend(requests)

    def _begin(self) -> None:
        """Hand new rows to mlx-lm; what they share is computed first, and may find no memory."""
        while self._new:
            self._insert(self._new[0])
            self._new.popleft()

    def _insert(self, request: GenerateRequest) -> None:
        with self._meter.in_phase("prefill"):
            known, caches = self._prefixes.of(request.prompt)
        tokens, given = list(request.prompt.tokens), cast(Any, [caches])
        [uid] = self._generator.insert(
            [tokens[known:]],
            [request.max_tokens],
            caches=given,
            all_tokens=[tokens[:known]],
            samplers=[_sampler(request)],
            logits_processors=[_processors(request, self._meter)],
        )
        self._rows[uid] = _Row(request, known)
        if known:
            self._meter.prefix(request.stage, known)

    def step(self, others_follow: bool = True) -> list[Finished]:
        self._begin()
        finished = []
        with self._meter.in_phase("decode"):
            with self._generator.stats() as spent:
                responses = self._generator.next()[1]
            self._meter.phase("prefill", spent.prompt_time)
        for response in responses:
            row, reason = self._rows[response.uid], response.finish_reason
            if reason != "stop" and row.take(response.token, response.logprobs):
                if reason is None:
                    self._generator.remove([response.uid])
                reason = "stop"
            if reason is not None:
                del self._rows[response.uid]
                finished.append(row.finished(reason))
        return finished

    def drop_all(self) -> list[GenerateRequest]:
        requests = [*(row.given_back() for row in self._rows.values()), *self._new]
        self._rows.clear()
        self._new.clear()
        self._prefixes.clear()
        self._generator = self._fresh()
        mx.clear_cache()
        return requests


class OneByOneEngine:
    """One row at a time through mlx-lm's generate_step: the reference and --no-batching."""

    def __init__(
        self,
        loaded: LoadedModel,
        kv_bits: int | None = None,
        meter: Meter | None = None,
        note: str = "",
    ) -> None:
        self.note = note
        self.keeps, self.places = mlx_lm_footprint(loaded.model), 1
        self.prompt_tokens = _PREFILL_ALONE
        self._loaded = loaded
        self._meter = meter or Meter(None)
        self._kv_bits = kv_bits
        self._queue: deque[_Row] = deque()
        self._tokens: Iterator[Any] | None = None

    @property
    def active(self) -> int:
        return len(self._queue)

    @property
    def held_bytes(self) -> int:
        return 0

    @property
    def held_tokens(self) -> list[int]:
        return []

    @property
    def longest(self) -> int:
        return max((row.planned for row in self._queue), default=0)

    def give_back(self, count: int) -> list[GenerateRequest]:
        return [self._queue.pop().given_back() for _ in range(min(count, len(self._queue) - 1))]

    def drop_done(self) -> None:
        if self._queue and self._queue[0].request.future.done():
            self._tokens = None
        self._queue = deque(row for row in self._queue if not row.request.future.done())

    def add(self, requests: list[GenerateRequest]) -> None:
        self._queue.extend(_Row(request) for request in requests)

    def step(self, others_follow: bool = True) -> list[Finished]:
        if not self._queue:
            return []
        row = self._queue[0]
        first = self._tokens is None
        if self._tokens is None:
            self._tokens = self._start(row.request)
        with self._meter.in_phase("prefill" if first else "decode"):
            token = next(self._tokens, None)
        if token is None:
            return [self._finish(row, "length")]
        if token[0] in self._loaded.eos_token_ids:
            return [self._finish(row, "stop")]
        return [self._finish(row, "stop")] if row.take(int(token[0]), token[1]) else []

    def _start(self, request: GenerateRequest) -> Iterator[Any]:
        return generate_step(
            mx.array(request.prompt.tokens),
            self._loaded.model,
            max_tokens=request.max_tokens,
            sampler=request.make_sampler(),
            logits_processors=_processors(request, self._meter),
            kv_bits=self._kv_bits,
            quantized_kv_start=0,
            prefill_step_size=_PREFILL_ALONE,
        )

    def _finish(self, row: _Row, reason: str) -> Finished:
        self._queue.popleft()
        self._tokens = None
        return row.finished(reason)

    def drop_all(self) -> list[GenerateRequest]:
        requests = [row.given_back() for row in self._queue]
        self._queue.clear()
        self._tokens = None
        mx.clear_cache()
        return requests
