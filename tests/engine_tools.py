"""What the tests of the engine share: requests from plain text, an engine run to its end.

Knows the engine's messages.  Invariant: `plain` is mlx-lm's own one-by-one generation.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import pytest

from stages.base import Prompt
from workers.core.cache import cache_dir
from workers.generation.engines.engine import Engine
from workers.generation.engines.mlx_lm_engines import OneByOneEngine
from workers.generation.linux_cpu import own_rows
from workers.generation.model.load import LoadedModel
from workers.generation.model.memory import Footprint
from workers.generation.packed.kinds import LayerKind
from workers.generation.packed.rows import RowCache
from workers.generation.requests import Finished, GenerateRequest
from workers.generation.speculative.drafting import Drafter, PlannedDraft
from workers.generation.speculative.drafts import Draft
from workers.generation.speculative.lengths import CostTable
from workers.generation.speculative.rows import SequenceState
from workers.generation.tokens.grammar import Grammar
from workers.generation.tokens.prompts import EncodedPrompt, PromptEncoder
from workers.generation.tokens.sampling import Sampling, make_sampler
from workers.performance_logger import read_metrics

ASK = Prompt(
    system="You answer questions about texts.",
    user="Read the text and answer.\n\nText: {text}\n\nQuestion: {question}",
    max_tokens=24,
)
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "risk_level": {"enum": ["low", "medium", "high"]},
        "mitigations": {
            "type": "array",
            "items": {"type": "string", "maxLength": 12},
            "maxItems": 2,
        },
    },
    "required": ["risk_level", "mitigations"],
    "additionalProperties": False,
}
TEXTS = (
    "An attacker sends a crafted request to the server.",
    "The phishing mail asks the user to type the password. " * 3,
    "A recipe for bread.",
    "The malware waits for commands and waits for commands and waits.",
    "low medium high critical yes no true false null 0 1 2 3",
)

CACHES = ("packed", "rows")  # rows of the pass side by side, or each on its own


def with_cache(loaded: LoadedModel, kind: str) -> LoadedModel:
    """The model with rows in this kind of cache; skips the test where there is no such kind."""
    return replace(loaded, kernels=replace(loaded.kernels, rows=row_caches(kind)))


def row_caches(kind: str) -> Callable[[Sequence[LayerKind]], RowCache] | None:
    """What makes caches of this kind for so many layers; None for `PackedCache`."""
    if kind == "packed":
        return None
    library = own_rows.load(cache_dir() / "compiled")
    if library is None or mx.default_device() != mx.cpu:
        pytest.skip("no compiler on this machine, or no need of one")
    return partial(own_rows.RowsCache, library=library)


def make_requests(
    loaded: LoadedModel,
    texts: Sequence[str] = TEXTS,
    schema: Mapping[str, Any] | None = None,
    max_tokens: int = 24,
    sampling: Sampling | None = None,
    questions: Sequence[str] = ("What is it?",),
) -> list[GenerateRequest]:
    """A request for every text and question."""
    encoder, loop = PromptEncoder(loaded.tokenizer), asyncio.new_event_loop()
    grammar = Grammar(loaded.tokenizer, loaded.facts.vocab_size) if schema else None
    sampling = sampling or Sampling()

    def request(text: str, question: str) -> GenerateRequest:
        prompt = encoder.encode(ASK.fill(text=text, question=question))
        return GenerateRequest(
            prompt=prompt,
            max_tokens=max_tokens,
            stage="test",
            make_matcher=lambda: grammar.matcher(schema) if grammar and schema else None,
            make_sampler=lambda: make_sampler(sampling, prompt.tokens),
            future=loop.create_future(),
        )

    made = [request(text, question) for text in texts for question in questions]
    loop.close()
    return made


def unasked(prompt: int, most: int, expected: int) -> GenerateRequest:
    """A request whose answer nobody bounds, and nobody waits for."""
    nothing: Any = lambda: None  # noqa: E731
    tokens = EncodedPrompt(tuple(range(prompt)), 0, 0)
    future: Any = None
    return GenerateRequest(tokens, most, "", nothing, nothing, future, expected=expected)


def answers(engine: Engine, requests: Sequence[GenerateRequest]) -> list[tuple[int, ...]]:
    """The answers' tokens, in the order of the requests."""
    engine.add(list(requests))
    return finish(engine, requests)


def finish(engine: Engine, requests: Sequence[GenerateRequest]) -> list[tuple[int, ...]]:
    """Step until nothing is active; every request must be answered once."""
    found: dict[int, tuple[int, ...]] = {}
    while engine.active:
        for done in engine.step():
            assert id(done.request) not in found, "answered twice"
            found[id(done.request)] = done.completion.tokens
    return [found[id(request)] for request in requests]


