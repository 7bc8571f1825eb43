"""Draft tokens from a second, smaller model, for several rows at once.

It keeps rows of its own, reads their prompts before their first drafts, catches up with what was
decided when it is asked, and goes back to where its guesses parted from it, recurrent states with
it.  Knows nothing of the target model.
Invariant: its cache holds, for each row, a beginning of what was decided.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import mlx.core as mx
import numpy as np

from workers.generation.model.load import LoadedModel
from workers.generation.model.memory import PROMPT_TOKENS, Footprint
from workers.generation.packed.forward import Forward
from workers.generation.packed.plan import PrefillChunk, PrefilledKV
from workers.generation.packed.rows import CacheCheckpoint, CacheSlot, Decoding, RowCache
from workers.generation.speculative.drafts import matching
from workers.generation.speculative.rows import SequenceState


@dataclass
class _DraftSequence:
    """A row as the draft model knows it: the tokens in its cache, in order, and places that it can
    go back to: before its last draft, and after each token of that."""

    slot: CacheSlot
    seen: list[int]
    marks: list[CacheCheckpoint]


class DraftModel:
    """Proposes the draft model's greedy continuation of rows."""

    wants_states = False

    def __init__(self, loaded: LoadedModel) -> None:
        self._loaded = loaded
        self._forward = Forward(loaded.parts, loaded.head)
        self._cache = self._fresh_cache()
        self._rows: dict[int, _DraftSequence] = {}
        self._pass_seconds = 0.0
        self._token_seconds = 0.0  # of reading a prompt
        self._has_read = False

    def _fresh_cache(self) -> RowCache:
        return self._loaded.new_cache()

    def seconds(self, tokens: int) -> float:
        """What a draft of so many tokens takes, by what earlier ones took."""
        return self._pass_seconds * tokens

    def reading(self, row: SequenceState) -> float:
        """What reading the row takes before its first draft; 0 once that is done."""
        return 0.0 if id(row) in self._rows else self._token_seconds * len(_whole(row))

    def keeps(self, tokens: int) -> Footprint:
        """Bytes that it keeps of a row while it drafts so many tokens: of states one for each place
        that it can go back to."""
        keeps = self._loaded.facts.keeps
        return replace(keeps, per_row=keeps.per_row * (tokens + 1))

    @property
    def held_bytes(self) -> int:
        """Bytes that it holds of all rows."""
        earlier = (mark for row in self._rows.values() for mark in row.marks[:-1])
        states = (state for mark in earlier for state in mark.states.values())
        return self._cache.nbytes + sum(part.nbytes for state in states for part in state)

    def propose(self, wanted: Sequence[tuple[SequenceState, int]]) -> list[tuple[int, ...]]:
        """As many tokens for each row as were asked for; none for one whose turn to be read comes
        later."""
        if not wanted:
            return []
        self._read([row for row, _ in wanted])
        known = [(row, most) for row, most in wanted if id(row) in self._rows]
        made = {id(row): guess for (row, _), guess in zip(known, self._drafts(known), strict=True)}
        return [made.get(id(row), ()) for row, _ in wanted]

    def _read(self, rows: Sequence[SequenceState]) -> None:
        """Read those that are new, one at least, of as many tokens as a pass over prompts has: all
        other rows wait meanwhile."""
        begun, read = time.perf_counter(), 0
        for row in (row for row in rows if id(row) not in self._rows):
            tokens = _whole(row)[:-1]
            if not read or read + len(tokens) <= PROMPT_TOKENS:
                self._rows[id(row)] = self._prefilled(tokens)
                read += len(tokens)
        if read and self._has_read:  # the first time MLX may compile what it takes
            spent = (time.perf_counter() - begun) / read
            self._token_seconds = _followed(self._token_seconds, spent)
        self._has_read = self._has_read or read > 0

    def _drafts(self, wanted: Sequence[tuple[SequenceState, int]]) -> list[tuple[int, ...]]:
        """Of rows that were read."""
        rows = [self._follower(row) for row, _ in wanted]
        unseen = [_whole(row)[len(f.seen) :] for (row, _), f in zip(wanted, rows, strict=True)]
        guesses: list[list[int]] = [[] for _ in wanted]
        begun, passes = time.perf_counter(), 0
        while going := [i for i, (_, most) in enumerate(wanted) if len(guesses[i]) < most]:
            best = self._pass([rows[i] for i in going], [unseen[i] for i in going])
            for i, token in zip(going, best, strict=True):
                guesses[i].append(token)
                unseen[i] = [token]
            passes += 1
        spent = (time.perf_counter() - begun) / passes
        self._pass_seconds = _followed(self._pass_seconds, spent)
        return [tuple(guess) for guess in guesses]

    def _follower(self, row: SequenceState) -> _DraftSequence:
        """The row as this model knows it, rolled back to what was decided."""
        follower = self._rows[id(row)]
        known = matching(follower.seen, _whole(row)[:-1])
        mark = max((m for m in follower.marks if m.length <= known), key=lambda m: m.length)
        self._cache.rewind(follower.slot, mark)
        del follower.seen[mark.length :]
        follower.marks = [mark]
        return follower

    def _prefilled(self, tokens: list[int]) -> _DraftSequence:
        kv = PrefilledKV([None] * len(self._cache.layers))
        for start in range(0, len(tokens), PROMPT_TOKENS):
            part = tokens[start : start + PROMPT_TOKENS]
            positions = list(range(start, start + len(part)))
            self._cache.begin([], [PrefillChunk(kv, 0, len(part))], positions)
            self._forward.logits(part, self._cache, [0])  # which are never computed
            mx.eval(kv.arrays)
        mx.clear_cache()
        slot = self._cache.insert(kv)
        return _DraftSequence(slot, list(tokens), [self._cache.mark(slot)])

    def _pass(self, rows: Sequence[_DraftSequence], new: Sequence[Sequence[int]]) -> list[int]:
        """Take in each row's new tokens; the likeliest next one of each."""
        widths = [Decoding(row.slot, len(tokens)) for row, tokens in zip(rows, new, strict=True)]
        positions = [w.slot.length + i for w in widths for i in range(w.count)]
        self._cache.begin(widths, [], positions)
        ends = np.cumsum([w.count for w in widths]) - 1
        flat = [token for tokens in new for token in tokens]
        found = [one.best() for one in self._forward.scores(flat, self._cache, ends.tolist())]
        self._cache.commit(widths, [w.count for w in widths])
        for row, tokens in zip(rows, new, strict=True):
            row.seen.extend(tokens)
            row.marks.append(self._cache.mark(row.slot))
        return found

    def forget(self, row: SequenceState) -> None:
        """The row is finished."""
        follower = self._rows.pop(id(row), None)
        if follower is not None:
            self._cache.release(follower.slot)

    def forget_all(self) -> None:
        """All rows were dropped."""
        self._rows.clear()
        self._cache = self._fresh_cache()


def _whole(row: SequenceState) -> list[int]:
    return [*row.prompt, *row.answer]


def _followed(known: float, seen: float) -> float:
    """Seconds that follow what is seen, from the first time on."""
    return known + (0.2 if known else 1.0) * (seen - known)
