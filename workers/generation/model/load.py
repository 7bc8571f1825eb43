"""Load a model: weights, tokenizer and the few facts about it that the engine plans with.

Knows nothing of batches.  Invariant: a LoadedModel can generate.
"""

from __future__ import annotations

import gc
import hashlib
import platform
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

import mlx.core as mx
import mlx.nn as nn
from mlx.utils import tree_flatten
from mlx_lm.models.cache import make_prompt_cache
from mlx_lm.utils import load_model

from workers.core.errors import ModelError
from workers.generation.architecture import FAILURES, Parts, split
from workers.generation.embeddings.pooling import is_for_embeddings
from workers.generation.model.described import text_window, widths
from workers.generation.model.device_memory import keep_wired
from workers.generation.model.footprint import mlx_lm_footprint, packed_footprint
from workers.generation.model.headless import how_without_head
from workers.generation.model.kernels import PLAIN, Kernels
from workers.generation.model.memory import Footprint, RowCost
from workers.generation.model.ropes import with_constant_ropes
from workers.generation.model.tokenizer import (
    check_schemas,
    check_template,
    end_with_turns,
    tokenizer_of,
)
from workers.generation.packed.heads import VocabularyHead, plain_head
from workers.generation.packed.kinds import (
    LayerKind,
    NotPackableError,
    layer_kinds,
    nested,
    nesting,
)
from workers.generation.packed.rows import RowCache
from workers.generation.packed.states import block
from workers.generation.steps import Begin, silent

_DEFAULT_WINDOW = 2048
_STATES_WINDOW = 32_768  # states alone have no end of their own; an answer should have one
_T = TypeVar("_T")


@dataclass(frozen=True)
class ModelFacts:
    """What memory and length planning needs to know of a model.

    keeps: bytes that a sequence keeps in the model's layers.
    activation_bytes_per_token: bytes one token needs while it is being processed.
    window: most tokens of prompt and answer together; note: what of this had to be guessed.
    """

    vocab_size: int
    window: int
    keeps: Footprint
    activation_bytes_per_token: int
    note: str = ""

    def cost(self, places: int) -> RowCost:
        """What a row needs that has so many tokens in a pass: logits in float32, and states.

        A pass keeps the states before it beside those behind it; where tokens of drafts are taken
        back, a third one is made.
        """
        states = self.keeps.per_row * min(places, 2)
        logits = self.vocab_size * 4
        return RowCost(self.keeps, self.activation_bytes_per_token, logits, places, states)


@dataclass(frozen=True)
class LoadedModel:
    """A model ready to generate.

    `model` is mlx-lm's, untouched; `kernels` are those chosen for it on this platform.
    """

    path: Path
    model: nn.Module
    tokenizer: Any  # mlx_lm's TokenizerWrapper
    facts: ModelFacts
    fingerprint: str = ""
    kernels: Kernels = PLAIN

    @property
    def name(self) -> str:
        """What the model is called: its id on a hub, if it is from there, else its folder."""
        hub = self.path.parent.parent.name  # models--ORG--NAME/snapshots/REVISION
        if self.path.parent.name == "snapshots" and hub.startswith("models--"):
            return hub.removeprefix("models--").replace("--", "/")
        return self.path.name

    @cached_property
    def shape(self) -> str:
        """A digest of all weights' names, shapes and types: the same for equal architectures."""
        found: Any = tree_flatten(self.model.parameters())
        weights = sorted((name, str(x.shape), str(x.dtype)) for name, x in found)
        return hashlib.sha256(repr((type(self.model).__module__, weights)).encode()).hexdigest()

    @cached_property
    def fast_model(self) -> nn.Module:
        """The model with its kernels: the same weights, for passes with caches of ours."""
        return with_constant_ropes(self.kernels.applied(self.model), self.facts.window)

    @cached_property
    def _split(self) -> Parts:
        return split(self.fast_model)

    @cached_property
    def head(self) -> VocabularyHead | None:
        """What finds likeliest tokens without all logits; None where that is not to be had."""
        make = self.kernels.head
        weights = None if make is None else plain_head(self._split)
        return None if make is None or weights is None else make(weights)

    @cached_property
    def parts(self) -> Parts:
        """The model with its kernels, in parts: for logits of a few places, or single layers."""
        sizes = nesting(make_prompt_cache(self.model))
        parts = replace(self._split, arranged=partial(nested, sizes=sizes))
        if not self.has_states or parts.stack is None:
            return parts
        layers, whole = parts.stack.layers, len(sizes) == len(parts.stack.layers)
        several = [whole and sizes[n] is not None for n in range(len(layers))]
        blocks = [block(layer, more) for layer, more in zip(layers, several, strict=True)]
        return replace(parts, model=parts.with_layers(blocks))

    @cached_property
    def layer_kinds(self) -> tuple[LayerKind, ...]:
        """What each layer keeps of a sequence; raises NotPackableError."""
        return layer_kinds(self.fast_model)

    @property
    def has_states(self) -> bool:
        """Whether some layers keep a recurrent state and can run in packed passes all the same."""
        try:
            return any(kind.states for kind in self.layer_kinds)
        except (NotPackableError, *FAILURES):
            return False

    def new_cache(self, kv_bits: int | None = None) -> RowCache:
        """An empty cache for rows of this model; raises NotPackableError."""
        return self.kernels.cache(self.layer_kinds, kv_bits)

    @property
    def eos_token_ids(self) -> frozenset[int]:
        """Tokens that end an answer."""
        return frozenset(self.tokenizer.eos_token_ids)


