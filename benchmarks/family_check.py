"""One shape: how its model runs, whether its answers are right, and the bytes that it takes.

Knows the engines and the tests' requests; nothing of tables.  Invariant: every answer is
compared with mlx-lm's own generation of that row alone, and a shape without one counts as not
compared.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import mlx.core as mx
from mlx_lm.generate import stream_generate
from mlx_lm.models.cache import make_prompt_cache

from benchmarks.family_models import model_of
from tests.engine_tools import SCHEMA, TEXTS, ScriptedDrafter, answers, make_requests, plain
from workers.core.errors import ModelError
from workers.generation.engines.compatible import why_not_batched, why_not_packed
from workers.generation.engines.engine import Engine
from workers.generation.engines.mlx_lm_engines import BatchEngine
from workers.generation.model.footprint import mlx_lm_footprint
from workers.generation.model.load import LoadedModel
from workers.generation.model.ties import gap, parted_at, tolerance
from workers.generation.packed.forward import Forward
from workers.generation.packed.kinds import LayerKind
from workers.generation.packed.plan import PrefillChunk, PrefilledKV
from workers.generation.requests import GenerateRequest
from workers.generation.speculative.decoder import SpeculativeDecoder
from workers.generation.tokens.grammar import SchemaProcessor
from workers.generation.tokens.prompts import EncodedPrompt

_BATCHES = 1, 3, 8  # rows side by side
_PROBE, _SLOW = 8, 0.5  # tokens, and seconds of them: all answers would take an hour
_BRIEF_PROMPTS, _BRIEF_TOKENS = (6, 4), 4  # of the two rows of such a shape instead
_SCHEMA_TOKENS, _FREE_TOKENS = 40, 24
_LONG = "The server reads a request and writes a log. " * 12  # longer than small windows
_HELD, _BRIEFLY_HELD = 256, 8  # tokens of the sequence that is weighed


@dataclass(frozen=True)
class Checked:
    """What came out for one shape.

    engine: "packed", "batches" or "one by one"; reason: why.  equal, ties and wrong count answers.
    estimate and true: bytes of keys, values and states of 256 tokens, of 8 for a slow shape.
    """

    name: str
    layers: str
    engine: str
    reason: str
    equal: int = 0
    ties: int = 0
    wrong: int = 0
    estimate: int = 0
    true: int = 0

    @property
    def compared(self) -> int:
        """Answers that were looked at."""
        return self.equal + self.ties + self.wrong


def checked(shape: Mapping[str, Any]) -> Checked:
    """Make the model of this shape and compare its answers."""
    name = str(shape["model_type"])
    try:
        return _checked(name, model_of(shape))
    except ModelError as error:
        return Checked(name, "", "none", str(error), wrong=1)
    except Exception as error:  # one shape that breaks is a wrong one, and no end of the others
        return Checked(name, "", "broken", f"{type(error).__name__}: {error}"[:200], wrong=1)


def _checked(name: str, loaded: LoadedModel) -> Checked:
    reason = why_not_packed(loaded) or ""
    engine = "batches" if reason else "packed"
    if reason and (wrong := why_not_batched(loaded)):
        engine, reason = "one by one", f"{reason}; {wrong}"
    packed, slow = engine == "packed", (seconds := _seconds(loaded, _PROBE)) >= _SLOW
    held = _BRIEFLY_HELD if slow else _HELD
    if slow:
        reason = f"{reason} (two short rows: {_PROBE} tokens take {seconds:.1f} s here)".strip()
    counts = Counter(_verdicts(loaded, engine, slow))
    return Checked(
        name,
        layers=_layers(loaded, packed),
        engine=engine,
        reason=reason,
        equal=counts["equal"],
        ties=counts["tie"],
        wrong=counts["wrong"],
        estimate=(loaded.facts.keeps if packed else mlx_lm_footprint(loaded.model)).bytes(held),
        true=_bytes(loaded, packed, held),
    )


def _layers(loaded: LoadedModel, packed: bool) -> str:
    """What the layers keep, counted."""
    if packed:
        kinds = [_kind(kind) for kind in loaded.layer_kinds]
    else:
        kinds = [type(cache).__name__ for cache in make_prompt_cache(loaded.model)]
    return ", ".join(f"{count} {kind}" for kind, count in Counter(kinds).items())


def _kind(kind: LayerKind) -> str:
    if kind.states:
        return "state"
    if kind.latent:
        return "latent"
    return f"window {kind.window}" if kind.window else "full"


def _verdicts(loaded: LoadedModel, engine: str, slow: bool) -> Iterator[str]:
    requests = _brief(loaded) if slow else _requests(loaded)
    wanted = plain(loaded, requests)
    if engine == "one by one":
        theirs = [_by_mlx_lm(loaded, request) for request in requests]
        yield from map(_verdict, [loaded] * len(requests), requests, wanted, theirs)
        return
    for rows in (len(requests),) if slow else _BATCHES:
        ways = _engines(loaded, engine, requests[:rows], wanted)
        for running in islice(ways, 0, None, 3 if slow else 1):  # of four the first and the last
            found = answers(running, requests[:rows])
            yield from map(_verdict, [loaded] * rows, requests, found, wanted)


def _by_mlx_lm(loaded: LoadedModel, request: GenerateRequest) -> tuple[int, ...]:
    """What mlx-lm's own `stream_generate` writes, under the request's schema if it has one."""
    matcher = request.make_matcher()
    inside = [] if matcher is None else [SchemaProcessor(matcher, request.max_tokens)]
    how: Any = {"max_tokens": request.max_tokens, "logits_processors": inside}
    said = stream_generate(loaded.model, loaded.tokenizer, list(request.prompt.tokens), **how)
    tokens = [int(response.token) for response in said]
    return tuple(token for token in tokens if token not in loaded.eos_token_ids)


def _seconds(loaded: LoadedModel, tokens: int) -> float:
    """Seconds of the processor that a pass over so many tokens takes, after one that may compile
    something: what else runs on the machine decides nothing."""
    for _ in range(2):
        begun = time.process_time()
        mx.eval(loaded.model(mx.array([[2] * tokens]), cache=make_prompt_cache(loaded.model)))
    return time.process_time() - begun


def _requests(loaded: LoadedModel) -> list[GenerateRequest]:
    """Rows of several lengths, under a schema and free by turns."""
    texts = [TEXTS[1], _LONG, *TEXTS]
    under = make_requests(loaded, texts[::2], SCHEMA, _SCHEMA_TOKENS)
    free = make_requests(loaded, [*texts[1::2], _LONG + _LONG], None, _FREE_TOKENS)
    return [request for pair in zip(free, under, strict=True) for request in pair]


def _brief(loaded: LoadedModel) -> list[GenerateRequest]:
    """Two ragged rows of a few tokens."""
    whole = make_requests(loaded, TEXTS[: len(_BRIEF_PROMPTS)], None, _BRIEF_TOKENS)
    return [
        replace(request, prompt=EncodedPrompt(request.prompt.tokens[-length:], 0, _BRIEF_TOKENS))
        for request, length in zip(whole, _BRIEF_PROMPTS, strict=True)
    ]


def _engines(
    loaded: LoadedModel,
    engine: str,
    requests: Sequence[GenerateRequest],
    wanted: Sequence[tuple[int, ...]],
) -> Iterator[Engine]:
    """Each way that it may run: in both caches, without drafts and with partly wrong ones."""
    if engine == "batches":
        yield BatchEngine(loaded, len(requests))
        return
    known = {r.prompt.tokens: answer for r, answer in zip(requests, wanted, strict=False)}
    for kernels in (loaded.kernels, replace(loaded.kernels, rows=None)):
        for drafter in (None, ScriptedDrafter(known, 4, wrong=0.3)):
            yield SpeculativeDecoder(replace(loaded, kernels=kernels), drafter)


def _verdict(
    loaded: LoadedModel,
    request: GenerateRequest,
    found: tuple[int, ...],
    wanted: tuple[int, ...],
) -> str:
    parted = parted_at(wanted, found, min(loaded.eos_token_ids, default=0))
    if parted is None:
        return "equal"
    place, a, b = parted
    near = gap(loaded, (*request.prompt.tokens, *wanted[:place]), a, b) <= tolerance(loaded)
    return "tie" if near else "wrong"


def _bytes(loaded: LoadedModel, packed: bool, held: int) -> int:
    """What a sequence of so many tokens takes in the engine's caches."""
    tokens = [(7 * i + 3) % loaded.facts.vocab_size for i in range(held)]
    if packed:
        cache = loaded.new_cache()
        kv = PrefilledKV([None] * len(cache.layers))
        cache.begin([], [PrefillChunk(kv, 0, held)], list(range(held)))
        mx.eval(Forward(loaded.parts).logits(tokens, cache, [0]), kv.arrays)
        cache.insert(kv)
        return cache.nbytes
    caches = make_prompt_cache(loaded.model)
    mx.eval(loaded.model(mx.array(tokens)[None], cache=caches))
    return sum(int(cache.nbytes) for cache in caches)
