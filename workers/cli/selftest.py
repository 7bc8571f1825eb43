"""`selftest`: does the machinery give the right answers here, how fast, and what to set.

Compares rounds of the same questions with each other, never with answers from elsewhere, so
any model will do.  Invariant: a check that did not see what it looks for does not pass.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from workers.cli.trial import Answer, Round, play, questions
from workers.generation.model.load import LoadedModel
from workers.generation.model.memory import MIB, available_bytes
from workers.generation.model.ties import gap, parted_at, tolerance
from workers.generation.settings import GenerationSettings
from workers.generation.tokens.prompts import PromptEncoder

TESTS = ("batch", "speculative", "dynamic")  # methods of Selftest
QUESTIONS = 12
SIZES = (4, 8, 16, 32)
STEADY = 0.8  # the slower of two equal rounds, at least
WORTH = 1.05  # a setting is advised when it brings at least this much
_DIP = range(QUESTIONS, 3 * QUESTIONS)  # readings of the free memory while it has run out
_RESERVE = 1024 * MIB
_SCARCE = 3  # rows
LOOKED_UP = "drafts from prompt and earlier answers"
MODEL_DRAFTS = "drafts from the draft model"

Say = Callable[[str], None]


@dataclass
class Check:
    """One test's verdict: what was measured, and what to set."""

    name: str
    ok: bool = True
    found: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)

    def expect(self, held: bool, text: str) -> None:
        """Note a finding; the check fails when it did not hold."""
        self.ok = self.ok and held
        self.found.append(text if held else f"FAILED: {text}")


@dataclass
class Comparison:
    """How many answers of two rounds are the same, parted at a near tie, or differ."""

    same: int = 0
    ties: int = 0
    other: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        whole = self.same + self.ties + len(self.other)
        parts = [f"{self.same} of {whole} answers are the same"]
        parts += [f"{self.ties} parted at a near tie that rounding turned"] if self.ties else []
        parts += [f"{len(self.other)} differ: {'; '.join(self.other[:3])}"] if self.other else []
        return ", ".join(parts)


def compare(loaded: LoadedModel, one: Sequence[Answer], other: Sequence[Answer]) -> Comparison:
    """Answer by answer; a difference counts as a tie only if the model itself says so."""
    found, most = Comparison(), tolerance(loaded)
    end = min(loaded.eos_token_ids)
    for number, (a, b) in enumerate(zip(one, other, strict=True), 1):
        if a.tokens == b.tokens or _text(loaded, a) == _text(loaded, b):
            found.same += 1
            continue
        parted = parted_at(a.tokens, b.tokens, end)
        assert parted is not None, "different tokens part somewhere"
        place, left, right = parted
        apart = gap(loaded, [*a.prompt, *a.tokens[:place]], left, right)
        if apart <= most:
            found.ties += 1
        else:
            found.other.append(f"question {number} from token {place + 1} on, {apart:.1%} apart")
    return found


def _text(loaded: LoadedModel, answer: Answer) -> str:
    return str(loaded.tokenizer.decode(list(answer.tokens)))


