"""A trial of mlx-lm's batches: whether rows side by side get the answers that they get alone.

Not every architecture of mlx-lm is right there: some mix rows up, silently.  Knows the engine that
is mlx-lm's own batches, and plain passes over one row.  Invariant: a token that the model would
not have written after those before it is a reason, unless it was as good as the best.
"""

from __future__ import annotations

from typing import Any, cast

import mlx.core as mx
from mlx_lm.models.cache import make_prompt_cache

from workers.generation.engines.mlx_lm_engines import BatchEngine
from workers.generation.engines.patience import Patience
from workers.generation.model.load import LoadedModel
from workers.generation.model.ties import tolerance
from workers.generation.requests import GenerateRequest
from workers.generation.tokens.prompts import EncodedPrompt

FORMAT = 4  # of what is tried; a verdict that is kept belongs to it
_SHARED = 16  # tokens that all rows begin with
_PROMPTS = 30, 53, 39  # tokens of the rows: ragged, and more than a few
_ANSWER = 24  # tokens at most
_BEYOND = 13  # tokens of one more prompt behind a window, where that is no longer than this:
_LONGEST_WINDOW = 1024
_LONGEST_CHOICE = 4096  # tokens of which layers may choose some to attend to, for a trial
_APART = 29  # tokens that two prompts behind a choice differ by


def batch_trial(loaded: LoadedModel) -> str | None:
    """What is wrong with batches of this model, or None.

    Raises TooSlowError where that takes too long to find out, and may raise whatever a model's
    code raises that gets something it does not expect.
    """
    choice, patience = _choice(loaded), Patience()
    if _LONGEST_CHOICE < choice < loaded.facts.window:
        return f"a layer that chooses {choice} tokens of those before is not tried in batches"
    lengths = (*_PROMPTS, *_over_windows(loaded), *_over_choice(loaded, choice))
    requests = [_request(length, loaded.facts.vocab_size) for length in lengths]
    engine = BatchEngine(loaded, len(requests))
    engine.add(requests)
    wrong = 0
    while engine.active:
        patience.check()
        for done in engine.step():
            wrong += not _is_right(loaded, done.request.prompt.tokens, done.completion.tokens)
    if not wrong:
        return None
    return f"{wrong} of {len(requests)} answers in mlx-lm's batches differ from one by one"


def _over_windows(loaded: LoadedModel) -> list[int]:
    """The length of a prompt that is longer than the layers' windows which the others stay in."""
    sizes = [getattr(cache, "max_size", None) for cache in make_prompt_cache(loaded.model)]
    inside = range(max(_PROMPTS), _LONGEST_WINDOW + 1)
    windows = [size for size in sizes if isinstance(size, int) and size in inside]
    most = loaded.facts.window - _ANSWER
    return [max(windows) + _BEYOND] if windows and max(windows) + _BEYOND <= most else []


def _choice(loaded: LoadedModel) -> int:
    """Most tokens before it that a token attends to in layers that choose some, by the names that
    mlx-lm's modules have for that; 0 where none choose."""
    found = [0]
    for module in loaded.model.modules():
        named = (getattr(module, name, None) for name in ("index_topk_blocks", "index_topk"))
        block = getattr(module, "index_block_size", None) or 1
        found += [block * most for most in named if isinstance(most, int)]
    return max(found)


def _over_choice(loaded: LoadedModel, choice: int) -> list[int]:
    """The lengths of two prompts that layers choose from: what is to the left of the shorter one
    in a batch may shift what it chooses."""
    lengths = [choice + _BEYOND, choice + _BEYOND + _APART]
    return lengths if choice and max(lengths) + _ANSWER <= loaded.facts.window else []


def _is_right(loaded: LoadedModel, prompt: tuple[int, ...], answer: tuple[int, ...]) -> bool:
    """Whether each token of the answer is the likeliest after those before it, or as good."""
    if not answer:
        return True
    asked = _logits(loaded.model, prompt, answer).astype(mx.float32)
    chosen = mx.take_along_axis(asked, mx.array(answer)[:, None], axis=1)[:, 0]
    apart: Any = ((asked.max(axis=1) - chosen) / mx.std(asked, axis=1)).max().item()
    return bool(apart <= tolerance(loaded))


def _logits(model: Any, prompt: tuple[int, ...], answer: tuple[int, ...]) -> mx.array:
    """Those of the answer's tokens: (tokens, vocabulary)."""
    if len(prompt) <= max(_PROMPTS):
        whole: mx.array = model(mx.array([*prompt, *answer])[None])[0]
        return whole[len(prompt) - 1 : -1]
    # As mlx-lm generates: the logits of all of a long prompt may be a gigabyte.
    cache = make_prompt_cache(model)
    model(mx.array(prompt[:-1])[None], cache=cache)
    one_by_one = (prompt[-1], *answer[:-1])
    return mx.concatenate([model(mx.array([[token]]), cache=cache)[0] for token in one_by_one])


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
