"""`python -m benchmarks.family_speed`: the same answers by every engine that a model can be run in.

A small random model of a shape (`--shape lfm2`) gets prompts with a shared beginning and answers
freely; a real one (`--model`) gets the stages' requests with their schemas.  The ways take turns.
Knows engines, not processes.  Invariant: every way answers the same requests from its start, and
exit status 1 if one of the answers is none.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, cast

import orjson

from benchmarks.families import OWN_SHAPES
from benchmarks.run import machine, positive
from benchmarks.tables import TextTable
from stages.base import UnusableAnswer

if TYPE_CHECKING:
    from benchmarks.work import BenchmarkRequest
    from workers.generation.engines.engine import Engine
    from workers.generation.model.load import LoadedModel
    from workers.generation.requests import Completion, GenerateRequest

# Larger than the shapes that answers are checked with, so that products take their time.
_LARGER = {"hidden_size": 256, "intermediate_size": 768, "block_dim": 256, "block_ff_dim": 768}
_SHARED, _OWN = 250, 40  # tokens of a prompt of a random model

ONE_BY_ONE, BATCHES = "one by one", "mlx-lm's batches"
WITH_PREFIXES = "mlx-lm's batches, shared prefixes"
PACKED, DRAFTS = "packed passes", "packed passes, drafts"


@dataclass(frozen=True)
class TimedRow:
    """A request, and what tells whether its completion is an answer."""

    request: GenerateRequest
    takes: Callable[[Completion], bool]


@dataclass(frozen=True)
class EngineTiming:
    """An engine, and for how many requests; what it takes and how many fail, round by round."""

    name: str
    requests: int
    seconds: list[float]
    failed: list[int] = field(default_factory=list)

    @property
    def each(self) -> float:
        """Seconds of one request, the median of the rounds."""
        return median(self.seconds) / self.requests


def ways(loaded: LoadedModel, rows: int) -> dict[str, Callable[[], Engine]]:
    """What makes each engine anew."""
    from workers.generation.engines.mlx_lm_engines import BatchEngine, OneByOneEngine
    from workers.generation.speculative.decoder import SpeculativeDecoder
    from workers.generation.speculative.drafting import Drafter
    from workers.generation.speculative.probe import measured_costs

    costs = partial(measured_costs, loaded)
    return {
        ONE_BY_ONE: lambda: OneByOneEngine(loaded),
        BATCHES: lambda: BatchEngine(loaded, rows),
        WITH_PREFIXES: lambda: BatchEngine(loaded, rows),
        PACKED: lambda: SpeculativeDecoder(loaded),
        DRAFTS: lambda: SpeculativeDecoder(loaded, Drafter(costs)),
    }


def measure(
    loaded: LoadedModel, rows: Sequence[TimedRow], rounds: int, alone: int
) -> list[EngineTiming]:
    """Seconds of every way, by turns; only the first `alone` rows one by one."""
    made = ways(loaded, len(rows))
    found = {n: EngineTiming(n, alone if n == ONE_BY_ONE else len(rows), []) for n in made}
    _time(made[DRAFTS](), rows[:1], EngineTiming("", 1, []))  # what is compiled or measured first
    for _ in range(rounds):
        for name, make in made.items():
            some = rows[: found[name].requests]
            if name == BATCHES:
                some = [replace(row, request=_without_prefix(row.request)) for row in some]
            _time(make(), some, found[name])
            print(f"{name}: {found[name].seconds[-1]:.1f} s", file=sys.stderr, flush=True)
    return list(found.values())


def _without_prefix(request: GenerateRequest) -> GenerateRequest:
    return replace(request, prompt=replace(request.prompt, shared=0, found=()))


def _time(engine: Engine, rows: Sequence[TimedRow], timing: EngineTiming) -> None:
    """Answer the rows; add a round to the timing."""
    begun = time.perf_counter()
    engine.add([row.request for row in rows])
    ended = []
    while engine.active:
        ended += engine.step(others_follow=False)
    timing.seconds.append(time.perf_counter() - begun)
    answers = {id(one.request): one.completion for one in ended}
    done = [row for row in rows if id(row.request) in answers]
    timing.failed.append(len(rows) - sum(row.takes(answers[id(row.request)]) for row in done))


def table(found: Sequence[EngineTiming], title: str) -> TextTable:
    """A line for each way, and how many times as fast as the first two it is."""
    alone, batches = found[0].each, found[1].each
    rows = [
        [w.name, f"{w.each:.2f}", f"{alone / w.each:.2f}", f"{batches / w.each:.2f}"] for w in found
    ]
    return TextTable(title, ["way", "s a request", "of one by one", "of mlx-lm's batches"], rows)


def failures(found: Sequence[EngineTiming]) -> list[str]:
    """A line for each way that left requests without an answer."""
    return [
        f"{way.name}: {sum(way.failed)} of {way.requests * len(way.failed)} answers are unusable"
        for way in found
        if any(way.failed)
    ]


def shaped(name: str, rows: int, tokens: int) -> tuple[LoadedModel, list[TimedRow]]:
    """A random model of one of the project's own shapes, and requests of random tokens."""
    import mlx.core as mx

    from benchmarks.family_models import model_of
    from workers.generation.tokens.prompts import EncodedPrompt

    shapes = {shape["model_type"]: shape for shape in orjson.loads(OWN_SHAPES.read_bytes())}
    shape = shapes[name]
    loaded = model_of(shape | {key: _LARGER[key] for key in _LARGER if key in shape})

    def drawn(count: int, seed: int) -> tuple[int, ...]:
        some: Any = mx.random.randint(3, 500, (count,), key=mx.random.key(seed)).tolist()
        return tuple(some)

    shared = drawn(_SHARED, 0)
    prompts = [
        EncodedPrompt((*shared, *drawn(_OWN + 3 * row, row + 1)), _SHARED, tokens)
        for row in range(rows)
    ]
    requests = [_request(prompt, lambda: None) for prompt in prompts]
    return loaded, [TimedRow(one, lambda done: bool(done.tokens)) for one in requests]


