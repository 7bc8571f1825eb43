"""SpeculativeDecoder: one forward pass over a ragged batch, prefill chunks and draft tokens alike.

A step is a pass over flat tokens: for every decoding row the tokens committed since the last
pass and a draft of what may follow; for rows that start, the next chunk of their prompt.  The
model then decides token by token; accepted draft tokens have cost no pass of their own.  Knows
nothing of records or awaiting.  Invariant: answers are those of plain decoding, and a row
that was taken is finished once, or given back by `drop_all`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import mlx.core as mx

from workers.generation.meter import Meter
from workers.generation.model.device_memory import device_bytes
from workers.generation.model.footprint import packed_footprint
from workers.generation.model.load import LoadedModel
from workers.generation.model.memory import PROMPT_TOKENS
from workers.generation.packed.forward import Forward
from workers.generation.packed.plan import PrefillChunk, PrefilledKV
from workers.generation.packed.prefix import PrefixCache, limit_for
from workers.generation.packed.rows import Decoding, RowCache
from workers.generation.requests import Finished, GenerateRequest
from workers.generation.speculative.drafting import Drafter, PlannedDraft
from workers.generation.speculative.drafts import matching
from workers.generation.speculative.prefill import Prefill, PromptChunk
from workers.generation.speculative.rows import SequenceState
from workers.generation.tokens.logits import Logits

_PROMPT_TOKENS_BESIDE = 192  # of prompts beside decoding rows, so that those go on


class SpeculativeDecoder:
    """Runs rows step by step; `drafter` None means plain decoding."""

    def __init__(
        self,
        loaded: LoadedModel,
        drafter: Drafter | None = None,
        kv_bits: int | None = None,
        meter: Meter | None = None,
        note: str = "",
    ) -> None:
        self.note = note
        self.prompt_tokens = PROMPT_TOKENS
        self.places = 1 if drafter is None else 1 + drafter.longest
        self.keeps = loaded.facts.keeps
        if kv_bits is not None:
            self.keeps = packed_footprint(loaded.layer_kinds, loaded.kernels, kv_bits)
        if drafter is not None:
            self.keeps += drafter.keeps
        self._loaded = loaded
        self._forward = Forward(loaded.parts, loaded.head)
        self._drafter = drafter
        self._kv_bits = kv_bits
        self._meter = meter or Meter(None)
        prefixes = PrefixCache(limit_for(loaded.facts.keeps, device_bytes()))
        self._prefill = Prefill(prefixes, loaded.has_states, self._meter)
        self._decoding: list[SequenceState] = []
        self._cache = self._fresh_cache()
        self._widths: list[Decoding] = []
        wanted = drafter is not None and drafter.wants_states
        self._states: list[mx.array] | None = [] if wanted else None  # of a pass, by place

    def _fresh_cache(self) -> RowCache:
        return self._loaded.new_cache(self._kv_bits)

    @property
    def active(self) -> int:
        """Rows taken and not finished."""
        return len(self._prefill.rows) + len(self._decoding)

    @property
    def held_bytes(self) -> int:
        """Bytes of KV held for active rows, a draft model's among them."""
        begun = (row.prefilled_kv for row in self._prefill.rows if row.prefilled_kv is not None)
        drafts = 0 if self._drafter is None else self._drafter.held_bytes
        return self._cache.nbytes + sum(kv.nbytes for kv in begun) + drafts

    @property
    def held_tokens(self) -> list[int]:
        """Tokens that each active row has places for in use."""
        slots = (row.slot for row in self._decoding if row.slot is not None)
        begun = (row.prefilled for row in self._prefill.rows if row.prefilled_kv is not None)
        return [*map(self._cache.taken, slots), *begun]

    @property
    def longest(self) -> int:
        """Most tokens that memory is planned for in any active row."""
        return max((row.planned for row in (*self._prefill.rows, *self._decoding)), default=0)

    def give_back(self, count: int) -> list[GenerateRequest]:
        """Let go of up to `count` rows, the newest first; they may be added again later."""
        return self._let_go([*self._decoding, *self._prefill.rows][-count:])

    def drop_done(self) -> None:
        """Let go of rows that nobody waits for any more."""
        rows = [*self._decoding, *self._prefill.rows]
        self._let_go([row for row in rows if row.request.future.done()])

    def _let_go(self, rows: list[SequenceState]) -> list[GenerateRequest]:
        for row in rows:
            (self._prefill.rows if row in self._prefill.rows else self._decoding).remove(row)
            if row.slot is not None:
                self._release(row)
        return [row.given_back() for row in rows]

    def add(self, requests: list[GenerateRequest]) -> None:
        """Take rows; they start with the next step."""
        for request in requests:
            draft = self._drafter is not None
            self._prefill.rows.append(SequenceState(request, self._loaded.eos_token_ids, draft))

    def drop_all(self) -> list[GenerateRequest]:
        """Forget everything and give the unfinished requests back, oldest first."""
        rows = [*self._decoding, *self._prefill.rows]
        self._decoding, self._prefill.rows = [], []
        self._cache = self._fresh_cache()
        if self._drafter is not None:
            self._drafter.forget_all()
        mx.clear_cache()
        return [row.given_back() for row in rows]

    def step(self, others_follow: bool = True) -> list[Finished]:
        """One pass; the answers that ended."""
        beside = bool(self._decoding)
        chunks = self._prefill.next_chunks(_PROMPT_TOKENS_BESIDE if beside else PROMPT_TOKENS)
        with self._meter.in_phase("draft"):
            planned = self._planned(bool(self._prefill.rows) or others_follow)
        begun = time.perf_counter()
        logits = self._pass(planned, chunks)
        seconds = time.perf_counter() - begun
        self._account(planned, chunks, seconds)
        if not beside:
            mx.clear_cache()  # of what reading prompts took, as mlx-lm does behind each part
        with self._meter.in_phase("grammar"):  # and whatever else it takes to pick tokens
            self._continue(planned, logits)
            self._prefilled(chunks, logits[len(logits) - sum(chunk.last for chunk in chunks) :])
        return self._finished()

    def _prefilled(self, chunks: Sequence[PromptChunk], logits: Sequence[Logits]) -> None:
        """The rows that these chunks complete decode from now on; `logits` are their last ones."""
        done = self._prefill.took(chunks)
        for number, (row, first) in enumerate(zip(done, logits, strict=True)):
            assert row.prefilled_kv is not None
            if self._states:
                row.state = self._states[number - len(done)]
            slot = self._cache.insert(row.prefilled_kv)  # may find no memory
            self._prefill.rows.remove(row)
            self._decoding.append(row)
            row.start(slot, first)
            self._meter.first_token(row.request.stage, time.monotonic() - row.taken)

    # Decoding rows.

    def _planned(self, others_follow: bool) -> list[PlannedDraft]:
        if self._drafter is None or not self._decoding:
            return [PlannedDraft(row) for row in self._decoding]
        return self._drafter.plan(self._decoding, others_follow)

    def _continue(self, planned: Sequence[PlannedDraft], logits: Sequence[Logits]) -> None:
        at = 0
        kept = []
        for plan in planned:
            row, draft = plan.row, plan.tokens
            committed = len(row.pending)
            new = _decided(row, draft, logits[at : at + len(draft) + 1])
            right = matching(draft, new)
            if self._states:
                row.state = self._states[at + right]
            at += len(draft) + 1
            kept.append(committed + right)
            row.pending = new[right:]
            if self._drafter is not None:
                self._drafter.learn(plan, right, new, self._meter)
        self._cache.commit(self._widths, kept)

    def _finished(self) -> list[Finished]:
        done = [row for row in self._decoding if row.finish is not None]
        for row in done:
            self._decoding.remove(row)
            self._release(row)
            self._meter.forced(row.request.stage, row.forced)
            if self._drafter is not None:
                self._drafter.finished(row)
        return [Finished(row.request, row.completion) for row in done]

    def _release(self, row: SequenceState) -> None:
        assert row.slot is not None, "a decoding row has a slot"
        self._cache.release(row.slot)
        if self._drafter is not None:
            self._drafter.forget(row)

    # The pass itself.

    def _pass(
        self, planned: Sequence[PlannedDraft], chunks: Sequence[PromptChunk]
    ) -> Sequence[Logits]:
        """Logits of each row's last committed token and its draft, then of the prefill chunks that
        end a prompt."""
        tokens: list[int] = []
        positions: list[int] = []
        places: list[int] = []
        self._widths = []
        for plan in planned:
            slot, new = plan.row.slot, [*plan.row.pending, *plan.tokens]
            assert slot is not None
            self._widths.append(Decoding(slot, len(new)))
            positions.extend(range(slot.length, slot.length + len(new)))
            tokens.extend(new)
            places.extend(range(len(tokens) - len(plan.tokens) - 1, len(tokens)))
        in_pass = []
        for chunk in chunks:
            row, start = chunk.row, len(tokens)
            row.prefilled_kv = row.prefilled_kv or PrefilledKV([None] * len(self._cache.layers))
            tokens.extend(row.prefill_tokens[chunk.start : chunk.stop])
            positions.extend(range(chunk.start, chunk.stop))
            in_pass.append(PrefillChunk(row.prefilled_kv, start, len(tokens)))
            if chunk.last:
                places.append(len(tokens) - 1)
        self._cache.begin(self._widths, in_pass, positions)
        if self._states is not None:
            self._states.clear()
        return self._forward.scores(
            *(tokens, self._cache, places),
            also=lambda: [array for chunk in in_pass for array in chunk.kv.arrays],
            whole=any(
                row.wants_all for row in [one.row for one in planned] + [one.row for one in chunks]
            ),
            states=self._states,
        )

    def _account(
        self, planned: Sequence[PlannedDraft], chunks: Sequence[PromptChunk], seconds: float
    ) -> None:
        decoded = sum(width.count for width in self._widths)
        prompt = sum(chunk.stop - chunk.start for chunk in chunks)
        if planned and not prompt and self._drafter is not None:
            self._drafter.observe(planned, decoded, seconds)
        share = prompt / (prompt + decoded)
        self._meter.phase("prefill", seconds * share)
        self._meter.phase("decode", seconds * (1 - share))


def _decided(row: SequenceState, draft: Sequence[int], logits: Sequence[Logits]) -> list[int]:
    """The tokens that are decided now, as long as the draft they rest on is accepted."""
    known = len(row.answer)
    at = 0
    while row.finish is None and at <= len(draft):
        if matching(draft, row.answer[known:]) < at:
            break
        row.decide(logits[at])
        at = len(row.answer) - known
    return row.answer[known:]
