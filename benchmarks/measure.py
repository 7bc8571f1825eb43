"""The rounds: every engine answers the same fresh requests by turns, and is timed.

Knows teams and entries, not how results are shown.  Invariant: no request is measured in
two rounds or warmed up with, and the requests of a round are the same for everyone.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks import plan
from benchmarks.messages import Job, TokenizedRequest
from benchmarks.plan import BenchmarkCase, Settings
from benchmarks.processes import Impossible, Layout, Team
from benchmarks.work import DECISIONS, WORKS, BenchmarkRequest, Workload, records


@dataclass(frozen=True)
class Measurement:
    """One engine's turn in one round.

    `equal` of `compared` answers were those of mlx_lm.generate; `broken` answers did not
    fit their schema; `right` of the decisions were true, where the truth is known.
    """

    work: str
    engine: str
    rows: int
    round: int
    requests: int
    seconds: float
    prompt_tokens: int
    answer_tokens: int
    peak_mb: int
    equal: int | None = None
    compared: int | None = None
    broken: int | None = None
    right: int | None = None

    @property
    def per_second(self) -> float:
        """Requests answered a second."""
        return self.requests / self.seconds


class Bench:
    """Measures works round by round and keeps what came out."""

    def __init__(self, settings: Settings, tokenizer: Tokens, log: Path) -> None:
        self.measurements: list[Measurement] = []
        self.left_out: dict[str, str] = {}
        self._settings = settings
        self._tokens = tokenizer
        self._log = log
        self._teams: dict[Layout, Team] = {}
        self._made: dict[str, list[BenchmarkRequest]] = {}

    def run(self, say: Callable[[str], None]) -> None:
        """All rounds.  A work's round starts only if it should end in time, the first while any
        time is left."""
        begun = time.monotonic()
        each: dict[str, float] = {}  # seconds of one entry; later rounds have fewer of them
        for number in range(self._settings.rounds):
            for name in self._settings.works:
                started = time.monotonic()
                left = self._settings.minutes * 60 - (started - begun)
                count = len(self._entries(WORKS[name], number))
                if left <= each.get(name, 0.0) * count:
                    self.left_out[f"{name}, round {number + 1}"] = "the time was up"
                    continue
                say(f"round {number + 1} of {self._settings.rounds}: {name}")
                self._round(WORKS[name], number, say)
                each[name] = (time.monotonic() - started) / count

    def _round(self, work: Workload, number: int, say: Callable[[str], None]) -> None:
        entries = self._entries(work, number)
        warm_up, asked = self._requests(work, number)
        answers: dict[BenchmarkCase, Sequence[str]] = {}
        taken: dict[BenchmarkCase, tuple[float, int]] = {}
        try:
            for entry in plan.turns(entries, number):
                count = plan.warm_up_of(work, entry, self._settings.quick)
                try:
                    timed = self._team(entry.layout).run(_job(entry, asked, warm_up[:count]))
                except Impossible as error:
                    self.left_out[f"{entry.name}, {entry.rows} rows"] = str(error)
                    continue
                answers[entry], taken[entry] = timed.answers, (timed.seconds, timed.peak_mb)
                rate = len(timed.answers) / timed.seconds
                say(f"  {entry.name}, {entry.rows} in flight: {rate:.2f}/s")
        finally:  # an interrupted round counts as far as it went
            reference = next((a for e, a in answers.items() if e.name == plan.ONE_BY_ONE), ())
            for entry in filter(answers.__contains__, entries):
                made = self._measurement(work, number, entry, asked, taken[entry], answers[entry])
                checked = compare(work, asked, answers[entry], reference)
                self.measurements.append(Measurement(**{**vars(made), **checked}))

    def _measurement(
        self,
        work: Workload,
        number: int,
        entry: BenchmarkCase,
        asked: Sequence[TokenizedRequest],
        taken: tuple[float, int],
        answers: Sequence[str],
    ) -> Measurement:
        seconds, peak_mb = taken
        return Measurement(
            work.name,
            entry.name,
            entry.rows,
            number + 1,
            len(answers),
            seconds,
            sum(len(one.tokens) for one in asked[: len(answers)]),
            sum(self._tokens.count(canonical(answer)) for answer in answers),
            peak_mb,
        )

    def _entries(self, work: Workload, number: int) -> list[BenchmarkCase]:
        """What is measured in a round, given what came out of the first."""
        found = plan.entries(work, self._settings)
        first = [m for m in self.measurements if m.work == work.name and m.round == 1]
        rates = {(m.engine, m.rows): m.per_second for m in first}
        return plan.later(found, rates) if number else found

    def _requests(
        self, work: Workload, number: int
    ) -> tuple[tuple[TokenizedRequest, ...], tuple[TokenizedRequest, ...]]:
        """Warm-up, the same in all rounds, and requests of a round."""
        entries = plan.entries(work, self._settings)
        size = max(entry.requests for entry in entries)
        warm_up = max(plan.warm_up_of(work, entry, self._settings.quick) for entry in entries)
        wanted = warm_up + size * self._settings.rounds
        if work.name not in self._made:
            self._made[work.name] = work.make(records(2 * wanted, self._settings.seed))
        made = self._made[work.name]
        if len(made) < wanted:
            raise ValueError(f"--rounds {self._settings.rounds}: not enough texts for {work.name}")
        begin = warm_up + number * size
        found = made[:warm_up], made[begin : begin + size]
        return tuple(map(self._tokens.asked, found[0])), tuple(map(self._tokens.asked, found[1]))

    def _team(self, layout: Layout) -> Team:
        if layout not in self._teams:
            self._teams[layout] = Team(layout, self._settings.model, self._log)
        return self._teams[layout]

    @property
    def notes(self) -> dict[str, str]:
        """What engines said of themselves."""
        return {layout.engine: team.note for layout, team in self._teams.items() if team.note}

    def close(self) -> None:
        """End every engine."""
        for team in self._teams.values():
            team.close()


def _job(
    entry: BenchmarkCase, asked: Sequence[TokenizedRequest], warm_up: Sequence[TokenizedRequest]
) -> Job:
    """An entry's share of a round; a "label long" answer has room for the label and no more."""
    options = dict(entry.options)
    requests, warming = asked[: entry.requests], warm_up
    if options.pop("label_long", False):
        requests = [replace(one, max_tokens=one.least) for one in requests]
        warming = [replace(one, max_tokens=one.least) for one in warm_up]
    return Job(entry.rows, tuple(requests), tuple(warming), options)


