"""The parts of a language model: its stack of layers, and where logits can be asked for.

Knows how mlx-lm's models are put together: somewhere in them is the list of layers, and beside
or above it the norm that comes before the vocabulary head.  What is taken out behind that norm is
all that the head, its soft caps and its scales are computed for.  Invariant: logits are those that
the model itself would give for the places that were asked for; the model is left as it is.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import mlx.core as mx
import mlx.nn as nn
from mlx.utils import tree_flatten

FAILURES = (TypeError, ValueError, RuntimeError, AttributeError, IndexError, KeyError)
Chosen = Callable[[mx.array], mx.array]

_TOKENS = (1, 3, 2)  # of the trial that a norm has to pass
_EQUAL = 1e-2  # of the logits' spread; sums in float32, in another order, stay far below.
# A head may sum in another order for one row than for three, which turns the last digit of some of
# many logits; a scale, a soft cap and its product behind it round once more each.
_LAST_DIGITS = 4


class Tap(nn.Module):
    """A norm that hands on only what is chosen of its output."""

    def __init__(self, norm: Any) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.norm = norm
        self._chosen: Chosen | None = None

    def __call__(self, *args: Any, **more: Any) -> Any:
        found = self.norm(*args, **more)
        return found if self._chosen is None else self._chosen(found)

    def choosing(self, chosen: Chosen | None) -> None:
        """From now on only what `chosen` takes out of (batch, tokens, size); None: all of it."""
        self._chosen = chosen


@dataclass(frozen=True)
class Stack:
    """Where a model keeps its list of layers: names of modules from the top, and the list's."""

    path: tuple[str, ...]
    name: str
    layers: tuple[Any, ...]


@dataclass(frozen=True)
class Parts:
    """A model whose logits can be asked for at some places only, and its stack of layers.

    tap: before the head; None where none was found, and the head runs for all places.
    arranged: what stands for the model's caches, one after the other, as it wants them.
    """

    model: Any
    stack: Stack | None
    tap: Tap | None
    arranged: Callable[[Sequence[Any]], Any] = list

    def logits(self, tokens: mx.array, cache: Any, chosen: Chosen) -> mx.array:
        """Logits of the places that `chosen` takes out of (batch, tokens, size); may be lazy."""
        if self.tap is None:
            return chosen(self.model(tokens, cache=cache))
        self.tap.choosing(chosen)
        try:
            found: mx.array = self.model(tokens, cache=cache)
        finally:
            self.tap.choosing(None)
        return found

    def with_layers(self, layers: Sequence[Any]) -> Any:
        """The model with other layers in its stack."""
        assert self.stack is not None, "this model has a stack of layers"
        return _replaced(self.model, self.stack.path, self.stack.name, list(layers))


def made_from(model: nn.Module) -> list[Any]:
    """What the modules on the way to the layers were made from, the innermost first: mlx-lm calls
    it `args` or `config`."""
    stack = _stack(model)
    path = stack.path if stack is not None else ()
    modules = [_at(model, path[:length]) for length in range(len(path), -1, -1)]
    found = (getattr(module, name, None) for module in modules for name in ("args", "config"))
    return [one for one in found if one is not None]


def split(model: nn.Module) -> Parts:
    """The model in its parts, with the norm before its head tapped where that can be done."""
    stack = _stack(model)
    for path, name in _norms(model, stack.path) if stack is not None else ():
        tap = Tap(_at(model, path)[name])
        parts = Parts(_replaced(model, path, name, tap), stack, tap)
        if _is_right(model, parts):
            return parts
    return Parts(model, stack, None)


def _stack(model: nn.Module) -> Stack | None:
    """The stack that `model.layers` shows, as mlx-lm's models all do."""
    try:
        layers: Any = model.layers
        first = layers[0]
    except FAILURES:
        return None
    for path, module in modules_of(model):
        for name, child in module.items():
            if isinstance(child, list) and child and child[0] is first:
                return Stack(path, name, tuple(child))
    return None


def modules_of(
    model: nn.Module, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The model and the modules in it that stand in no list, with their names from the top."""
    yield path, model
    for name, child in model.items():
        if isinstance(child, nn.Module):
            yield from modules_of(child, (*path, name))


def _norms(model: nn.Module, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """What may be the last norm: beside the layers, the last one first, or above them."""
    for length in range(len(path), -1, -1):
        for name, child in reversed(list(_at(model, path[:length]).items())):
            if isinstance(child, nn.Module) and "norm" in type(child).__name__.lower():
                yield path[:length], name


def _at(model: Any, path: Sequence[str]) -> Any:
    for name in path:
        model = model[name]
    return model


def _replaced(model: Any, path: Sequence[str], name: str, value: Any) -> Any:
    """The model with something else under a name; only modules on the way to it are copied."""
    other = copy.copy(model)
    other[path[0] if path else name] = (
        _replaced(model[path[0]], path[1:], name, value) if path else value
    )
    return other


def _is_right(model: nn.Module, parts: Parts) -> bool:
    """Whether the tap gives one place's logits, and nothing else of the model has changed."""
    tokens, place = mx.array([_TOKENS]), 1
    try:
        wanted = model(tokens)[:, place].astype(mx.float32)
        found = parts.logits(tokens, None, lambda x: x[:, place]).astype(mx.float32)
        if found.shape != wanted.shape:
            return False
        rounding = _LAST_DIGITS * _last_digit(model) * mx.abs(wanted)
        within: Any = mx.abs(found - wanted) <= mx.maximum(_EQUAL * mx.std(wanted), rounding)
        return bool(within.all().item())
    except FAILURES:
        return False


def _last_digit(model: nn.Module) -> float:
    """At most this share of a number is its last digit, in the coarsest type of the weights: each
    logit is kept in it, so the larger one is, the further rounding moves it."""
    weights: Any = tree_flatten(model.parameters())
    types = {x.dtype for _, x in weights if mx.issubdtype(x.dtype, mx.floating)}
    return max((float(mx.finfo(kind).eps) for kind in types), default=0.0)