def plain(loaded: LoadedModel, requests: Sequence[GenerateRequest]) -> list[tuple[int, ...]]:
    """The same requests by mlx-lm's own generation, one after the other."""
    return answers(OneByOneEngine(loaded), requests)


@dataclass
class PlainAnswers:
    """Plain answers by a name for what is asked, made once: our caches play no part in them."""

    known: dict[str, list[tuple[int, ...]]] = field(default_factory=dict)

    def of(
        self, name: str, loaded: LoadedModel, requests: Sequence[GenerateRequest]
    ) -> list[tuple[int, ...]]:
        if name not in self.known:
            self.known[name] = plain(loaded, requests)
        return self.known[name]


def metric_lines(folder: Path, kind: str) -> list[dict[str, Any]]:
    """What a closed log holds of a kind, as fields."""
    return [line.body.to_fields() for line in read_metrics(folder) if line.body.kind == kind]


def assert_same(
    loaded: LoadedModel,
    requests: Sequence[GenerateRequest],
    found: Sequence[tuple[int, ...]],
    wanted: Sequence[tuple[int, ...]],
) -> None:
    """Equal token for token; where two differ, the two logits must be a near tie."""
    for request, ours, theirs in zip(requests, found, wanted, strict=True):
        if ours == theirs:
            continue
        at = next((i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), None)
        assert at is not None, f"one answer goes on after the other ends: {ours} / {theirs}"
        context = mx.array([*request.prompt.tokens, *ours[:at]])[None]
        logits = np.array(loaded.model(context)[0, -1].astype(mx.float32))
        a, b = float(logits[ours[at]]), float(logits[theirs[at]])
        assert abs(a - b) < 1e-3 * float(np.std(logits)), (
            f"token {at} differs and is no tie: {ours[at]} has {a}, {theirs[at]} has {b}"
        )


def costs(dear: float = 0.0) -> CostTable:
    """What passes take, made up: a constant, and more for each token of a `dear` machine."""
    return CostTable((1, 32), (0.01, 0.01 * (1 + dear)))


class ScriptedDrafter(Drafter):
    """Drafts the known answers, spoiled at random: every kind of acceptance occurs."""

    def __init__(self, known: Mapping[tuple[int, ...], Sequence[int]], length: int, wrong: float):
        super().__init__(costs)
        self._known, self._length, self._wrong = known, length, wrong
        self._random = np.random.default_rng(7)
        self.accepted: list[int] = []
        self.rows: list[SequenceState] = []  # that were drafted for last

    def plan(self, rows: Sequence[SequenceState], others_follow: bool = True) -> list[PlannedDraft]:
        self.rows = list(rows)
        return [self._planned(row) for row in rows]

    def _planned(self, row: SequenceState) -> PlannedDraft:
        future = self._known[row.prompt][len(row.answer) :][: self._length]
        tokens = tuple(
            int(token) if self._random.random() >= self._wrong else int(token) ^ 1
            for token in future
        )
        return PlannedDraft(row, Draft("script", 0, tokens) if tokens else None, tokens)

    def learn(self, plan: PlannedDraft, right: int, *_: Any) -> None:
        self.accepted.append(right)


class Watched:
    """An engine that calls `before_step` with the engine it wraps, which may raise."""

    def __init__(self, engine: Engine, before_step: Callable[[Engine], None]) -> None:
        self.engine = engine
        self._before_step = before_step

    @property
    def note(self) -> str:
        return self.engine.note

    @property
    def keeps(self) -> Footprint:
        return self.engine.keeps

    @property
    def places(self) -> int:
        return self.engine.places

    @property
    def prompt_tokens(self) -> int:
        return self.engine.prompt_tokens

    @property
    def active(self) -> int:
        return self.engine.active

    @property
    def held_bytes(self) -> int:
        return self.engine.held_bytes

    @property
    def held_tokens(self) -> list[int]:
        return self.engine.held_tokens

    @property
    def longest(self) -> int:
        return self.engine.longest

    def add(self, requests: list[GenerateRequest]) -> None:
        self.engine.add(requests)

    def give_back(self, count: int) -> list[GenerateRequest]:
        return self.engine.give_back(count)

    def drop_done(self) -> None:
        self.engine.drop_done()

    def step(self, others_follow: bool = True) -> list[Finished]:
        self._before_step(self.engine)
        return self.engine.step(others_follow)

    def drop_all(self) -> list[GenerateRequest]:
        return self.engine.drop_all()
