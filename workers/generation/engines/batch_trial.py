"""A trial of mlx-lm's batches: whether rows side by side get the answers that they get alone.

Not every architecture of mlx-lm is right there: some mix rows up, silently.  Knows the engine that
is mlx-lm's own batches, and plain passes over one row.  Invariant: a token that the model would
not have written after those before it is a reason, unless it was as good as the best.
"""

from __future__ import annotations

from typing import Any, cast

import mlx.core as mx

from workers.generation.engines.mlx_lm_engines import BatchEngine
from workers.generation.model.load import LoadedModel
from workers.generation.model.ties import tolerance
from workers.generation.requests import GenerateRequest
from workers.generation.tokens.prompts import EncodedPrompt

FORMAT = 2  # of what is tried; a verdict that is kept belongs to it
_SHARED = 16  # tokens that all rows begin with
_PROMPTS = 30, 53, 39  # tokens of the rows: ragged, and more than a few
_ANSWER = 24  # tokens at most


def batch_trial(loaded: LoadedModel) -> str | None:
    """What is wrong with batches of this model, or None.

    May raise whatever a model's code raises that gets something it does not expect.
    """
    requests = [_request(length, loaded.facts.vocab_size) for length in _PROMPTS]
    engine = BatchEngine(loaded, len(requests))
    engine.add(requests)
    wrong = 0
    while engine.active:
        for done in engine.step():
            wrong += not _is_right(loaded, done.request.prompt.tokens, done.completion.tokens)
    if not wrong:
        return None
    return f"{wrong} of {len(requests)} answers in mlx-lm's batches differ from one by one"


def _is_right(loaded: LoadedModel, prompt: tuple[int, ...], answer: tuple[int, ...]) -> bool:
    """Whether each token of the answer is the likeliest after those before it, or as good."""
    if not answer:
        return True
    logits = loaded.model(mx.array([*prompt, *answer])[None])[0].astype(mx.float32)
    asked = logits[len(prompt) - 1 : -1]
    chosen = mx.take_along_axis(asked, mx.array(answer)[:, None], axis=1)[:, 0]
    apart: Any = ((asked.max(axis=1) - chosen) / mx.std(asked, axis=1)).max().item()
    return bool(apart <= tolerance(loaded))


def _request(length: int, vocabulary: int) -> GenerateRequest:
    shared = [(5 * i * i + 2) % vocabulary for i in range(_SHARED)]
    own = [(7 * i * i + 3 * length) % vocabulary for i in range(_SHARED, length)]
    tokens = (*shared, *own)
    return GenerateRequest(
        prompt=EncodedPrompt(tokens, _SHARED, _ANSWER),
        max_tokens=_ANSWER,
        stage="",
        make_matcher=lambda: None,
        make_sampler=lambda: None,
        future=cast(Any, None),  # nobody waits
    )