class Tokens:
    """The model's tokenizer: the same prompt tokens for everyone, and one way to count."""

    def __init__(self, tokenizer: Any, encoder: Any) -> None:
        self._tokenizer = tokenizer
        self._encoder = encoder

    def asked(self, request: BenchmarkRequest) -> TokenizedRequest:
        """Its tokens, and how long its answer may be."""
        encoded = self._encoder.encode(request.prompt)
        labels = request.question.labels if request.question else ()
        least = max((self.count(label.word) for label in labels), default=encoded.max_tokens)
        return TokenizedRequest(request, encoded.tokens, encoded.shared, encoded.max_tokens, least)

    def count(self, text: str) -> int:
        """Tokens of a text."""
        return len(self._tokenizer.encode(text, add_special_tokens=False))


def canonical(answer: str) -> str:
    """An answer as it is compared: JSON in one notation, text without its margins."""
    try:
        return json.dumps(json.loads(answer), sort_keys=True)
    except ValueError:
        return answer.strip()


def compare(
    work: Workload,
    asked: Sequence[TokenizedRequest],
    answers: Sequence[str],
    reference: Sequence[str],
) -> Mapping[str, int]:
    """Which answers are as they should be."""
    if work.group == DECISIONS:
        if not all(one.request.right for one in asked):
            return {}
        pairs = zip(answers, asked, strict=False)
        return {"right": sum(_chosen(answer, one) in one.request.right for answer, one in pairs)}
    both = list(zip(map(canonical, answers), map(canonical, reference), strict=False))
    found = {"equal": sum(ours == theirs for ours, theirs in both), "compared": len(both)}
    schemas = [(a, one.request.schema) for a, one in zip(answers, asked, strict=False)]
    if any(schema for _, schema in schemas):
        found["broken"] = sum(not _is_json(answer) for answer, schema in schemas if schema)
    return found


def _chosen(answer: str, asked: TokenizedRequest) -> str:
    """The label that an answer in words names."""
    said = answer.strip().lower()
    labels = asked.request.question.labels if asked.request.question else ()
    return next((label.name for label in labels if said.startswith((label.name, label.word))), "")


def _is_json(answer: str) -> bool:
    try:
        json.loads(answer)
    except ValueError:
        return False
    return True
