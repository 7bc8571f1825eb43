"""`selftest`: are answers correct on this machine, how fast are they, and what to set.

Compares rounds of the same questions with each other, never with answers from elsewhere, so
any model will do.  Invariant: a check passes only on what it saw; what it could not see, it says.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from workers.cli.trial import FreeMemory, Round, TokenizedAnswer, play, questions
from workers.generation.engines.compatible import why_not_packed
from workers.generation.model.load import LoadedModel
from workers.generation.model.memory import MIB, PROMPT_TOKENS, available_bytes
from workers.generation.model.ties import gap, parted_at, tolerance
from workers.generation.settings import DEFAULTS, GenerationSettings
from workers.generation.tokens.prompts import PromptEncoder
from workers.performance_logger import Drafts

TESTS = ("batch", "speculative", "dynamic")  # methods of Selftest
QUESTIONS = 12
SIZES = (4, 8, 16, 32)
STEADY = 0.8  # the slower of two equal rounds, at least
WORTH = 1.05  # speedup from which a setting is recommended
_DIP = range(QUESTIONS, 3 * QUESTIONS)  # readings of free memory during which it has run out
_RESERVE = 1024 * MIB
_PLENTY = 1 << 50  # bytes
_SCARCE = 3  # sequences
LOOKUP_DRAFTS = "drafts from prompt and earlier answers"
MODEL_DRAFTS = "drafts from the draft model"

Say = Callable[[str], None]


@dataclass
class Check:
    """The verdict of one test: what was measured, and which settings it recommends."""

    name: str
    ok: bool = True
    found: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)

    def expect(self, held: bool, text: str) -> None:
        """Add a finding; the check fails unless it held."""
        self.ok = self.ok and held
        self.found.append(text if held else f"FAILED: {text}")


@dataclass
class Comparison:
    """How many answers of two rounds are the same, diverged at a near-tie, or differ."""

    same: int = 0
    ties: int = 0
    other: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        whole = self.same + self.ties + len(self.other)
        parts = [f"{self.same} of {whole} answers are the same"]
        parts += [f"{self.ties} diverged at a near-tie (rounding)"] if self.ties else []
        parts += [f"{len(self.other)} differ: {'; '.join(self.other[:3])}"] if self.other else []
        return ", ".join(parts)


def compare(
    loaded: LoadedModel, one: Sequence[TokenizedAnswer], other: Sequence[TokenizedAnswer]
) -> Comparison:
    """Answer by answer; a difference counts as a tie only if the model itself says so."""
    found, most = Comparison(), tolerance(loaded)
    end = min(loaded.eos_token_ids)
    for number, (a, b) in enumerate(zip(one, other, strict=True), 1):
        if a.tokens == b.tokens or _text(loaded, a) == _text(loaded, b):
            found.same += 1
            continue
        parted = parted_at(a.tokens, b.tokens, end)
        assert parted is not None, "different tokens diverge somewhere"
        position, left, right = parted
        apart = gap(loaded, [*a.prompt, *a.tokens[:position]], left, right)
        if apart <= most:
            found.ties += 1
        else:
            found.other.append(f"question {number} from token {position + 1}, {apart:.1%} apart")
    return found


def _text(loaded: LoadedModel, answer: TokenizedAnswer) -> str:
    return str(loaded.tokenizer.decode(list(answer.tokens)))


@dataclass(frozen=True)
class Selftest:
    """The tests of one model; `max_tokens` and `sizes` bound how long they take."""

    loaded: LoadedModel
    draft: LoadedModel | None = None
    max_tokens: int = 48
    sizes: Sequence[int] = SIZES
    say: Say = print
    memory_check_seconds: float = DEFAULTS.memory_check_seconds

    def run(self, names: Sequence[str]) -> list[Check]:
        """Run these tests in order; prints each verdict as soon as it is known."""
        done = []
        for name in names:
            begun = time.monotonic()
            check: Check = getattr(self, name)()
            verdict = "ok" if check.ok else "FAILED"
            self.say(f"\n{name}: {verdict}, {time.monotonic() - begun:.0f} s")
            for line in check.found:
                self.say(f"  {line}")
            done.append(check)
        return done

    def _play(self, settings: GenerationSettings, count: int) -> Round:
        return play(self.loaded, settings, questions(count, self.max_tokens))

    # Batches

    def batch(self) -> Check:
        """Batched answers equal those made one at a time; how fast each batch size is."""
        check = Check("batch")
        plain = GenerationSettings(speculate=False)
        single = self._play(replace(plain, no_batching=True), QUESTIONS)
        together = self._play(plain, QUESTIONS)
        same = compare(self.loaded, single.answers, together.answers)
        check.expect(not same.other, f"one at a time and batched: {same.text}")
        check.found.append(f"one at a time: {single.speed:.1f} tokens/s")
        speeds = {1: single.speed}
        for size in self.sizes:
            speeds[size] = self._play(replace(plain, batch_size=size), size).speed
            times = speeds[size] / single.speed
            check.found.append(
                f"batch of {size}: {speeds[size]:.1f} tokens/s, {times:.1f} times as fast"
            )
        self._advise_batch(check, speeds)
        return check

    def _advise_batch(self, check: Check, speeds: dict[int, float]) -> None:
        best = best_size(speeds)
        if best == 1:
            check.advice.append("batching brings no speedup here: --no-batching is as fast")
        elif best == max(speeds):
            check.advice.append(
                f"--batch-size {best} was the fastest size tested; a larger one may be faster still"
            )
        else:
            check.advice.append(
                f"--batch-size {best} is enough: larger batches are less than "
                f"{WORTH - 1:.0%} faster"
            )

    # Speculation

    def speculative(self) -> Check:
        """Answers with drafts equal those without; whether drafts are worth it."""
        check = Check("speculative")
        if reason := why_not_packed(self.loaded):
            check.found.append(f"this model can't use drafts: {reason}")
            return check
        # Fewer sequences than questions, as in a run: one that ends early makes room.
        lookup = GenerationSettings(batch_size=QUESTIONS // 2)
        plain, kinds = replace(lookup, speculate=False), {LOOKUP_DRAFTS: lookup}
        if self.draft is not None:
            kinds[MODEL_DRAFTS] = replace(plain, draft_model=self.draft)
        rounds = self._by_turns(check, {"": plain, **kinds})
        base = rounds.pop("")
        check.found.append(
            f"without drafts: {base.speed:.1f} tokens/s, {QUESTIONS // 2} sequences at once"
        )
        for kind, drafted in rounds.items():
            same = compare(self.loaded, base.answers, drafted.answers)
            check.expect(not same.other, f"{kind}: {same.text}")
            self._report_drafts(check, kind, drafted, drafted.speed / base.speed)
        if self.draft is None:
            check.found.append("no draft model tested: give one with --draft-model")
        return check

    def _by_turns(
        self, check: Check, settings: Mapping[str, GenerationSettings]
    ) -> dict[str, Round]:
        """The faster of two rounds each, because the machine may be busy during one of them."""
        rounds: dict[str, list[Round]] = {kind: [] for kind in settings}
        for kind, chosen in [*settings.items()] * 2:
            rounds[kind].append(self._play(chosen, QUESTIONS))
        best = {kind: max(played, key=lambda r: r.speed) for kind, played in rounds.items()}
        worst = min(min(r.speed for r in rounds[kind]) / best[kind].speed for kind in rounds)
        if worst < STEADY:
            check.found.append(
                f"identical rounds differed by a factor of {1 / worst:.1f}, so this machine is "
                "busy with something else: speeds and advice are rough, try again when it is idle"
            )
        return best

    def _report_drafts(self, check: Check, kind: str, drafted: Round, times: float) -> None:
        for source, drafts in sorted(drafted.drafts.items()):
            check.found.append(
                f"  {source}: {drafts.accepted} of {drafts.proposed} tokens accepted, "
                f"{drafts.mean_length or 0.0:.1f} per draft"
            )
        check.found.append(f"  {drafted.speed:.1f} tokens/s, {times:.2f} times as fast")
        check.advice.append(draft_advice(kind, drafted.drafts, times))

    # Memory

    def dynamic(self) -> Check:
        """The batch size follows free memory, and answers stay the same."""
        check = Check("dynamic")
        settings = GenerationSettings(
            speculate=False,
            batch_size=QUESTIONS,
            memory_reserve_mb=_RESERVE // MIB,
            memory_check_seconds=self.memory_check_seconds,
        )
        plenty = self._with_memory(settings, lambda held: _PLENTY)
        check.expect(
            plenty.most_rows > 2 * _SCARCE,
            f"ample memory: {plenty.most_rows} of {QUESTIONS} sequences at once",
        )
        whole = self._enough_for(_SCARCE, settings)
        scarce = self._with_memory(settings, lambda held: whole - held)
        same = compare(self.loaded, plenty.answers, scarce.answers)
        check.expect(
            1 <= scarce.most_rows <= 2 * _SCARCE,
            f"memory for about {_SCARCE} sequences: at most {scarce.most_rows} at once",
        )
        check.expect(not same.other, f"with less memory: {same.text}")
        self._dip(check, settings, plenty)
        free = available_bytes() // MIB
        check.found.append(f"available on this machine now: {free} MB")
        return check

    def _with_memory(self, settings: GenerationSettings, free_memory: FreeMemory) -> Round:
        return play(self.loaded, settings, questions(QUESTIONS, self.max_tokens), free_memory)

    def _enough_for(self, rows: int, settings: GenerationSettings) -> int:
        """Free bytes in which the memory budget fits this many of the longest sequences."""
        cost = self.loaded.facts.cost(places=1)  # without drafts
        encoder = PromptEncoder(self.loaded.tokenizer)
        asked = questions(QUESTIONS, self.max_tokens)
        prompt = max(len(encoder.encode(one.prompt).tokens) for one in asked)
        longest = prompt + self.max_tokens
        needed = rows * cost.bytes(longest)
        needed += cost.reading(min(PROMPT_TOKENS, rows * prompt))
        return int((needed + _RESERVE) / settings.memory_fraction) + 1

    def _dip(self, check: Check, settings: GenerationSettings, plenty: Round) -> None:
        """Memory runs out while sequences are being generated, and comes back."""
        readings = iter(range(sys.maxsize))

        def free_memory(held: int) -> int:
            # The first readings let the sequences in; the next come while they are generated.
            return _RESERVE // 4 if next(readings) in _DIP else _PLENTY

        dipped = self._with_memory(settings, free_memory)
        same = compare(self.loaded, plenty.answers, dipped.answers)
        check.expect(not same.other, f"memory runs out halfway: {same.text}")
        if next(readings) <= _DIP.start:
            check.found.append(
                f"  all answers were done in {dipped.seconds:.1f} s, before it ran out"
            )
        else:
            full = dipped.rows.index(dipped.most_rows)
            low = min(rows for rows in dipped.rows[full:] if rows)
            given = bool(dipped.summary.events.get("batch_size"))
            check.expect(given, f"  sequences at once: {dipped.most_rows}, then {low} for a while")


def best_size(speeds: dict[int, float]) -> int:
    """The smallest size that no larger one beats by WORTH."""
    most = max(speeds.values())
    return min(size for size, speed in speeds.items() if speed * WORTH >= most)


def draft_advice(kind: str, drafts: Mapping[str, Drafts], times: float) -> str:
    """Whether to keep these drafts on, in words."""
    model = kind == MODEL_DRAFTS
    proposed = sum(one.proposed for one in drafts.values())
    accepted = sum(one.accepted for one in drafts.values())
    off = "leave out --enable-speculative" if model else "turn them off with --num-draft-tokens 0"
    if not proposed:
        return f"{kind}: none was worth proposing: {off}"
    rate = f"{kind}: {accepted / proposed:.0%} of the tokens accepted, {times:.2f} times as fast"
    if times >= WORTH:
        return f"{rate}: keep them on"
    if times > 1 / WORTH:
        return f"{rate}, which is no difference: {off}"
    return f"{rate}, which is slower: {off}"
