"""Drafter: which draft each sequence gets, how long it is, and what its acceptance teaches.

Knows the sources and their acceptance rates; does not know the cache.  Invariant: a sequence's
tokens never depend on what is planned here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from workers.generation.meter import Meter
from workers.generation.model.memory import Footprint
from workers.generation.speculative.drafts import (
    MODEL,
    PROMPT,
    SUFFIX,
    Acceptance,
    Draft,
    StageMemory,
)
from workers.generation.speculative.lengths import (
    AcceptanceEstimate,
    CostTable,
    draft_lengths,
    weights,
)
from workers.generation.speculative.rows import SequenceState

SOURCES = (PROMPT, SUFFIX)
MOST_NGRAM_TOKENS = 8  # tokens of an n-gram draft, which costs nothing to make
_MOST_IN_A_ROW = 16  # passes with drafts before one without
_BEYOND = 8  # minimum expected remaining tokens once past the mean length


class DraftProposer(Protocol):
    """A source of drafts that takes passes of its own: a second model, or a head of this one.

    wants_states: whether rows are to carry what the target's head was given for their last token
    that is in the cache (`SequenceState.state`).
    """

    wants_states: bool

    def seconds(self, tokens: int) -> float:
        """What a draft of so many tokens takes, by what earlier ones took."""
        ...

    def reading(self, row: SequenceState) -> float:
        """Seconds that it takes to read the row before its first draft; 0 once that is done."""
        ...

    def keeps(self, tokens: int) -> Footprint:
        """Bytes that it keeps of a row for drafts of so many tokens."""
        ...

    @property
    def held_bytes(self) -> int:
        """Bytes that it holds of all rows."""
        ...

    def propose(self, wanted: Sequence[tuple[SequenceState, int]]) -> list[tuple[int, ...]]:
        """As many tokens for each row as were asked for, or fewer."""
        ...

    def forget(self, row: SequenceState) -> None:
        """The row has left the batch."""
        ...

    def forget_all(self) -> None:
        """All rows were dropped."""
        ...


@dataclass(frozen=True)
class PlannedDraft:
    """A row in the next pass: its draft, and the part of it that goes in."""

    row: SequenceState
    draft: Draft | None = None
    tokens: tuple[int, ...] = ()


class Drafter:
    """Plans the drafts of a batch.  Sources: "prompt" and "suffix" n-grams, and one that guesses.

    `costs` gives the table of what passes take; it is asked for with the first plan, since
    measuring takes a while.
    """

    def __init__(
        self,
        costs: Callable[[], CostTable],
        sources: Sequence[str] = SOURCES,
        model: DraftProposer | None = None,
        most_by_model: int = 4,
        most_ngram_tokens: int = MOST_NGRAM_TOKENS,
        always: bool = False,
    ) -> None:
        self.acceptance = Acceptance()
        self._costs = costs
        self._sources = sources
        self._model = model
        self._most_by_model = most_by_model
        self._most_ngram_tokens = most_ngram_tokens
        self._always = always  # for tests: draft whatever it costs
        self._earlier = StageMemory()
        self._in_a_row = 0  # passes with drafts
        self._lengths_of: dict[str, tuple[int, int]] = {}  # answers and their tokens, by stage

    @cached_property
    def _cost(self) -> CostTable:
        return self._costs()

    @property
    def longest(self) -> int:
        """Most tokens of a draft."""
        ngrams = self._most_ngram_tokens if self._sources else 0
        return max(ngrams, 0 if self._model is None else self._most_by_model)

    @property
    def wants_states(self) -> bool:
        """Whether a source goes by the target's states."""
        return self._model is not None and self._model.wants_states

    @property
    def keeps(self) -> Footprint:
        """Bytes that a source keeps of a row, beside the target model."""
        return Footprint(0) if self._model is None else self._model.keeps(self._most_by_model)

    @property
    def held_bytes(self) -> int:
        """Bytes that a source holds of all rows."""
        return 0 if self._model is None else self._model.held_bytes

    def plan(self, rows: Sequence[SequenceState], others_follow: bool = True) -> list[PlannedDraft]:
        """What to put into the next pass for each row.

        `others_follow`: other rows take the places of those that end; if not, the last row
        decides when the work is done.  Now and then a pass has no drafts, so that the cost of
        such passes stays known.
        """
        if self._in_a_row >= _MOST_IN_A_ROW and not self._always:
            self._in_a_row = 0
            return [PlannedDraft(row) for row in rows]
        found = self._best(rows, others_follow)
        self._in_a_row = self._in_a_row + 1 if any(plan.tokens for plan in found) else 0
        return found

    def _best(self, rows: Sequence[SequenceState], others_follow: bool) -> list[PlannedDraft]:
        found = [PlannedDraft(row, self._ngram_draft(row)) for row in rows]
        weight = [1.0] * len(rows)
        if not others_follow:
            weight = weights([self._left(row) for row in rows], self._cost, _context(rows))
        lengths, speed = self._lengths(found, weight, 0.0)
        if self._model is None:
            return _cut(found, lengths)
        guessed = [self._or_model(plan, speed) for plan in found]
        drafting = self._model.seconds(self._most_by_model) + sum(map(self._reading, guessed))
        with_model, faster = self._lengths(guessed, weight, drafting)
        if not self._always and faster <= speed:
            return _cut(found, lengths)
        return self._filled(_cut(guessed, with_model))

    def _lengths(
        self, plans: Sequence[PlannedDraft], weight: Sequence[float], extra: float
    ) -> tuple[list[int], float]:
        if self._always:
            return [len(plan.draft.tokens) if plan.draft else 0 for plan in plans], 0.0
        committed = sum(len(plan.row.pending) for plan in plans)
        chances = [self._chance(plan, one) for plan, one in zip(plans, weight, strict=True)]
        context = _context([plan.row for plan in plans])
        return draft_lengths(chances, committed, self._cost, extra, context)

    def _chance(self, plan: PlannedDraft, weight: float) -> AcceptanceEstimate:
        if plan.draft is None:
            return AcceptanceEstimate(0.0, 0, weight)
        rate = self.acceptance.rate(plan.row.request.stage, plan.draft)
        return AcceptanceEstimate(rate, len(plan.draft.tokens), weight)

    def _left(self, row: SequenceState) -> float:
        """Expected remaining tokens, from the stage's mean answer length."""
        answers, tokens = self._lengths_of.get(row.request.stage, (0, 0))
        if not answers:
            return row.left
        return min(row.left, max(_BEYOND, tokens / answers - len(row.answer)))

    def _ngram_draft(self, row: SequenceState) -> Draft | None:
        """The n-gram draft of the higher acceptance rate, from prompt or earlier answers."""
        stage = row.request.stage
        found = []
        if PROMPT in self._sources:
            found.append(row.ngram_draft(self._most_ngram_tokens))
        if SUFFIX in self._sources:
            found.append(self._earlier.of(stage).draft(row.tail, self._most_ngram_tokens))
        fitting = [
            replace(draft, tokens=tokens)
            for draft in found
            if draft is not None and (tokens := row.fitting(draft))
        ]
        return max(fitting, key=lambda d: self.acceptance.rate(stage, d), default=None)

    def _or_model(self, plan: PlannedDraft, speed: float) -> PlannedDraft:
        """Prefer a (not yet generated) draft-model draft when its acceptance rate is higher, and
        reading the row for it costs no more than it gains; `speed` is in tokens a second."""
        most = min(self._most_by_model, plan.row.left - 1)
        if most < 1:
            return plan
        stage = plan.row.request.stage
        by_model = Draft(MODEL, 0, (0,) * most)
        known = 0.0 if plan.draft is None else self.acceptance.rate(stage, plan.draft)
        if known >= self.acceptance.rate(stage, by_model):
            return plan
        guessed = PlannedDraft(plan.row, by_model)
        gained = self._chance(guessed, 1.0).expected - self._chance(plan, 1.0).expected
        return plan if self._reading(guessed) * speed > max(0.0, gained) else guessed

    def _reading(self, plan: PlannedDraft) -> float:
        """Seconds of reading the row that fall to this pass, by its share of what is to come."""
        if self._model is None or plan.draft is None or plan.draft.source != MODEL:
            return 0.0
        share = self._chance(plan, 1.0).expected / max(1.0, self._left(plan.row))
        return min(1.0, share) * self._model.reading(plan.row)

    def _filled(self, plans: list[PlannedDraft]) -> list[PlannedDraft]:
        """The model's drafts, made now for all rows that were given one."""
        assert self._model is not None
        wanted = [p for p in plans if p.draft is not None and p.draft.source == MODEL and p.tokens]
        guesses = self._model.propose([(plan.row, len(plan.tokens)) for plan in wanted])
        made = {id(plan.row): guess for plan, guess in zip(wanted, guesses, strict=True)}
        return [_with(plan, made.get(id(plan.row))) for plan in plans]

    def observe(self, plans: Sequence[PlannedDraft], tokens: int, seconds: float) -> None:
        """A pass of so many tokens for these rows, and of no prompt, took this long."""
        context, drafted = _context([p.row for p in plans]), any(p.tokens for p in plans)
        self._cost.observe(tokens, seconds, context, drafted)

    def learn(self, plan: PlannedDraft, right: int, new: Sequence[int], meter: Meter) -> None:
        """The row's tokens are decided: the first `right` draft tokens are accepted.

        A draft that was not used is compared all the same, so that its rate stays known.
        """
        draft, stage = plan.draft, plan.row.request.stage
        if draft is None or not new:
            return
        if plan.tokens:
            self.acceptance.learn(stage, draft, right, right < min(len(plan.tokens), len(new)))
            meter.drafted(stage, draft.source, len(plan.tokens), right)
        elif draft.source != MODEL:
            true = draft.tokens[0] == new[0]
            self.acceptance.learn(stage, draft, int(true), not true)

    def finished(self, row: SequenceState) -> None:
        """An answer is complete: it feeds the suffix index and the mean answer length."""
        stage = row.request.stage
        answers, tokens = self._lengths_of.get(stage, (0, 0))
        self._lengths_of[stage] = answers + 1, tokens + len(row.answer)
        if SUFFIX in self._sources:
            self._earlier.of(stage).add(row.answer)

    def forget(self, row: SequenceState) -> None:
        """The row has left the batch."""
        if self._model is not None:
            self._model.forget(row)

    def forget_all(self) -> None:
        """All rows were dropped."""
        if self._model is not None:
            self._model.forget_all()


def _context(rows: Sequence[SequenceState]) -> int:
    return sum(len(row.prefill_tokens) for row in rows) // len(rows)


def _cut(plans: Sequence[PlannedDraft], lengths: Sequence[int]) -> list[PlannedDraft]:
    return [
        replace(plan, tokens=plan.draft.tokens[:length]) if plan.draft else plan
        for plan, length in zip(plans, lengths, strict=True)
    ]


def _with(plan: PlannedDraft, guess: tuple[int, ...] | None) -> PlannedDraft:
    if not guess or plan.draft is None:
        is_model = plan.draft is not None and plan.draft.source == MODEL
        return PlannedDraft(plan.row) if is_model else plan
    fitting = plan.row.fitting(Draft(MODEL, 0, guess))
    return PlannedDraft(plan.row, Draft(MODEL, 0, fitting or guess[:1]), fitting)
