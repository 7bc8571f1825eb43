"""State of one sequence being generated: its tokens, what is in the cache, when it ends.

Knows tokens, a grammar and a sampler; knows nothing of batches.  Invariant: a token is
decided once, by the logits of the tokens before it or by the grammar alone, whatever was
guessed about it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import mlx.core as mx
import numpy as np

from workers.generation.packed.plan import PrefilledKV
from workers.generation.packed.rows import CacheSlot
from workers.generation.requests import Completion, GenerateRequest
from workers.generation.speculative.drafts import PROMPT, Draft, NgramIndex
from workers.generation.tokens.logits import Logits
from workers.generation.tokens.sampling import KeyedSampler


class SequenceState:
    """A request being answered: first it is prefilled, then it decodes."""

    def __init__(self, request: GenerateRequest, eos: frozenset[int], draft: bool) -> None:
        self.request = request
        self.prompt = request.prompt.tokens
        self.answer: list[int] = []
        self.pending: list[int] = []  # committed, but not in the cache yet
        self.finish: str | None = None
        self.slot: CacheSlot | None = None
        self.state: mx.array | None = None  # see `DraftProposer.wants_states`
        self.prefilled_kv: PrefilledKV | None = None
        self.prefilled = 0  # tokens that `prefilled_kv` holds
        self.cached = 0  # tokens of the prompt that others had read
        self.forced = 0
        self.taken = time.monotonic()
        self._eos = eos
        self._matcher = request.make_matcher()
        self._sampler = request.make_sampler()
        self._notes = request.new_notes()
        self._ngrams = NgramIndex(PROMPT) if draft else None
        if self._ngrams is not None:
            self._ngrams.extend(self.prompt[request.prompt.shared :])
        self._take_forced()
        # Tokens prefilled before the first sampled token: the prompt, and what the grammar forces.
        self.prefill_tokens = (*self.prompt, *self.pending)

    @property
    def planned(self) -> int:
        """Tokens that memory is planned for."""
        return self.request.planned(len(self.answer))

    def given_back(self) -> GenerateRequest:
        """Its request, which may start anew."""
        return self.request.given_back(len(self.answer))

    @property
    def completion(self) -> Completion:
        """The answer, once `finish` is set."""
        assert self.finish is not None, "the answer is not finished"
        notes = None if self._notes is None else tuple(self._notes.places)
        return Completion(tuple(self.answer), self.finish, self.cached, notes)

    def start(self, slot: CacheSlot, logits: Logits) -> None:
        """All is prefilled; the first token can be decided."""
        self.slot, self.prefilled_kv = slot, None
        self.pending.clear()
        if self.finish is None:
            self.decide(logits)

    @property
    def tail(self) -> Sequence[int]:
        """The last few tokens, for lookups."""
        return self.answer[-8:] if len(self.answer) >= 8 else [*self.prompt[-8:], *self.answer]

    @property
    def left(self) -> int:
        """Tokens that may still come."""
        return self.request.max_tokens - len(self.answer)

    @property
    def wants_all(self) -> bool:
        """Whether it draws its tokens, or notes how likely they were."""
        return self._sampler is not None or self._notes is not None

    def decide(self, logits: Logits) -> None:
        """Take the token that logits give, and what the grammar adds to it."""
        token = self._picked(logits)
        if self._notes is not None and token not in self._eos:
            allowed = None if self._matcher is None else self._matcher.allowed()
            self._notes.decided(token, logits.all(), allowed)
        self._take(token)
        self._take_forced()

    def _picked(self, logits: Logits) -> int:
        if self._sampler is not None:
            return self._drawn(self._sampler, logits.all())
        best = logits.best()
        if self._matcher is None or self._matcher.allows(best):
            return best
        return logits.best(self._matcher.allowed())

    def _drawn(self, sampler: KeyedSampler, logits: np.ndarray) -> int:
        if self._matcher is not None:
            logits = np.where(self._matcher.allowed(), logits, -np.inf)
        row = mx.array(logits)[None]
        logprobs = row - mx.logsumexp(row, keepdims=True)
        drawn: Any = sampler.draw(logprobs, len(self.answer)).item()
        return int(drawn)

    def _take(self, token: int) -> None:
        if token in self._eos:
            self.finish = "stop"
            return
        self.answer.append(token)
        self.pending.append(token)
        if self._ngrams is not None:
            self._ngrams.extend((token,))
        if self._matcher is not None:
            self._matcher.advance(token)
        if self._matcher is not None and self._matcher.finished:
            self.finish = "stop"
        elif self.request.stops is not None and self.request.stops.ends(self.answer):
            self.finish = "stop"
        elif not self.left:
            self.finish = "length"

    def _take_forced(self) -> None:
        while self._matcher is not None and self.finish is None:
            token = self._matcher.only_choice(self.left)
            if token is None:
                return
            if self._notes is not None and token not in self._eos:
                self._notes.forced(token)
            self._take(token)
            self.forced += 1

    def ngram_draft(self, most: int) -> Draft | None:
        """What the row's own prompt and answer say may come next."""
        return None if self._ngrams is None else self._ngrams.draft(self.tail, most)

    def fitting(self, draft: Draft) -> tuple[int, ...]:
        """The part of a draft that length and grammar would let through."""
        tokens = draft.tokens[: max(0, self.left - 1)]
        return tokens if self._matcher is None else tokens[: self._matcher.fitting(tokens)]