@dataclass(frozen=True)
class Selftest:
    """The tests on one model; `max_tokens` and `sizes` bound how long they take."""

    loaded: LoadedModel
    draft: LoadedModel | None = None
    max_tokens: int = 48
    sizes: Sequence[int] = SIZES
    say: Say = print

    def run(self, names: Sequence[str]) -> list[Check]:
        """These tests in order; each is told of as soon as it is done."""
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
        """Batched answers equal those one by one; how fast each batch size is."""
        check = Check("batch")
        plain = GenerationSettings(speculate=False)
        single = self._play(replace(plain, no_batching=True), QUESTIONS)
        together = self._play(plain, QUESTIONS)
        same = compare(self.loaded, single.answers, together.answers)
        check.expect(not same.other, f"one by one and in batches: {same.text}")
        check.found.append(f"one by one: {single.speed:.1f} tokens/s")
        speeds = {1: single.speed}
        for size in self.sizes:
            speeds[size] = self._play(replace(plain, batch_size=size), size).speed
            times = speeds[size] / single.speed
            check.found.append(f"batch of {size}: {speeds[size]:.1f} tokens/s, {times:.1f} times")
        self._advise_batch(check, speeds)
        return check

    def _advise_batch(self, check: Check, speeds: dict[int, float]) -> None:
        best = best_size(speeds)
        if best == 1:
            check.advice.append("batches bring nothing here: --no-batching is as fast")
        elif best == max(speeds):
            check.advice.append(
                f"--batch-size {best} was the fastest of those tried; a larger one may be faster"
            )
        else:
            check.advice.append(
                f"--batch-size {best} is enough: larger batches are less than "
                f"{WORTH - 1:.0%} faster"
            )

    # Speculation

    def speculative(self) -> Check:
        """Answers with drafts equal those without; whether drafts pay."""
        check = Check("speculative")
        # Fewer rows than questions, as in a run: a row that is done early makes room.
        looking = GenerationSettings(batch_size=QUESTIONS // 2)
        plain, kinds = replace(looking, speculate=False), {LOOKED_UP: looking}
        if self.draft is not None:
            kinds[MODEL_DRAFTS] = replace(plain, draft_model=self.draft)
        rounds = self._by_turns(check, {"": plain, **kinds})
        base = rounds.pop("")
        check.found.append(
            f"without drafts: {base.speed:.1f} tokens/s, {QUESTIONS // 2} rows side by side"
        )
        for kind, drafted in rounds.items():
            same = compare(self.loaded, base.answers, drafted.answers)
            check.expect(not same.other, f"{kind}: {same.text}")
            self._report_drafts(check, kind, drafted, drafted.speed / base.speed)
        if self.draft is None:
            check.found.append("no --draft-model given, so none was tried")
        return check

    def _by_turns(
        self, check: Check, settings: Mapping[str, GenerationSettings]
    ) -> dict[str, Round]:
        """The faster of two rounds each, for the machine may be busy during one of them."""
        rounds: dict[str, list[Round]] = {kind: [] for kind in settings}
        for kind, chosen in [*settings.items()] * 2:
            rounds[kind].append(self._play(chosen, QUESTIONS))
        best = {kind: max(played, key=lambda r: r.speed) for kind, played in rounds.items()}
        worst = min(min(r.speed for r in rounds[kind]) / best[kind].speed for kind in rounds)
        if worst < STEADY:
            check.found.append(
                f"equal rounds differed by a factor of {1 / worst:.1f}: this machine is busy with "
                "something else; speeds and advice are rough, try again when it is quiet"
            )
        return best

    def _report_drafts(self, check: Check, kind: str, drafted: Round, times: float) -> None:
        for source, counts in sorted(drafted.drafts().items()):
            check.found.append(
                f"  {source}: {counts['accepted']} of {counts['proposed']} tokens accepted, "
                f"{counts['mean_length']} a draft"
            )
        check.found.append(f"  {drafted.speed:.1f} tokens/s, {times:.2f} times")
        check.advice.append(draft_advice(kind, drafted.drafts(), times))

    # Memory

    def dynamic(self) -> Check:
        """The batch follows what memory is free, and answers stay the same."""
        check = Check("dynamic")
        settings = GenerationSettings(
            speculate=False, batch_size=QUESTIONS, memory_reserve_mb=_RESERVE // MIB
        )
        plenty = self._with_memory(settings, lambda: 1 << 50)
        check.expect(
            plenty.most_rows > 2 * _SCARCE,
            f"memory for everything: {plenty.most_rows} of {QUESTIONS} rows side by side",
        )
        free = self._enough_for(_SCARCE, settings)
        scarce = self._with_memory(settings, lambda: free)
        same = compare(self.loaded, plenty.answers, scarce.answers)
        # What rows hold counts as free for rows, and this reading doesn't fall as they grow.
        check.expect(
            1 <= scarce.most_rows <= 2 * _SCARCE,
            f"memory for about {_SCARCE} rows: at most {scarce.most_rows} side by side",
        )
        check.expect(not same.other, f"with less memory: {same.text}")
        self._dip(check, settings, plenty)
        free = available_bytes() // MIB
        check.found.append(f"now free on this machine: {free} MB")
        return check

    def _with_memory(self, settings: GenerationSettings, read: Callable[[], int]) -> Round:
        return play(self.loaded, settings, questions(QUESTIONS, self.max_tokens), read)

    def _enough_for(self, rows: int, settings: GenerationSettings) -> int:
        """Free bytes from which the memory budget makes this many of the longest rows."""
        facts = self.loaded.facts
        encoder = PromptEncoder(self.loaded.tokenizer)
        asked = questions(QUESTIONS, self.max_tokens)
        prompt = max(len(encoder.encode(filled).tokens) for filled, _ in asked)
        longest = prompt + self.max_tokens
        row = facts.kv_bytes_per_token * longest + facts.activation_bytes_per_token * prompt
        return int((rows * row + _RESERVE) / settings.memory_fraction) + 1

    def _dip(self, check: Check, settings: GenerationSettings, plenty: Round) -> None:
        """Memory runs out while rows are being worked on, and comes back."""
        readings = iter(range(sys.maxsize))

        def read() -> int:
            # The first readings let the rows in; the next come while they are worked on.
            return _RESERVE // 4 if next(readings) in _DIP else 1 << 50

        dipped = self._with_memory(settings, read)
        same = compare(self.loaded, plenty.answers, dipped.answers)
        check.expect(not same.other, f"memory runs out half-way: {same.text}")
        if next(readings) <= _DIP.start:
            check.found.append(f"  the work was done in {dipped.seconds:.1f} s, before it mattered")
        else:
            full = next(i for i, (_, rows) in enumerate(dipped.rows) if rows == dipped.most_rows)
            low = min(rows for _, rows in dipped.rows[full:] if rows)
            given = bool(dipped.summary["events"].get("batch_size"))
            check.expect(given, f"  rows side by side: {dipped.most_rows}, then {low} for a while")


def best_size(speeds: dict[int, float]) -> int:
    """The smallest size that no larger one beats by WORTH."""
    most = max(speeds.values())
    return min(size for size, speed in speeds.items() if speed * WORTH >= most)


def draft_advice(kind: str, drafts: dict[str, dict[str, float]], times: float) -> str:
    """In words: leave these drafts on, or off."""
    model = kind == MODEL_DRAFTS
    proposed = sum(int(counts["proposed"]) for counts in drafts.values())
    accepted = sum(int(counts["accepted"]) for counts in drafts.values())
    subject = "this draft model" if model else "looking in prompt and earlier answers"
    off = "leave it off" if model else "--num-draft-tokens 0 turns it off"
    if not proposed:
        return f"{subject} never looked worth a draft ({times:.2f} times): {off}"
    rate = f"{subject} gets {accepted / proposed:.0%} of its tokens accepted"
    if times >= WORTH:
        return f"{rate} and makes you {times:.2f} times as fast: leave it on"
    if times > 1 / WORTH:
        return f"{rate} and makes no difference ({times:.2f} times): {off}"
    return f"{rate} and slows you down ({times:.2f} times): {off}"