@contextmanager
def _without_collector() -> Iterator[None]:
    """No collection while much is made that stays: with 262,144 tokens these take a sixth of it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_without_collector()
def load(
    path: Path,
    trust_remote_code: bool = False,
    accelerate: bool = True,
    begin: Begin = silent,
    chat_template: str | None = None,
    only_drafts: bool = False,
) -> LoadedModel:
    """Load a model folder; raises ModelError, in one line, when it can't be used.

    `accelerate` lets a Linux CPU take kernels of ours for what MLX computes slowly there.
    `chat_template` is used instead of the model's own, or for one that has none.
    `only_drafts`: it renders no prompts, and needs no chat template.
    """
    try:
        headless = how_without_head() if is_for_embeddings(path) else {}
        model, config = load_model(path, trust_remote_code=trust_remote_code, **headless)
        ends = config.get("eos_token_id")
        tokenizer = tokenizer_of(path, model, trust_remote_code, ends, chat_template)
    except MemoryError:
        raise
    except Exception as error:  # mlx-lm and transformers raise many kinds; all mean: unusable
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise ModelError(
            f"model {path} can't be loaded ({type(error).__name__}: {lines[0][:200]}); "
            "check that the folder is complete and that this mlx-lm knows its architecture"
        ) from error
    if not only_drafts:
        check_template(path, tokenizer)
        check_schemas(path, tokenizer)
        end_with_turns(tokenizer)
    return from_parts(path, model, tokenizer, config, accelerate, begin)


def from_parts(
    path: Path,
    model: nn.Module,
    tokenizer: Any,
    config: dict[str, Any],
    accelerate: bool = True,
    begin: Begin = silent,
) -> LoadedModel:
    """A model and its tokenizer, with the kernels and facts that generating takes."""
    _suit_to_device(model)
    kernels = _kernels(model, begin) if accelerate else PLAIN
    # Model and libraries are here to stay: the collector need not walk through them again.
    gc.collect()
    gc.freeze()
    facts = _facts(path, model, tokenizer, config)
    return _measured(LoadedModel(path, model, tokenizer, facts, kernels=kernels))


def _suit_to_device(model: nn.Module) -> None:
    """On an x86 CPU half precision has no fast kernels, so plain weights become float32; on Metal
    they stay wired."""
    if mx.default_device() == mx.cpu and platform.machine() in {"x86_64", "AMD64"}:
        model.set_dtype(mx.float32)
    keep_wired()
    mx.eval(model.parameters())


def _kernels(model: nn.Module, begin: Begin) -> Kernels:
    """What is fastest for this model here, by this machine's own measurement."""
    if sys.platform != "linux":
        return PLAIN
    from workers.generation.linux_cpu.offers import kernels_for

    return kernels_for(model, begin)


def _facts(path: Path, model: nn.Module, tokenizer: Any, config: dict[str, Any]) -> ModelFacts:
    """What can be known before what it keeps of a text is measured."""
    hidden, inner = widths(model, config)
    item = 4 if mx.default_device() == mx.cpu else 2
    return ModelFacts(
        vocab_size=_of_a_pass(path, lambda: _logits(model)),
        window=text_window(model, config, tokenizer),
        keeps=Footprint(0),  # see `_measured`
        activation_bytes_per_token=item * (8 * hidden + 3 * inner),
    )


def _logits(model: nn.Module) -> int:
    """How many tokens it chooses from, by a pass that is built and never computed."""
    found: mx.array = model(mx.array([[0]]), cache=make_prompt_cache(model))
    return found.shape[-1]


def _measured(loaded: LoadedModel) -> LoadedModel:
    """The model with the bytes that it keeps of a sequence; raises ModelError if it can't run."""
    try:
        kept = packed_footprint(loaded.layer_kinds, loaded.kernels)
    except (NotPackableError, *FAILURES):
        kept = _of_a_pass(loaded.path, lambda: mlx_lm_footprint(loaded.model))
    facts = replace(loaded.facts, keeps=kept)
    return replace(loaded, facts=facts if facts.window else _with_a_window(facts))


def _with_a_window(facts: ModelFacts) -> ModelFacts:
    """Where a model says nothing of it: layers that keep nothing but states have no limit."""
    if not facts.keeps.per_token and not facts.keeps.windows:
        return replace(facts, window=_STATES_WINDOW)
    say = f"this model says nowhere how long its texts may be; taken: {_DEFAULT_WINDOW} tokens"
    print(f"warning: {say}", file=sys.stderr, flush=True)
    return replace(facts, window=_DEFAULT_WINDOW, note=say)


def _of_a_pass(path: Path, built: Callable[[], _T]) -> _T:
    """What comes of a pass; raises ModelError for a model that none can be built for."""
    try:
        return built()
    except FAILURES as error:
        cause = f"{type(error).__name__}: {(str(error).splitlines() or [''])[0][:200]}"
        raise ModelError(
            f"model {path} can't be run by this mlx-lm ({cause}); check its config.json"
        ) from error
