"""Every kind of layer in packed passes: the answers are those of plain decoding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import mlx.core as mx
import mlx.nn as nn
import pytest

from tests.engine_tools import (
    CACHES,
    SCHEMA,
    PlainAnswers,
    ScriptedDrafter,
    answers,
    assert_same,
    costs,
    make_requests,
    with_cache,
)
from tests.generation.models import (
    convolutions,
    delta,
    gemma,
    latent,
    recurrent,
    sinks,
    streams,
    twofold,
)
from workers.generation.engines.compatible import why_not_draft, why_not_packed
from workers.generation.model.load import LoadedModel, load
from workers.generation.speculative.decoder import SpeculativeDecoder
from workers.generation.speculative.draft_model import DraftModel
from workers.generation.speculative.drafting import Drafter

KINDS: dict[str, Callable[[], nn.Module]] = {
    "windows": gemma,
    "sinks": sinks,
    "latent": latent,
    "shared keys": streams,
    "states": convolutions,
    "delta rules": delta,
    "states alone": recurrent,
    "two caches": twofold,
}


@pytest.fixture(scope="module", params=CACHES)
def cache(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def loaded(tiny_model: Path, cache: str, kind: str) -> LoadedModel:
    plain_model = with_cache(load(tiny_model), cache)
    mx.random.seed(1)  # of a kind the same model with every cache
    return replace(plain_model, model=KINDS[kind]())


@pytest.fixture(scope="module")
def known() -> PlainAnswers:
    return PlainAnswers()


def test_the_trial_lets_it_in(loaded: LoadedModel) -> None:
    assert why_not_packed(loaded) is None


# All four of both are asked of every shape by `python -m benchmarks.families`.
@pytest.mark.parametrize(("schema", "length"), [(None, 4), (SCHEMA, 0)], ids=["free", "schema"])
def test_drafts_and_company_change_nothing(
    loaded: LoadedModel,
    known: PlainAnswers,
    kind: str,
    schema: dict[str, object] | None,
    length: int,
) -> None:
    """Prompts begin below the windows and above them, and answers go on past them."""
    questions = ("What is it?", "Who is it?")
    requests = make_requests(loaded, schema=schema, max_tokens=40, questions=questions)
    wanted = known.of(f"{kind}, {length}", loaded, requests)
    script = {r.prompt.tokens: answer for r, answer in zip(requests, wanted, strict=True)}
    drafter = ScriptedDrafter(script, length, wrong=0.3) if length else None
    assert_same(loaded, requests, answers(SpeculativeDecoder(loaded, drafter), requests), wanted)


def test_it_drafts_for_itself_and_is_right(
    loaded: LoadedModel, known: PlainAnswers, kind: str
) -> None:
    assert why_not_draft(loaded, loaded) is None
    requests = make_requests(loaded, max_tokens=40)
    drafter = Drafter(costs, (), DraftModel(loaded), 4, always=True)
    found = answers(SpeculativeDecoder(loaded, drafter), requests)
    assert_same(loaded, requests, found, known.of(kind, loaded, requests))
    [(good, tried)] = drafter.acceptance.counts.values()
    assert good / tried > 0.95