def real(model: str, rows: int, tokens: int | None) -> tuple[LoadedModel, list[TimedRow]]:
    """A model that is here, and what the stages ask under a schema."""
    from benchmarks.work import WORKS, records
    from workers.generation.model.load import load
    from workers.generation.tokens.grammar import Grammar
    from workers.generation.tokens.prompts import PromptEncoder
    from workers.model_store import resolve

    loaded = load(resolve(model))
    encoder = PromptEncoder(loaded.tokenizer)
    grammar = Grammar(loaded.tokenizer, loaded.facts.vocab_size)

    def made(asked: BenchmarkRequest) -> TimedRow:
        prompt, schema = encoder.encode(asked.prompt), asked.schema
        assert schema is not None
        prompt = replace(prompt, max_tokens=tokens or prompt.max_tokens)
        request = _request(prompt, lambda: grammar.matcher(schema))
        return TimedRow(request, lambda done: _fits(done, schema, loaded.tokenizer))

    asked = [one for one in WORKS["schema"].make(records(4 * rows, 0)) if one.schema]
    return loaded, [made(one) for one in asked[:rows]]


def _fits(done: Completion, schema: Mapping[str, Any], tokenizer: Any) -> bool:
    from workers.generation.answers import value_of

    try:
        value_of(done, schema, tokenizer)
    except UnusableAnswer:
        return False
    return True


def _request(prompt: Any, make_matcher: Callable[[], Any]) -> GenerateRequest:
    from workers.generation.requests import GenerateRequest

    return GenerateRequest(
        prompt=prompt,
        max_tokens=prompt.max_tokens,
        stage="speed",
        make_matcher=make_matcher,
        make_sampler=lambda: None,
        future=cast(Any, None),  # nobody waits
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    options = _parser().parse_args(arguments)
    from workers.generation import linux_cpu

    linux_cpu.prepare()  # before mlx comes in
    if options.model is not None:
        loaded, rows = real(options.model, options.rows, options.tokens)
    else:
        loaded, rows = shaped(options.shape, options.rows, options.tokens or 24)
    name = options.model or options.shape
    found = measure(loaded, rows, options.rounds, min(options.alone, len(rows)))
    print(table(found, f"{name}, {len(rows)} rows").text())
    options.output.parent.mkdir(parents=True, exist_ok=True)
    described = {"machine": machine(), "model": name, "ways": list(map(asdict, found))}
    options.output.write_bytes(orjson.dumps(described, option=orjson.OPT_INDENT_2))
    for line in failures(found):
        print(line, file=sys.stderr)
    return 1 if failures(found) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.family_speed", description=__doc__)
    parser.add_argument("--model", metavar="ID|PATH", help="a real model, under schemas")
    parser.add_argument("--shape", default="lfm2", metavar="TYPE", help="a random one (lfm2)")
    parser.add_argument("--rows", type=positive, default=8, metavar="N", help="(8)")
    parser.add_argument("--tokens", type=positive, metavar="N", help="most of an answer")
    parser.add_argument("--alone", type=positive, default=2, metavar="N", help="one by one (2)")
    parser.add_argument("--rounds", type=positive, default=2, metavar="N", help="(2)")
    parser.add_argument("-o", "--output", type=Path, default=Path("build/family_speed.json"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
